/** A text that can be read in parts: a string, or a document's text, which is kept as a tree. */
export type TextInParts = Pick<string, "length" | "slice" | "charCodeAt">;

/** Whether a text may be cut at `offset`, which must lie neither inside a surrogate pair nor inside a CRLF. */
export function isBoundary(text: TextInParts, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return true;
  const before = text.charCodeAt(offset - 1);
  const after = text.charCodeAt(offset);
  if (before === 0x0d) return after !== 0x0a;
  return !(before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000);
}

/** The last boundary at or before `offset`. */
export function boundaryBefore(text: TextInParts, offset: number): number {
  return isBoundary(text, offset) ? offset : offset - 1;
}

/** The number of characters (code points). The second half of a surrogate pair is not counted, nor is one that stands alone. */
export function characterCount(text: string): number {
  return text.length - (text.match(/[\uDC00-\uDFFF]/g)?.length ?? 0);
}
