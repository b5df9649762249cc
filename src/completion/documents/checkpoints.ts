import type { Reading } from "../../model/language-model.ts";

/** The reading up to an offset of a text. */
export interface StateCheckpoint {
  readonly offset: number;
  /** Its logits are those of the next token, [vocabulary]. */
  readonly reading: Reading;
}

export interface StateCheckpointLimits {
  /** Number of latest checkpoints that are all kept: the caret moves among them. */
  readonly recent: number;
  /** Smallest distance between older checkpoints, in UTF-16 units. */
  readonly spacing: number;
  /** The most checkpoints that are kept in all. */
  readonly total: number;
}

/** Checkpoints along one text: dense where it was read last, sparse elsewhere, and bounded in number. */
export class StateCheckpoints {
  readonly #limits: StateCheckpointLimits;
  /** In order of offset. */
  #all: StateCheckpoint[] = [];
  /** The checkpoints made or used last, latest last. */
  #recent: StateCheckpoint[] = [];

  constructor(limits: StateCheckpointLimits) {
    this.#limits = limits;
  }

  /** In order of offset. */
  get all(): readonly StateCheckpoint[] {
    return this.#all;
  }

  /** Offsets, ascending. */
  get offsets(): number[] {
    return this.#all.map(({ offset }) => offset);
  }

  /** The last one at or before `offset`. */
  lastUpTo(offset: number): StateCheckpoint | undefined {
    const found = this.#all[this.#countUpTo(offset) - 1];
    if (found) this.#use(found);
    return found;
  }

  /** Adds a checkpoint. One that is already at its offset stays instead, since it is the same. */
  add(checkpoint: StateCheckpoint): void {
    const index = this.#countUpTo(checkpoint.offset);
    const last = this.#all[index - 1];
    if (last?.offset === checkpoint.offset) {
      this.#use(last);
      return;
    }
    this.#all.splice(index, 0, checkpoint);
    this.#use(checkpoint);
    if (this.#all.length > this.#limits.total) this.#dropFarthest(checkpoint.offset);
  }

  /** Keeps the valid ones. */
  retain(isValid: (checkpoint: StateCheckpoint) => boolean): void {
    this.#all = this.#all.filter(isValid);
    this.#recent = this.#recent.filter(isValid);
  }

  #use(checkpoint: StateCheckpoint): void {
    const index = this.#recent.indexOf(checkpoint);
    if (index >= 0) this.#recent.splice(index, 1);
    this.#recent.push(checkpoint);
    if (this.#recent.length <= this.#limits.recent) return;
    const outdated = this.#recent.shift();
    if (outdated) this.#thinOut(outdated);
  }

  /** Drops a checkpoint that is no longer recent, if another old one is close before it. */
  #thinOut(checkpoint: StateCheckpoint): void {
    const index = this.#all.indexOf(checkpoint);
    const before = this.#all.slice(0, index).findLast((other) => !this.#recent.includes(other));
    if (before && checkpoint.offset - before.offset < this.#limits.spacing) this.#all.splice(index, 1);
  }

  #dropFarthest(offset: number): void {
    const first = this.#all[0];
    const last = this.#all.at(-1);
    if (!first || !last) return;
    const dropped = offset - first.offset > last.offset - offset ? this.#all.shift() : this.#all.pop();
    this.#recent = this.#recent.filter((checkpoint) => checkpoint !== dropped);
  }

  #countUpTo(offset: number): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#all[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
