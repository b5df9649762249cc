import { boundaryBefore, isBoundary } from "../../boundary.ts";
import type { LanguageModel, Reading } from "../../model/language-model.ts";
import { readOn, readStart } from "../prediction/reading.ts";
import { firstDifference, isStillRead, readable } from "../text.ts";
import { type StateCheckpoint, StateCheckpoints } from "./checkpoints.ts";
import type { Edit } from "./edit.ts";
import { horizon, originFor } from "./origin.ts";

/** Reading stops for a checkpoint, and may be cancelled, after this many UTF-16 units; after fewer shortly before its goal, where the caret will move. */
const chunk = 64;
const shortChunk = 8;
const nearGoal = 32;

/** StateCheckpoints that are not recent stand so far apart. */
const spacing = 128;

/** What ends a reading before its goal. */
export interface ReadingLimits {
  readonly signal?: AbortSignal | undefined;
  /** Is asked after each piece that is read. */
  readonly isOutOfTime?: (() => boolean) | undefined;
}

/**
 * The network's states along one document's text, kept so that typing a character costs one step. Offsets are in UTF-16 units of
 * the text as the editor has it; what is read is normalised (see {@link readable}): CRLF as one line feed, no U+0000.
 */
export class DocumentStates {
  readonly #model: LanguageModel;
  readonly #checkpoints = new StateCheckpoints({ recent: nearGoal, spacing, total: 64 });
  #text = "";

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  get text(): string {
    return this.#text;
  }

  /** Offsets whose states are kept, ascending. */
  get keptOffsets(): number[] {
    return this.#checkpoints.offsets;
  }

  /**
   * Takes the document's new text; states behind the first change are dropped.
   * @param edit how it became this one; without it, or if it does not go on from the last text, the two are compared
   * @returns an offset up to which nothing has changed
   */
  update(text: string, edit?: Pick<Edit, "former" | "from">): number {
    const changed = edit?.former === this.#text ? edit.from : firstDifference(this.#text, text);
    if (changed < this.#text.length || changed < text.length) {
      this.#text = text;
      this.#checkpoints.retain(({ offset }) => isStillRead(text, offset, changed));
    }
    return changed;
  }

  /**
   * The reading up to an offset: the state after it and the logits of the next token, [vocabulary]. An offset inside a
   * character or a CRLF counts as the one before it.
   * @returns undefined if cancelled or out of time; what was read until then is kept
   */
  async at(offset: number, { signal, isOutOfTime = () => false }: ReadingLimits = {}): Promise<Reading | undefined> {
    const text = this.#text;
    const goal = boundaryBefore(text, offset);
    const nearest = this.#checkpoints.lastUpTo(goal);
    let at = nearest && goal - nearest.offset <= horizon ? nearest : await this.#begin(text, goal);
    while (at.offset < goal && !signal?.aborted) {
      at = await this.#advance(text, at, nextStop(text, at.offset, goal));
      if (at.offset < goal && isOutOfTime()) return undefined;
    }
    return signal?.aborted ? undefined : at.reading;
  }

  /** Keeps a reading that was made elsewhere, of the text up to `offset` as it is now from a state of this document on. */
  remember(offset: number, reading: Reading): void {
    this.#checkpoints.add({ offset, reading });
  }

  async #begin(text: string, goal: number): Promise<StateCheckpoint> {
    return this.#keep(text, { offset: originFor(text, goal), reading: await readStart(this.#model) });
  }

  async #advance(text: string, from: StateCheckpoint, offset: number): Promise<StateCheckpoint> {
    const tokens = this.#model.tokenizer.encode(readable(text.slice(from.offset, offset)));
    return this.#keep(text, { offset, reading: await readOn(this.#model, from.reading, tokens) });
  }

  /** Keeps what was read from `text`, unless the document has changed before that place since. */
  #keep(text: string, checkpoint: StateCheckpoint): StateCheckpoint {
    const { offset } = checkpoint;
    const isCurrent = offset <= firstDifference(text, this.#text) && isBoundary(this.#text, offset);
    if (isCurrent) this.#checkpoints.add(checkpoint);
    return checkpoint;
  }
}

function nextStop(text: string, from: number, goal: number): number {
  const left = goal - from;
  const step = left > nearGoal ? Math.min(chunk, left - nearGoal) : Math.min(shortChunk, left);
  const stop = boundaryBefore(text, from + step);
  // A step of one unit into a surrogate pair or a CRLF takes all of it: reading always goes on.
  return stop > from ? stop : from + 2;
}
