import { isMakefile, languageOfName } from "../../languages.ts";
import { indentationOf } from "./openers.ts";
import type { Surroundings } from "./surroundings.ts";

/** How the lines of a document are indented. */
export interface Indentation {
  readonly blank: " " | "\t";
  /** The number of blanks in one step, after a line that opens a block; undefined if unknown. */
  readonly step?: number | undefined;
  /** Matches the lines after which one more step may begin. */
  readonly opens: RegExp;
}

const opensBlock = /[{[]\s*$/;
const opensPythonBlock =
  /[{[]\s*$|^\s*(?:async|case|class|def|elif|else|except|finally|for|if|match|try|while|with)\b.*:\s*$/;
/** A rule of a Makefile, after which its recipe follows. */
const makeRule = /^[^\t=]*:(?!=)/;

/**
 * How a document is indented: as its language requires, or else as most lines of the given part are.
 * @param name the document's path or URI
 * @returns undefined if no line is indented
 */
export function indentationIn(text: string, name: string): Indentation | undefined {
  if (isMakefile(name)) return { blank: "\t", step: 1, opens: makeRule };
  const language = languageOfName(name);
  const opens = language === "python" ? opensPythonBlock : opensBlock;
  if (language === "go") return { blank: "\t", step: 1, opens };
  const tabs = text.match(/^\t/gm)?.length ?? 0;
  // A single space is an alignment, as in a block comment.
  const spaces = text.match(/^ {2,}[^\s*]/gm)?.length ?? 0;
  const isYaml = language === "yaml";
  if (tabs === 0 && spaces === 0 && !isYaml) return undefined;
  if (tabs > spaces && !isYaml) return { blank: "\t", step: 1, opens };
  return { blank: " ", step: commonestStep(text, opens), opens };
}

/** The commonest number of spaces that a line has more than the line before it, where that opens a block. */
function commonestStep(text: string, opens: RegExp): number | undefined {
  const counts = new Map<number, number>();
  let previous = "";
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const step = indentationOf(line).length - indentationOf(previous).length;
    if (step > 0 && opens.test(previous)) counts.set(step, (counts.get(step) ?? 0) + 1);
    previous = line;
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

const closer = /^[)\]}]/;
/** Lines after which spaces align the next line: those of a block comment, and those that end with a backslash. */
const isAlignedAfter = /^\s*(?:\/\*|\*)|\\$/;

/**
 * Fits the beginning of each line of a suggestion to the indentation of the document. Without it, a model would indent as the
 * files do that it was trained on.
 * @param next the character that the model expects
 * @param decoded the suggestion before that character
 * @returns the replacement for `next`: a blank, or "" for any character except a blank; undefined if `next` is right
 */
export function fittedBlank(
  next: string,
  decoded: string,
  { above, lineStart, indentation }: Surroundings,
): " " | "\t" | "" | undefined {
  const made = lineStart + decoded;
  const begins = made.lastIndexOf("\n") + 1;
  const line = made.slice(begins);
  if (!indentation || line.trim() !== "" || next === "\n") return undefined;
  const { blank, step, opens } = indentation;
  const previous = lastLine(above + made.slice(0, begins));
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
  const isBetween = begins > lineStart.length && line.length > before.length && line.length < deepest;
  return isBetween && Number.isFinite(deepest) && !closer.test(next) ? " " : undefined;
}

/** The last line of a text that has more than blanks. */
function lastLine(text: string): string {
  const end = text.trimEnd();
  return end.slice(end.lastIndexOf("\n") + 1);
}
