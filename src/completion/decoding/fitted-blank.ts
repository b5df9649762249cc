import { beginsWithCloser } from "./closed-below.ts";
import { indentationOf } from "./openers.ts";
import type { Surroundings } from "./surroundings.ts";

/** Lines after which spaces align the next line: those of a block comment, and those that end with a backslash. */
const isAlignedAfter = /^\s*(?:\/\*|\*)|\\$/;

/**
 * Fits the beginning of each line of a suggestion to the indentation of the document. Without it, a model would indent as the
 * files do that it was trained on.
 * @param next the character that the model expects
 * @param decoded the suggestion before that character
 * @returns the replacement for `next`: a blank, or "" for any character except a blank; undefined if `next` is right
 */
export function fittedBlank(next: string, decoded: string, around: Surroundings): " " | "\t" | "" | undefined {
  const begins = decoded.lastIndexOf("\n") + 1;
  const line = begins > 0 ? decoded.slice(begins) : around.lineStart + decoded;
  // Only then is the indentation looked at, because finding it takes longer than all the rest.
  if (next === "\n" || line.trim() !== "" || !around.indentation) return undefined;
  const { blank, step, opens } = around.indentation;
  const previous = lineBefore(decoded.slice(0, begins), around);
  const isOpened = opens.test(previous);
  const before = indentationOf(previous);
  // No line begins deeper than this, as far as is known.
  const deepest = before.length + (isOpened ? (step ?? Number.POSITIVE_INFINITY) : 0);
  const isBlank = next === " " || next === "\t";
  if (isBlank && next !== blank) {
    const isAligned = next === " " && (isAlignedAfter.test(previous) || before.includes(" ") || line.includes(" "));
    if (isAligned) return undefined;
    return line.length < deepest ? blank : "";
  }
  if (blank === "\t" || !isOpened) return undefined;
  if (isBlank) return line.length < deepest ? undefined : "";
  const isBetween = begins > 0 && line.length > before.length && line.length < deepest;
  return isBetween && Number.isFinite(deepest) && !beginsWithCloser(next) ? " " : undefined;
}

/** The last line before the current one that has more than blanks. @param decoded the lines of the suggestion before it */
function lineBefore(decoded: string, { above, lineStart }: Surroundings): string {
  const made = decoded === "" ? "" : lastLine(lineStart + decoded);
  return made === "" ? lastLine(above) : made;
}

/** The last line of a text that has more than blanks; "" if none has. */
function lastLine(text: string): string {
  const end = text.trimEnd();
  return end.slice(end.lastIndexOf("\n") + 1);
}
