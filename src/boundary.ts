/** A text that is read in parts: a string is one, and so is a document's text that is kept as a tree. */
export type TextInParts = Pick<string, "length" | "slice" | "charCodeAt">;

/** Whether a text may be cut at `offset`: it lies neither inside a surrogate pair nor inside a CRLF. */
export function isBoundary(text: TextInParts, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return true;
  const before = text.charCodeAt(offset - 1);
  const behind = text.charCodeAt(offset);
  if (before === 0x0d) return behind !== 0x0a;
  return !(before >= 0xd800 && before < 0xdc00 && behind >= 0xdc00 && behind < 0xe000);
}

/** The last boundary at or before `offset`. */
export function boundaryBefore(text: TextInParts, offset: number): number {
  return isBoundary(text, offset) ? offset : offset - 1;
}
