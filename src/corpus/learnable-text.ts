import { boundaryBefore } from "../boundary.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { type FilteredText, holdsSecret, secretPassages, withoutSecrets } from "./secrets/secret-lines.ts";

/** The number of characters examined at once. Even where they are made to be slow to search for secrets, it takes some milliseconds. */
const blockLength = 1 << 13;

/** The longest private key, in characters, that is kept in one block. */
const longestKey = 1 << 14;

/** Characters on either side of a block's end in which secrets are looked for, so that none is divided. */
const seam = 512;

/** A part of a text as it is learned. */
export interface LearnablePart extends FilteredText {
  /** The length of the part in the original text, in UTF-16 units. */
  readonly length: number;
}

/**
 * Converts a text that comes in parts to the text that is learned. Line ends become line feeds (see normalizeText). Lines with likely secrets
 * or with characters that could not be decoded are left out. The result is whole lines, in parts of some 8,000 characters. Of a line
 * that is longer, only the parts with secrets are left out.
 */
export function* learnableParts(parts: Iterable<string>): Generator<LearnablePart, void, undefined> {
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
  return Array.from(publicLines.partsOf(text), (part) => part.text).join("");
}

/** Which lines of an open document may be learned: those that may be learned from a file, except lines that may become secrets. */
export const publicLines = {
  partsOf: (text: string): Iterable<LearnablePart> => learnableParts([text]),
  allows: (lines: string, before = ""): boolean =>
    !isUndecoded.test(lines) && !endsInKey(before) && !holdsSecret(lines, lastLine(before)),
};

function learnable(block: string): LearnablePart {
  return { ...withoutSecrets(withoutUndecoded(normalizeText(block))), length: block.length };
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

/** Whether a text ends inside a private key. */
function endsInKey(text: string): boolean {
  const begin = text.lastIndexOf("-----BEGIN ");
  return begin >= 0 && !text.includes("-----END ", begin) && keyStart.test(text.slice(begin, begin + longestKeyStart));
}

const keyStart = /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;
const longestKeyStart = 80;

/** The last line of a text that is not blank, and what follows it. */
function lastLine(text: string): string {
  return text.slice(startOfLine(text, text.trimEnd().length));
}

const isUndecoded = /[\uFFFD\p{Cs}]/u;

/** Removes the lines that contain U+FFFD, for undecodable bytes, or half a surrogate pair. */
function withoutUndecoded(text: string): string {
  if (!isUndecoded.test(text)) return text;
  return text.replace(/^[^\n]*[\uFFFD\p{Cs}][^\n]*\n?/gmu, "");
}
