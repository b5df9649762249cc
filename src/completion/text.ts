import { isBoundary } from "../boundary.ts";
import { normalizeText } from "../model/tokenizer.ts";

/** Whether what was read of a text up to `offset` is still right when the text has become this one, the same up to `changed`. */
export function isStillRead(text: string, offset: number, changed: number): boolean {
  // What comes in may turn what stood at the text's end into half of a character.
  return offset < changed || (offset === changed && isBoundary(text, offset));
}

/** Text as models read it: line ends are line feeds, no U+0000, and a lone surrogate is U+FFFD. */
export function readable(text: string): string {
  // Surrogates first: removing a U+0000 must not join two to a character.
  return normalizeText(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
}

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text as models read it. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(readable(text));
}

/** UTF-16 units that are compared at once. */
const block = 4096;

/** The offset at which two texts begin to differ; the length of the shorter one if it begins the other. */
export function firstDifference(a: string, b: string): number {
  if (a === b) return a.length;
  const length = Math.min(a.length, b.length);
  let offset = 0;
  while (offset + block <= length && a.slice(offset, offset + block) === b.slice(offset, offset + block))
    offset += block;
  while (offset < length && a.charCodeAt(offset) === b.charCodeAt(offset)) offset++;
  return offset;
}

/** How many UTF-16 units at the ends of two texts are the same, but no more than `most`. */
export function commonEnding(a: string, b: string, most: number): number {
  let length = 0;
  while (length + block <= most && blockBefore(a, a.length - length) === blockBefore(b, b.length - length))
    length += block;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

function blockBefore(text: string, end: number): string {
  return text.slice(end - block, end);
}

/** Whether a line begins at `offset`; between CR and LF none does. */
export function isLineStart(text: string, offset: number): boolean {
  return offset === 0 || (isLineEnd(text, offset - 1) && isBoundary(text, offset));
}

/**
 * How many UTF-16 units of a document, from an offset on, are a certain character as models read it, to whom a
 * line feed is any line's end; 0 if it does not stand there.
 */
export function lengthAt(text: string, offset: number, character: string): number {
  if (text.startsWith(character, offset)) return character.length;
  return character === "\n" && text.startsWith("\r\n", offset) ? 2 : 0;
}

/** What stands between `offset` and the end of its line, but no more than `longest` UTF-16 units of it. */
export function restOfLine(text: string, offset: number, longest: number): string {
  let end = offset;
  while (end < text.length && end - offset < longest && !isLineEnd(text, end)) end++;
  return text.slice(offset, end);
}

/** Number of Unicode characters (code points). */
export function characterCount(text: string): number {
  return [...text].length;
}

function isLineEnd(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 0x0a || code === 0x0d;
}
