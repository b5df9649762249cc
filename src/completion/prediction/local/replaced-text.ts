import { isWordByte } from "./text-context.ts";

/** The ends of the new text that are looked for in the former one, in bytes, longest first. */
const resumed = [16, 12, 8, 6, 5, 4, 3] as const;
const longestTail = resumed[0];
/** How many bytes of the former text may be left out. */
const farthest = 500;
const shortestTail = resumed[resumed.length - 1] as number;

/**
 * A place in the text that a passage replaces, followed while the passage is written: whoever changes a line mostly writes much of it
 * again. Expects the byte that comes next in the former text. After another byte, it goes on where the former text says what was
 * written last, or after the word that was replaced. Immutable, so that a decoder can try several continuations.
 */
export class ReplacedText {
  /** The former text, a byte for each character. */
  readonly #text: string;
  /** The last bytes of the new text. */
  readonly #tail: string;
  /** Where the former text goes on. */
  readonly #at: number;
  /** The number of bytes since which both texts agree; undefined: they do not. */
  readonly #agreed: number | undefined;
  /** Whether the last bytes were expected; 1 means that another byte came. The latest is in the lowest bit. */
  readonly #misses: number;

  private constructor(text: string, tail: string, at: number, agreed: number | undefined, misses: number) {
    this.#text = text;
    this.#tail = tail;
    this.#at = at;
    this.#agreed = agreed;
    this.#misses = misses;
  }

  /**
   * The beginning of a passage.
   * @param former the bytes of the text that it replaces
   * @param isExpected whether the passage is expected to begin as that text does
   */
  static begin(former: Uint8Array, isExpected: boolean): ReplacedText {
    return new ReplacedText(Buffer.from(former).toString("latin1"), "", 0, isExpected ? 0 : undefined, 0);
  }

  /** The byte that comes next in the former text; -1 if it is not known where that goes on. */
  get expected(): number {
    return this.#agreed !== undefined && this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1;
  }

  /** For how many bytes both texts have agreed, as one of {@link agreementLevels}. */
  get level(): number {
    return steps.findLastIndex((step) => (this.#agreed ?? 0) >= step);
  }

  /** How many of the last bytes came unexpectedly: 0 to 3 of the last three, and one more if there were any before them. */
  get misses(): number {
    const misses = this.#misses;
    return (misses & 1) + ((misses >> 1) & 1) + ((misses >> 2) & 1) + (misses > 7 ? 1 : 0);
  }

  /** The place after one more byte. */
  after(byte: number): ReplacedText {
    const tail = (this.#tail + String.fromCharCode(byte)).slice(-longestTail);
    const text = this.#text;
    if (this.expected === byte)
      return new ReplacedText(text, tail, this.#at + 1, (this.#agreed ?? 0) + 1, (this.#misses << 1) & 0xff);
    const misses = this.#agreed === undefined ? this.#misses : ((this.#misses << 1) | 1) & 0xff;
    const found = this.#resume(tail);
    if (found) return new ReplacedText(text, tail, found.at, found.length, misses);
    if (!isWordByte(byte)) {
      let end = this.#at;
      while (end < text.length && isWordByte(text.charCodeAt(end))) end++;
      if (text.charCodeAt(end) === byte) return new ReplacedText(text, tail, end + 1, 1, misses);
    }
    return new ReplacedText(text, tail, this.#at, undefined, misses);
  }

  /** Where the former text goes on after the longest end of the new one that it has. @param tail the last bytes of the new text */
  #resume(tail: string): { readonly at: number; readonly length: number } | undefined {
    const from = Math.max(0, this.#at - longestTail);
    const near = this.#text.slice(from, this.#at + farthest);
    const find = (length: number): number => near.indexOf(tail.slice(-length), Math.max(0, this.#at - length - from));
    // Mostly even the shortest is not there.
    if (tail.length < shortestTail || find(shortestTail) < 0) return undefined;
    for (const length of resumed) {
      const at = tail.length < length ? -1 : find(length);
      if (at >= 0) return { at: from + at + length, length };
    }
    return undefined;
  }
}

/** Numbers of bytes at which the level of agreement rises. */
const steps = [0, 1, 3, 5, 8, 12, 20, 32] as const;
export const agreementLevels = steps.length;
/** Numbers of recent misses that are distinguished. */
export const missLevels = 5;
