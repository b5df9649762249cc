import { boundaryBefore } from "../boundary.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { type FilteredText, holdsSecret, withoutSecrets } from "./secret-lines.ts";

/** The number of characters examined at once. */
const blockLength = 1 << 16;

/** A line is split after this many characters: longer lines were not written by hand. */
const longestLine = 4 * blockLength;

/** The longest private key, in characters, that is kept in one block. */
const longestKey = 1 << 14;

/**
 * Converts a text that comes in parts to the text that is learned. Line ends become line feeds (see normalizeText). Lines with likely secrets
 * or with characters that could not be decoded are left out. The result is whole lines, in parts of about 65,000 characters.
 */
export function* learnableParts(parts: Iterable<string>): Generator<FilteredText, void, undefined> {
  let held = "";
  for (const part of parts) {
    held += part;
    while (held.length >= blockLength) {
      const end = endOfBlock(held);
      if (end === 0) break;
      yield learnable(held.slice(0, end));
      held = held.slice(end);
    }
  }
  if (held !== "") yield learnable(held);
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

/** The end of a block of whole lines at a text's start, before any private key that has not ended; 0 if more text is needed. */
function endOfBlock(text: string): number {
  const block = text.slice(0, blockLength);
  // A carriage return at the end may be followed by a line feed.
  const end = Math.max(block.lastIndexOf("\n"), block.lastIndexOf("\r", block.length - 2)) + 1;
  if (end === 0) return text.length < longestLine ? 0 : boundaryBefore(text, blockLength);
  const key = block.lastIndexOf("-----BEGIN ", end);
  if (key < 0 || key < end - longestKey || block.slice(key, end).includes("-----END ")) return end;
  const keyStart = Math.max(block.lastIndexOf("\n", key), block.lastIndexOf("\r", key)) + 1;
  return keyStart > 0 ? keyStart : end;
}

const isUndecoded = /[\uFFFD\p{Cs}]/u;

/** Removes the lines that contain U+FFFD, for undecodable bytes, or half a surrogate pair. */
function withoutUndecoded(text: string): string {
  if (!isUndecoded.test(text)) return text;
  return text.replace(/^.*[\uFFFD\p{Cs}].*\n?/gmu, "");
}
