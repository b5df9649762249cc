/** Whether a text may be cut at `offset`: it lies neither inside a surrogate pair nor inside a CRLF. */
export function isBoundary(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return true;
  const before = text.charCodeAt(offset - 1);
  const behind = text.charCodeAt(offset);
  if (before === 0x0d) return behind !== 0x0a;
  return !(before >= 0xd800 && before < 0xdc00 && behind >= 0xdc00 && behind < 0xe000);
}

/** The last boundary at or before `offset`. */
export function boundaryBefore(text: string, offset: number): number {
  return isBoundary(text, offset) ? offset : offset - 1;
}
