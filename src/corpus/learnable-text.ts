import { boundaryBefore } from "../boundary.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { type FilteredText, holdsSecret, secretPassages, withoutSecrets } from "./secret-lines.ts";

/** The number of characters examined at once. Even where they are made to be slow to search for secrets, it takes some milliseconds. */
const blockLength = 1 << 13;

/** The longest private key, in characters, that is kept in one block. */
const longestKey = 1 << 14;

/** Characters on either side of a block's end in which secrets are looked for, so that none is divided. */
const seam = 512;

/**
 * Converts a text that comes in parts to the text that is learned. Line ends become line feeds (see normalizeText). Lines with likely secrets
 * or with characters that could not be decoded are left out. The result is whole lines, in parts of some 8,000 characters. Of a line
 * that is longer, only the parts with secrets are left out.
 */
export function* learnableParts(parts: Iterable<string>): Generator<FilteredText, void, undefined> {
  let held = "";
  for (const part of parts) {
    held += part;
    while (held.length >= blockLength + longestKey + seam) {
      const end = endOfBlock(held);
      yield learnable(held.slice(0, end));
      held = held.slice(end);
    }
  }
  while (held !== "") {
    const end = endOfBlock(held);
    yield learnable(held.slice(0, end));
    held = held.slice(end);
  }
}

/** A whole text as it is learned; see {@link learnableParts}. */
export function learnableText(text: string): string {
  return [...publicLines.partsOf(text)].join("");
}

/** Which lines of an open document may be learned: those that may be learned from a file, except lines that may become secrets. */
export const publicLines = {
  *partsOf(text: string): Generator<string, void, undefined> {
    for (const part of learnableParts([text])) yield part.text;
  },
  allows: (lines: string): boolean => !isUndecoded.test(lines) && !holdsSecret(lines),
};

function learnable(block: string): FilteredText {
  return withoutSecrets(withoutUndecoded(normalizeText(block)));
}

/** The end of the next block: of whole lines, if lines are not too long, and of whole keys and secrets. It is never 0. */
function endOfBlock(text: string): number {
  if (text.length <= blockLength) return text.length;
  const end = startOfLine(text, blockLength) || boundaryBefore(text, blockLength);
  return endOfKey(text, end) ?? (startOfSecret(text, end) || end);
}

/** If a block would end inside a private key: where the key's line starts or, if that is the block's start, where the key ends. */
function endOfKey(text: string, end: number): number | undefined {
  const begin = text.lastIndexOf("-----BEGIN ", end);
  const close = text.slice(begin, begin + longestKey).indexOf("-----END ");
  if (begin < 0 || close < 0 || begin + close < end) return undefined;
  const start = startOfLine(text, begin);
  if (start > 0) return start;
  const rest = /[\r\n]+/g;
  rest.lastIndex = begin + close;
  return Math.min(rest.exec(text) ? rest.lastIndex : text.length, boundaryBefore(text, begin + close + seam));
}

/** If a block would end inside a likely secret: where the secret's line starts, or the secret itself in a long line; otherwise 0. */
function startOfSecret(text: string, end: number): number {
  const from = Math.max(0, end - seam);
  const starts = secretPassages(text.slice(from, end + seam))
    .filter((passage) => from + passage.from < end && from + passage.to > end)
    .map((passage) => from + passage.from);
  if (starts.length === 0) return 0;
  const start = Math.min(...starts);
  return startOfLine(text, start) || boundaryBefore(text, start);
}

/** The start of the last line that starts at or before an offset. Not between a carriage return and its line feed. */
function startOfLine(text: string, offset: number): number {
  // A carriage return right before the offset may be followed by a line feed.
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 2)) + 1;
}

const isUndecoded = /[\uFFFD\p{Cs}]/u;

/** Removes the lines that contain U+FFFD, for undecodable bytes, or half a surrogate pair. */
function withoutUndecoded(text: string): string {
  if (!isUndecoded.test(text)) return text;
  return text.replace(/^.*[\uFFFD\p{Cs}].*\n?/gmu, "");
}
