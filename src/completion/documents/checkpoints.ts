import type { Reading } from "../../model/language-model.ts";

/** What was read up to an offset of a text. */
export interface StateCheckpoint {
  readonly offset: number;
  /** Its logits are those of the next token, [vocabulary]. */
  readonly reading: Reading;
}

export interface StateCheckpointLimits {
  /** The latest made are all kept: the caret moves among them. */
  readonly recent: number;
  /** Of the older ones, those are kept that stand this far behind the one before, in UTF-16 units. */
  readonly spacing: number;
  /** At most this many are kept in all. */
  readonly total: number;
}

/** StateCheckpoints along one text, by offset: dense where reading has been last, sparse elsewhere, bounded in number. */
export class StateCheckpoints {
  readonly #limits: StateCheckpointLimits;
  /** By offset. */
  #all: StateCheckpoint[] = [];
  /** The latest made or used, latest last. */
  #recent: StateCheckpoint[] = [];

  constructor(limits: StateCheckpointLimits) {
    this.#limits = limits;
  }

  /** By offset. */
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

  /** Adds a checkpoint; one at the same offset stays instead, as it is the same. */
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

  /** Drops those that `isValid` says no to. */
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

  /** Drops a checkpoint that is no longer recent if another older one stands shortly before it. */
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
