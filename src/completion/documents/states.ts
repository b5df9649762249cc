import { boundaryBefore, type TextInParts } from "../../boundary.ts";
import type { Network, Reading } from "../../model/language-model.ts";
import { type ReadingLimits, readOn, readStart } from "../prediction/reading.ts";
import { firstDifference, isStillRead, readable } from "../text.ts";
import { type StateCheckpoint, StateCheckpoints } from "./checkpoints.ts";
import { horizon, originFor } from "./origin.ts";

/**
 * After this many UTF-16 units, reading stops for a checkpoint and may be cancelled. This is less than a millisecond's work, so no
 * keystroke waits for it. Larger chunks would not be faster.
 */
const chunk = 4;

/** The number of latest checkpoints that are all kept: the caret moves among them. */
const recent = 32;

/** The distance between checkpoints that are not recent, in UTF-16 units. */
const spacing = 128;

/** A running reading, and the offset up to which the text has not changed since it began. */
interface Run {
  unchanged: number;
}

/**
 * The network's states along one document, kept so that typing a character costs one step. Offsets are in UTF-16 units of the
 * editor's text. The network reads normalised text; see {@link readable}.
 */
export class DocumentStates {
  readonly #model: Network;
  readonly #checkpoints = new StateCheckpoints({ recent, spacing, total: 64 });
  readonly #runs = new Set<Run>();
  #text: TextInParts = "";

  constructor(model: Network) {
    this.#model = model;
  }

  /** The offsets whose states are kept, ascending. */
  get keptOffsets(): number[] {
    return this.#checkpoints.offsets;
  }

  /**
   * Takes the document's new text. States after the first change are dropped.
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
   * The reading up to an offset: the state there, and the logits of the next token, [vocabulary]. An offset inside a character or
   * a CRLF counts as the one before it.
   * @returns undefined if cancelled or out of time; what was read by then is kept
   */
  async at(offset: number, { signal, isOutOfTime = () => false }: ReadingLimits = {}): Promise<Reading | undefined> {
    const text = this.#text;
    const goal = boundaryBefore(text, offset);
    const run: Run = { unchanged: text.length };
    this.#runs.add(run);
    try {
      const nearest = this.#checkpoints.lastUpTo(goal);
      const isNear = nearest !== undefined && goal - nearest.offset <= horizon;
      const start = isNear ? nearest.offset : originFor(text, goal);
      // A key that comes with a long document is late already: the text is read after its answer.
      if (goal - start > chunk && isOutOfTime()) return undefined;
      let at = isNear ? nearest : await this.#begin(start, run);
      while (at.offset < goal && !signal?.aborted) {
        at = await this.#advance(text, at, nextStop(text, at.offset, goal), run);
        if (at.offset < goal && isOutOfTime()) return undefined;
      }
      return signal?.aborted ? undefined : at.reading;
    } finally {
      this.#runs.delete(run);
    }
  }

  /** Keeps a reading of the current text up to `offset` that was made elsewhere, starting from a state of this document. */
  remember(offset: number, reading: Reading): void {
    this.#checkpoints.add({ offset, reading });
  }

  async #begin(offset: number, run: Run): Promise<StateCheckpoint> {
    return this.#keep({ offset, reading: await readStart(this.#model) }, run);
  }

  async #advance(text: TextInParts, from: StateCheckpoint, offset: number, run: Run): Promise<StateCheckpoint> {
    const tokens = this.#model.tokenizer.encode(readable(text.slice(from.offset, offset)));
    return this.#keep({ offset, reading: await readOn(this.#model, from.reading, tokens) }, run);
  }

  /** Keeps a reading, unless the document has changed before its offset meanwhile. */
  #keep(checkpoint: StateCheckpoint, { unchanged }: Run): StateCheckpoint {
    if (isStillRead(this.#text, checkpoint.offset, unchanged)) this.#checkpoints.add(checkpoint);
    return checkpoint;
  }
}

function nextStop(text: TextInParts, from: number, goal: number): number {
  const stop = boundaryBefore(text, Math.min(from + chunk, goal));
  // A step of one unit into a surrogate pair or a CRLF takes all of it, so that reading always advances.
  return stop > from ? stop : from + 2;
}
