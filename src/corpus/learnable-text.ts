import { boundaryBefore } from "../boundary.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { type FilteredText, holdsSecret, withoutSecrets } from "./secret-lines.ts";

/** Characters that are looked at at once. */
const blockLength = 1 << 16;

/** Characters without a line's end after which one is made: nobody has written them. */
const longestLine = 4 * blockLength;

/** Characters of a private key, at most: it is not cut in two. */
const longestKey = 1 << 14;

/**
 * A text that comes in parts, as it is learned: line ends are line feeds (see normalizeText), and lines are left out that have a
 * likely secret in them or characters that could not be decoded. What comes are whole lines, in parts of some 65,000 characters.
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

/** All of a text as it is learned; see {@link learnableParts}. */
export function learnableText(text: string): string {
  return [...publicLines.partsOf(text)].join("");
}

/** What may be learned of an open document: the lines that may be learned of a file, and none that may become a secret. */
export const publicLines = {
  *partsOf(text: string): Generator<string, void, undefined> {
    for (const part of learnableParts([text])) yield part.text;
  },
  allows: (lines: string): boolean => !isUndecoded.test(lines) && !holdsSecret(lines),
};

function learnable(block: string): FilteredText {
  return withoutSecrets(withoutUndecoded(normalizeText(block)));
}

/** Where a block of whole lines ends that a text begins with, before a private key that has not ended; 0: more text is needed. */
function endOfBlock(text: string): number {
  const block = text.slice(0, blockLength);
  // A carriage return at its end may belong to a line feed.
  const end = Math.max(block.lastIndexOf("\n"), block.lastIndexOf("\r", block.length - 2)) + 1;
  if (end === 0) return text.length < longestLine ? 0 : boundaryBefore(text, blockLength);
  const key = block.lastIndexOf("-----BEGIN ", end);
  if (key < 0 || key < end - longestKey || block.slice(key, end).includes("-----END ")) return end;
  const keyStart = Math.max(block.lastIndexOf("\n", key), block.lastIndexOf("\r", key)) + 1;
  return keyStart > 0 ? keyStart : end;
}

const isUndecoded = /[\uFFFD\p{Cs}]/u;

/** The text without the lines in which U+FFFD stands for what could not be decoded, or half a character. */
function withoutUndecoded(text: string): string {
  if (!isUndecoded.test(text)) return text;
  return text.replace(/^.*[\uFFFD\p{Cs}].*\n?/gmu, "");
}
