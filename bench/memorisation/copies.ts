import { createReadStream } from "node:fs";

/** What of a text stands word for word in another one. */
export interface Copies {
  /** Length of the longest passage that does, in bytes; 0 if none is long enough to count. */
  readonly longest: number;
  /** Where it ends in the text. */
  readonly end: number;
  /** The share of the text's bytes in such passages, 0 to 1. */
  readonly share: number;
}

/** Bytes that are read at once. */
const chunk = 1 << 26;
const base = 0x01000193;
const filterBits = 27;
/** A passage with fewer different bytes, such as a line of dashes or of blanks, is no copy of anything. */
const leastDifferent = 10;
/** Where the same passage stands in the texts: more of it, in a cycle, would be compared each time that it is met. */
const mostPlaces = 8;

/**
 * Finds the passages of some texts that stand word for word in a file, which may be larger than the memory, by a rolling hash of its
 * bytes (Karp and Rabin, "Efficient Randomized Pattern-Matching Algorithms", 1987). Each hit is compared byte by byte.
 * @param least length of the shortest passage that counts, in bytes
 */
export async function copiesIn(path: string, texts: readonly Uint8Array[], least: number): Promise<Copies[]> {
  const { ends, filter } = windowsOf(texts, least);
  const longest = texts.map(({ length }) => new Uint32Array(length));
  const most = Math.max(least, ...texts.map(({ length }) => length));
  const leaving = power(base, least);
  let hash = 0;
  let read = 0;
  let kept = Buffer.alloc(0);
  for await (const part of createReadStream(path, { highWaterMark: chunk })) {
    const bytes = Buffer.concat([kept, part as Buffer]);
    for (let i = kept.length; i < bytes.length; i++) {
      hash = (Math.imul(hash, base) + (bytes[i] as number)) | 0;
      if (read++ >= least) hash = (hash - Math.imul(leaving, bytes[i - least] as number)) | 0;
      const bit = hash >>> (32 - filterBits);
      if (((filter[bit >> 3] as number) & (1 << (bit & 7))) === 0) continue;
      for (const [text, end] of ends.get(hash) ?? []) {
        const length = commonSuffix(texts[text] as Uint8Array, end, bytes, i);
        const known = longest[text] as Uint32Array;
        if (length >= least && length > (known[end] as number)) known[end] = length;
      }
    }
    kept = bytes.subarray(-most);
  }
  return longest.map(summarized);
}

/** Where the windows of each hash end: text and index of the last byte. A bit of `filter` is set for the first bits of each hash. */
function windowsOf(
  texts: readonly Uint8Array[],
  length: number,
): { readonly ends: ReadonlyMap<number, [text: number, end: number][]>; readonly filter: Uint8Array } {
  const ends = new Map<number, [number, number][]>();
  const filter = new Uint8Array(1 << (filterBits - 3));
  const leaving = power(base, length);
  for (const [index, text] of texts.entries()) {
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      hash = (Math.imul(hash, base) + (text[i] as number)) | 0;
      if (i >= length) hash = (hash - Math.imul(leaving, text[i - length] as number)) | 0;
      if (i < length - 1) continue;
      if (new Set(text.subarray(i - length + 1, i + 1)).size < leastDifferent) continue;
      const same = ends.get(hash);
      if (same && same.length < mostPlaces) same.push([index, i]);
      else if (!same) ends.set(hash, [[index, i]]);
      const bit = hash >>> (32 - filterBits);
      (filter[bit >> 3] as number) |= 1 << (bit & 7);
    }
  }
  return { ends, filter };
}

/** Modulo 2^32. */
function power(factor: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product = Math.imul(product, factor);
  return product;
}

/** The number of bytes that are the same, from the last ones at `i` and `j` backwards. */
function commonSuffix(a: Uint8Array, i: number, b: Uint8Array, j: number): number {
  let length = 0;
  while (length <= i && length <= j && a[i - length] === b[j - length]) length++;
  return length;
}

/** @param lengths of the longest passage that ends at each byte */
function summarized(lengths: Uint32Array): Copies {
  let [longest, end, covered] = [0, 0, 0];
  // Backwards: a passage covers the bytes before its end.
  let left = 0;
  for (let i = lengths.length - 1; i >= 0; i--) {
    const length = lengths[i] as number;
    if (length > longest) [longest, end] = [length, i + 1];
    left = Math.max(left - 1, length);
    if (left > 0) covered++;
  }
  return { longest, end, share: covered / Math.max(1, lengths.length) };
}
