import { mix, type TextContext } from "./text-context.ts";

/** The lengths of the repeats that are looked for, in bytes, longest first. */
export const matchLengths = [24, 12, 6] as const;
const longest = 63;
/** The number of recent bytes whose previous index entries are kept, so that they can be undone. */
const undoable = 1 << 16;

/** How many places of the same text are tried, of which one is meant. */
const mostTried = 64;

/** What the latest bytes replaced in the index of one kind of repeat, by position. */
interface Replaced {
  readonly slots: Int32Array;
  readonly former: Int32Array;
}

/** The learned text in the order in which it was learned, with an index of where each passage was seen last. */
export class History {
  readonly bytes: Uint8Array;
  readonly #mask: number;
  length = 1;
  readonly #tables: readonly Int32Array[];
  readonly #replaced: readonly Replaced[] = matchLengths.map(() => ({
    slots: new Int32Array(undoable),
    former: new Int32Array(undoable),
  }));
  readonly #tableMask: number;

  /** @param bits binary logarithm of the bytes kept; the oldest are overwritten */
  constructor(bits: number) {
    this.bytes = new Uint8Array(1 << bits);
    this.#mask = (1 << bits) - 1;
    const tableBits = bits - 2;
    this.#tables = matchLengths.map(() => new Int32Array(1 << tableBits));
    this.#tableMask = (1 << tableBits) - 1;
  }

  /** Everything that it remembers except its length. */
  get contents(): readonly (Uint8Array | Int32Array)[] {
    return [this.bytes, ...this.#tables];
  }

  forget(): void {
    for (const array of this.contents) array.fill(0);
    this.length = 1;
  }

  at(position: number): number {
    return this.bytes[position & this.#mask] as number;
  }

  /** Adds a byte. From now on the text up to and including it can be found. */
  add(byte: number, after: TextContext): void {
    this.bytes[this.length & this.#mask] = byte;
    const at = this.length & (undoable - 1);
    this.length++;
    let hash = 0;
    let done = 0;
    for (let i = matchLengths.length - 1; i >= 0; i--) {
      const wanted = matchLengths[i] as number;
      if (after.end < wanted) break;
      while (done < wanted) hash = mix(hash, after.back(++done));
      const slot = hash & this.#tableMask;
      const table = this.#tables[i] as Int32Array;
      const replaced = this.#replaced[i] as Replaced;
      replaced.slots[at] = slot;
      replaced.former[at] = table[slot] as number;
      table[slot] = this.length;
    }
  }

  /**
   * The position at which the last byte before a place was last added after the same text, by the longest repeat; 0 if there is
   * none.
   * @param isMeant says of a position whether it counts; if not, the one before it is looked for, as far as that is known
   */
  lastAdded(context: TextContext, isMeant: (position: number) => boolean): number {
    for (const [kind, wanted] of matchLengths.entries()) {
      let next = this.find(context, kind);
      for (let tried = 0; tried < mostTried && next > 0 && this.matchLength(context, next) >= wanted; tried++) {
        if (isMeant(next - 1)) return next - 1;
        next = this.#formerOf(kind, next - 1);
      }
    }
    return 0;
  }

  /** What the index pointed to before the byte at a position was added; 0 if that is not known any more. */
  #formerOf(kind: number, position: number): number {
    if (position < this.length - undoable) return 0;
    const next = this.#replaced[kind]?.former[position & (undoable - 1)] ?? 0;
    // An entry that was not made anew would lead around in a circle.
    return next <= position ? next : 0;
  }

  /** Erases a passage. No repeat is found in it any more, because no text contains a byte 0. Those that it hid are found again. */
  erase(from: number, to: number): void {
    for (let position = Math.max(from, this.length - this.bytes.length); position < to; position++)
      this.bytes[position & this.#mask] = 0;
    for (let position = Math.max(from, this.length - undoable); position < to; position++) this.#unhide(position);
  }

  /** Has the index point to what it pointed to before the byte at an erased position was added. */
  #unhide(position: number): void {
    const at = position & (undoable - 1);
    this.#replaced.forEach(({ slots, former }, i) => {
      const table = this.#tables[i] as Int32Array;
      const slot = slots[at] as number;
      if (table[slot] !== position + 1) return;
      let next = former[at] as number;
      // That may be erased by now too.
      while (next > Math.max(0, this.length - undoable) && this.at(next - 1) === 0)
        next = former[(next - 1) & (undoable - 1)] as number;
      table[slot] = next;
    });
  }

  /** Whether the byte at a position is still there. */
  holds(position: number): boolean {
    return (
      position > 0 && position < this.length && this.length - position <= this.bytes.length && this.at(position) !== 0
    );
  }

  /** Ends the passage that was added last. No repeat continues from it into the next one. */
  separate(): void {
    if (this.at(this.length - 1) === 0) return;
    this.bytes[this.length & this.#mask] = 0;
    this.length++;
  }

  /**
   * The position after the latest occurrence of the last `matchLengths[kind]` bytes before a place; 0 if there is none. Hashes may
   * collide: {@link matchLength} says whether it is right.
   */
  find(context: TextContext, kind: number): number {
    const wanted = matchLengths[kind] as number;
    if (context.end < wanted) return 0;
    let hash = 0;
    for (let i = 1; i <= wanted; i++) hash = mix(hash, context.back(i));
    return (this.#tables[kind] as Int32Array)[hash & this.#tableMask] as number;
  }

  /** How many bytes before a place equal those before a position of the history. */
  matchLength(context: TextContext, position: number): number {
    const most = Math.min(longest, context.end, position - Math.max(0, this.length - this.bytes.length) - 1);
    let length = 0;
    while (length < most && this.at(position - 1 - length) === context.back(length + 1)) length++;
    return length;
  }
}
