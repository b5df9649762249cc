import { isBoundary, type TextInParts } from "../boundary.ts";
import { normalizeText, replacementCharacter } from "../model/tokenizer.ts";

/** Whether what was read of a text up to `offset` is still right when the text has become this one, the same up to `changed`. */
export function isStillRead(text: TextInParts, offset: number, changed: number): boolean {
  // What comes in may turn what stood at the text's end into half of a character.
  return offset < changed || (offset === changed && isBoundary(text, offset));
}

/**
 * Text as models read it: line ends are line feeds, and there is neither U+0000 nor what stands for no character, which are U+FFFD
 * and lone surrogates. Nobody has written those, so they are neither learned nor suggested.
 */
export function readable(text: string): string {
  // Removed last: that must join neither two surrogates to a character nor a carriage return to a line feed.
  return normalizeText(text.replace(/\p{Surrogate}/gu, replacementCharacter)).replaceAll(replacementCharacter, "");
}

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text as models read it. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(readable(text));
}

/** UTF-16 units that are compared at once. */
const block = 4096;

/**
 * The offset at which two texts begin to differ; the length of the shorter one if it begins the other.
 * @param known up to here they are known to be the same
 */
export function firstDifference(a: TextInParts, b: TextInParts, known = 0): number {
  if (a === b) return a.length;
  const length = Math.min(a.length, b.length);
  let offset = Math.min(known, length);
  while (offset < length) {
    const [one, other] = [a.slice(offset, offset + block), b.slice(offset, offset + block)];
    if (one !== other) return offset + firstDifferenceWithin(one, other);
    offset = Math.min(offset + block, length);
  }
  return offset;
}

function firstDifferenceWithin(a: string, b: string): number {
  let offset = 0;
  while (offset < a.length && offset < b.length && a.charCodeAt(offset) === b.charCodeAt(offset)) offset++;
  return offset;
}

/**
 * How many UTF-16 units at the ends of two texts are the same, but no more than `most`.
 * @param known so many are known to be the same
 */
export function commonEnding(a: TextInParts, b: TextInParts, most: number, known = 0): number {
  let length = Math.min(known, most);
  while (length < most) {
    const count = Math.min(block, most - length);
    const [one, other] = [a, b].map((text) => text.slice(text.length - length - count, text.length - length)) as [
      string,
      string,
    ];
    if (one !== other) return length + commonEndingWithin(one, other);
    length += count;
  }
  return length;
}

/** Of two texts that are as long as one another and differ. */
function commonEndingWithin(a: string, b: string): number {
  let length = 0;
  while (a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

/** Whether a line begins at `offset`; between CR and LF none does. */
export function isLineStart(text: TextInParts, offset: number): boolean {
  return offset === 0 || (isLineEnd(text, offset - 1) && isBoundary(text, offset));
}

/**
 * How many UTF-16 units of a document, from an offset on, are a certain character as models read it, to whom a
 * line feed is any line's end; 0 if it does not stand there.
 */
export function lengthAt(text: TextInParts, offset: number, character: string): number {
  if (text.slice(offset, offset + character.length) === character) return character.length;
  return character === "\n" && text.slice(offset, offset + 2) === "\r\n" ? 2 : 0;
}

/** What stands between `offset` and the end of its line, but no more than `longest` UTF-16 units of it. */
export function restOfLine(text: TextInParts, offset: number, longest: number): string {
  const following = text.slice(offset, offset + longest);
  const end = following.search(/[\r\n]/);
  return end < 0 ? following : following.slice(0, end);
}

/** Number of Unicode characters (code points). */
export function characterCount(text: string): number {
  return [...text].length;
}

function isLineEnd(text: TextInParts, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 0x0a || code === 0x0d;
}
