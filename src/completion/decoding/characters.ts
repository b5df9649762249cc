import { replacementCharacter, startToken, type Tokenizer } from "../../model/tokenizer.ts";

/**
 * Whether decoding may choose `token` after the tokens of an unfinished character. Decoded text is well-formed Unicode. It
 * contains no control characters except tab and line feed, and no replacement character (U+FFFD).
 * @param unfinished tokens since the last whole character; empty at the beginning of a character
 */
export function mayFollow(tokenizer: Tokenizer, unfinished: readonly number[], token: number): boolean {
  const isByte = tokenizer.kind !== "char" && token < 256;
  if (isByte) return byteMayFollow(unfinished, token);
  if (unfinished.length > 0) return false;
  const text = tokenizer.textOf(token) ?? "";
  return token !== startToken && text !== "" && !text.includes(replacementCharacter) && !isControl(text.charCodeAt(0));
}

/** Whether the tokens make up a whole character. */
export function isWhole(tokenizer: Tokenizer, tokens: readonly number[]): boolean {
  const [first = 0] = tokens;
  return tokenizer.kind === "char" || first > 255 || tokens.length === lengthOfSequence(first);
}

function isControl(code: number): boolean {
  return (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code < 0xa0);
}

/** Well-formed byte sequences (Unicode Standard, table 3-7), without control characters and U+FFFD, which is EF BF BD. */
function byteMayFollow(unfinished: readonly number[], byte: number): boolean {
  const [lead, second] = unfinished;
  if (lead === undefined) return byte < 0x80 ? !isControl(byte) : byte >= 0xc2 && byte <= 0xf4;
  if (lead === 0xef && second === 0xbf && byte === 0xbd) return false;
  if (unfinished.length > 1) return byte >= 0x80 && byte <= 0xbf;
  const lowest = lead === 0xc2 || lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= lowest && byte <= highest;
}

function lengthOfSequence(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
