import { type Estimates, newEstimates, update } from "./estimates.ts";
import { type History, matchLengths } from "./history.ts";
import { stretched } from "./logistic.ts";
import type { TextContext } from "./text-context.ts";

const kinds = matchLengths.length;
/** Repeats of the first kinds are too long to be chance. */
const longKinds = 2;

/** Where the text before a place was seen before: for each kind of match, the position of the next byte. Cheap to copy. */
export class Pointers {
  /** Position in the history of the byte that is expected next; 0 for none. */
  readonly position = new Int32Array(kinds);
  readonly length = new Int32Array(kinds);
  /** The last outcomes of each kind, the latest in the lowest bit; 1 means that another byte came. */
  readonly misses = new Int32Array(kinds);

  copy(other: Pointers): void {
    this.position.set(other.position);
    this.length.set(other.length);
    this.misses.set(other.misses);
  }

  /** The position of the byte that a long repeat expects next; undefined if it expects another byte, or there is no long repeat. */
  sourceOf(byte: number, history: History): number | undefined {
    const position = this.position.find((at, kind) => at > 0 && kind < longKinds);
    return position !== undefined && history.at(position) === byte ? position : undefined;
  }

  /** The longest repeat that is still held, with the position of the byte that it expects next; undefined if there is none. */
  longest(history: History): { readonly position: number; readonly length: number } | undefined {
    for (let kind = 0; kind < kinds; kind++) {
      const position = this.position[kind] as number;
      if (position > 0 && history.holds(position)) return { position, length: this.length[kind] as number };
    }
    return undefined;
  }

  /** Moves after one more byte, with which the context ends already. */
  push(byte: number, context: TextContext, history: History): void {
    for (let kind = 0; kind < kinds; kind++) {
      const position = this.position[kind] as number;
      if (position > 0) {
        const isRight = history.at(position) === byte;
        this.misses[kind] = (((this.misses[kind] as number) << 1) | (isRight ? 0 : 1)) & 0xff;
        this.position[kind] = isRight && history.holds(position + 1) ? position + 1 : 0;
        this.length[kind] = isRight ? Math.min((this.length[kind] as number) + 1, 63) : 0;
      }
      if (this.position[kind] === 0) this.#seek(kind, context, history);
    }
  }

  #seek(kind: number, context: TextContext, history: History): void {
    const position = history.find(context, kind);
    const length = history.holds(position) ? history.matchLength(context, position) : 0;
    const isFound = length >= (matchLengths[kind] as number);
    this.position[kind] = isFound ? position : 0;
    this.length[kind] = isFound ? length : 0;
  }
}

/** Expects the byte that came after the longest and latest repeats of the text, as paq8's match model does. */
export class Matches {
  /** The probability that the expected bit comes, by kind, length, recent misses and index of the bit. */
  readonly evidence: Estimates = newEstimates(kinds * cells);
  readonly #expected = new Int32Array(kinds);
  readonly #row = new Int32Array(kinds);
  readonly #used = new Int32Array(kinds);

  /** @returns the level of the longest match, 0 (none) to 15 */
  lookUp(pointers: Pointers, history: History): number {
    let longest = 0;
    for (let kind = 0; kind < kinds; kind++) {
      const position = pointers.position[kind] as number;
      if (position === 0) {
        this.#expected[kind] = -1;
        continue;
      }
      this.#expected[kind] = history.at(position);
      const level = levels[pointers.length[kind] as number] as number;
      longest = Math.max(longest, level);
      const misses = pointers.misses[kind] as number;
      const recent = (misses & 1) + ((misses >> 1) & 1) + ((misses >> 2) & 1) + (misses > 7 ? 1 : 0);
      this.#row[kind] = kind * cells + ((level * 5 + recent) << 3);
    }
    return longest;
  }

  /** The byte that the longest match expects; -1 for none. */
  get expected(): number {
    for (let kind = 0; kind < kinds; kind++)
      if ((this.#expected[kind] as number) >= 0) return this.#expected[kind] as number;
    return -1;
  }

  predict(partial: number, bit: number, inputs: Float32Array, from: number): void {
    for (let kind = 0; kind < kinds; kind++) {
      const expected = this.#expected[kind] as number;
      if (expected < 0 || (expected | 256) >> (8 - bit) !== partial) {
        this.#used[kind] = -1;
        inputs[from + kind] = 0;
        continue;
      }
      const cell = (this.#row[kind] as number) + bit;
      this.#used[kind] = cell;
      const value = stretched(this.evidence[cell] as number);
      inputs[from + kind] = (expected >> (7 - bit)) & 1 ? value : -value;
    }
  }

  learnBit(bit: number, position: number): void {
    for (let kind = 0; kind < kinds; kind++) {
      const cell = this.#used[kind] as number;
      if (cell >= 0)
        update(this.evidence, cell, (((this.#expected[kind] as number) >> (7 - position)) & 1) === bit, 1 / 128);
    }
  }
}

export const matchCount = kinds;
const cells = 16 * 5 * 8;
/** Lengths at which the level of a match rises. */
const steps = [1, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 50, 63];
const levels = Uint8Array.from({ length: 64 }, (_, n) => steps.filter((step) => n >= step).length);
