import { isBoundary, type TextInParts } from "../boundary.ts";
import { normalizeText, replacementCharacter } from "../model/tokenizer.ts";

/**
 * Whether a reading up to `offset` is still valid after an edit.
 * @param text the text after the edit
 * @param changed the offset at which the edit begins
 */
export function isStillRead(text: TextInParts, offset: number, changed: number): boolean {
  // The new text may turn the end of the old text into half a character.
  return offset < changed || (offset === changed && isBoundary(text, offset));
}

/**
 * Text as models read it. Line ends are line feeds. U+0000, U+FFFD and lone surrogates are removed: nobody has written them, so
 * they are neither learned nor suggested.
 */
export function readable(text: string): string {
  // Removed last, because removing them earlier could join two surrogates into a character, or a carriage return and a line feed.
  return normalizeText(text.replace(/\p{Surrogate}/gu, replacementCharacter)).replaceAll(replacementCharacter, "");
}

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text as models read it. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(readable(text));
}

/** UTF-16 units compared at once. */
const block = 4096;

/**
 * The offset of the first difference between two texts; the length of the shorter one if the longer one begins with it.
 * @param known an offset up to which they are known to be the same
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
 * The number of UTF-16 units at the ends of two texts that are the same, up to `most`.
 * @param known how many are known to be the same
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

/** The same for two texts of equal length that differ. */
function commonEndingWithin(a: string, b: string): number {
  let length = 0;
  while (a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

/** Whether a line begins at `offset`. No line begins between CR and LF. */
export function isLineStart(text: TextInParts, offset: number): boolean {
  return offset === 0 || (isLineEnd(text, offset - 1) && isBoundary(text, offset));
}

/**
 * The length in UTF-16 units that a character, as models read it, has at an offset of a document; 0 if another character is there.
 * A line feed matches CRLF, whose length is 2.
 */
export function lengthAt(text: TextInParts, offset: number, character: string): number {
  if (text.slice(offset, offset + character.length) === character) return character.length;
  return character === "\n" && text.slice(offset, offset + 2) === "\r\n" ? 2 : 0;
}

/** The text from `offset` to the end of its line, cut off after `longest` UTF-16 units. */
export function restOfLine(text: TextInParts, offset: number, longest: number): string {
  const following = text.slice(offset, offset + longest);
  const end = following.search(/[\r\n]/);
  return end < 0 ? following : following.slice(0, end);
}

/** Whether a line feed or a carriage return stands at an offset. */
export function isLineEnd(text: TextInParts, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 0x0a || code === 0x0d;
}
