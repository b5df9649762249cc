import { boundaryBefore, type TextInParts } from "../../boundary.ts";
import type { LanguageModel, Reading } from "../../model/language-model.ts";
import { readOn, readStart } from "../prediction/reading.ts";
import { firstDifference, isStillRead, readable } from "../text.ts";
import { type StateCheckpoint, StateCheckpoints } from "./checkpoints.ts";
import { horizon, originFor } from "./origin.ts";

/**
 * Reading stops for a checkpoint, and may be cancelled, after this many UTF-16 units: less than a millisecond's work, so that no
 * keystroke waits for it. More at once would not be faster.
 */
const chunk = 4;

/** The latest checkpoints are all kept: the caret moves among them. */
const recent = 32;

/** StateCheckpoints that are not recent stand so far apart. */
const spacing = 128;

/** What ends a reading before its goal. */
export interface ReadingLimits {
  readonly signal?: AbortSignal | undefined;
  /** Is asked after each piece that is read. */
  readonly isOutOfTime?: (() => boolean) | undefined;
}

/** A reading that goes on, and up to where the text has not changed since it began. */
interface Run {
  unchanged: number;
}

/**
 * The network's states along one document's text, kept so that typing a character costs one step. Offsets are in UTF-16 units of
 * the text as the editor has it; what is read is normalised (see {@link readable}): CRLF as one line feed, no U+0000.
 */
export class DocumentStates {
  readonly #model: LanguageModel;
  readonly #checkpoints = new StateCheckpoints({ recent, spacing, total: 64 });
  readonly #runs = new Set<Run>();
  #text: TextInParts = "";

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  /** Offsets whose states are kept, ascending. */
  get keptOffsets(): number[] {
    return this.#checkpoints.offsets;
  }

  /**
   * Takes the document's new text; states after the first change are dropped.
   * @param unchanged an offset up to which it is the same as before
   */
  update(text: TextInParts, unchanged = firstDifference(this.#text, text)): void {
    this.#text = text;
    for (const run of this.#runs) run.unchanged = Math.min(run.unchanged, unchanged);
    this.#checkpoints.retain(({ offset }) => isStillRead(text, offset, unchanged));
  }

  /** The same states, for another document that begins as this one does. */
  fork(): DocumentStates {
    const fork = new DocumentStates(this.#model);
    fork.#text = this.#text;
    for (const checkpoint of this.#checkpoints.all) fork.#checkpoints.add(checkpoint);
    return fork;
  }

  /**
   * The reading up to an offset: the state after it and the logits of the next token, [vocabulary]. An offset inside a
   * character or a CRLF counts as the one before it.
   * @returns undefined if cancelled or out of time; what was read until then is kept
   */
  async at(offset: number, { signal, isOutOfTime = () => false }: ReadingLimits = {}): Promise<Reading | undefined> {
    const text = this.#text;
    const goal = boundaryBefore(text, offset);
    const run: Run = { unchanged: text.length };
    this.#runs.add(run);
    try {
      const nearest = this.#checkpoints.lastUpTo(goal);
      let at = nearest && goal - nearest.offset <= horizon ? nearest : await this.#begin(text, goal, run);
      while (at.offset < goal && !signal?.aborted) {
        at = await this.#advance(text, at, nextStop(text, at.offset, goal), run);
        if (at.offset < goal && isOutOfTime()) return undefined;
      }
      return signal?.aborted ? undefined : at.reading;
    } finally {
      this.#runs.delete(run);
    }
  }

  /** Keeps a reading that was made elsewhere, of the text up to `offset` as it is now from a state of this document on. */
  remember(offset: number, reading: Reading): void {
    this.#checkpoints.add({ offset, reading });
  }

  async #begin(text: TextInParts, goal: number, run: Run): Promise<StateCheckpoint> {
    return this.#keep({ offset: originFor(text, goal), reading: await readStart(this.#model) }, run);
  }

  async #advance(text: TextInParts, from: StateCheckpoint, offset: number, run: Run): Promise<StateCheckpoint> {
    const tokens = this.#model.tokenizer.encode(readable(text.slice(from.offset, offset)));
    return this.#keep({ offset, reading: await readOn(this.#model, from.reading, tokens) }, run);
  }

  /** Keeps what was read, unless the document has changed before that place since. */
  #keep(checkpoint: StateCheckpoint, { unchanged }: Run): StateCheckpoint {
    if (isStillRead(this.#text, checkpoint.offset, unchanged)) this.#checkpoints.add(checkpoint);
    return checkpoint;
  }
}

function nextStop(text: TextInParts, from: number, goal: number): number {
  const stop = boundaryBefore(text, Math.min(from + chunk, goal));
  // A step of one unit into a surrogate pair or a CRLF takes all of it: reading always goes on.
  return stop > from ? stop : from + 2;
}
