import { indentationOf } from "./openers.ts";
import type { Surroundings } from "./surroundings.ts";

/** How the lines of a document are indented. */
export interface Indentation {
  readonly blank: " " | "\t";
  /** The number of blanks in one step, after a line that opens a block; undefined if unknown. */
  readonly step?: number | undefined;
  /** Matches the lines after which one more step may begin. */
  readonly opens: RegExp;
  /** Whether each line has the depth of its block, in spaces. */
  readonly hasLevels?: boolean;
}

const opensBlock = /[{[]\s*$/;
const opensPythonBlock =
  /[{[]\s*$|^\s*(?:async|case|class|def|elif|else|except|finally|for|if|match|try|while|with)\b.*:\s*$/;
/** Languages in which a line may be indented in any way. */
const isProse: ReadonlySet<string> = new Set(["latex", "markdown", "prose"]);
/** A rule of a Makefile, after which its recipe follows. */
const makeRule = /^[^\t=]*:(?!=)/;

/**
 * How a document is indented: as its language requires, or else as most lines of the given part are.
 * @param language the document's; undefined if unknown
 * @returns undefined if no line is indented
 */
export function indentationIn(text: string, language: string | undefined): Indentation | undefined {
  if (language === "makefile") return { blank: "\t", step: 1, opens: makeRule };
  const opens = language === "python" ? opensPythonBlock : opensBlock;
  if (language === "go" || language === "go.mod") return { blank: "\t", step: 1, opens };
  const { tabs, spaces, step } = indentedLines(text, opens);
  const isYaml = language === "yaml";
  if (tabs === 0 && spaces === 0 && !isYaml) return undefined;
  if (tabs > spaces && !isYaml) return { blank: "\t", step: 1, opens };
  return { blank: " ", step, opens, hasLevels: !isProse.has(language ?? "") };
}

/** The indented lines of a text. */
interface IndentedLines {
  /** Number of lines that begin with a tab. */
  readonly tabs: number;
  /** Number of lines that begin with spaces. */
  readonly spaces: number;
  /** The commonest number of blanks that a line has more than the line before it, where that opens a block. */
  readonly step: number | undefined;
}

function indentedLines(text: string, opens: RegExp): IndentedLines {
  const steps = new Map<number, number>();
  let [tabs, spaces, previousBegins, previousBlanks] = [0, 0, 0, 0];
  let end = 0;
  for (let begins = 0; begins < text.length; begins = end + 1) {
    end = text.indexOf("\n", begins);
    if (end < 0) end = text.length;
    let first = begins;
    while (isBlank(text.charCodeAt(first))) first++;
    if (first === end) continue;
    const blanks = first - begins;
    if (text[begins] === "\t") tabs++;
    // A single space is an alignment, as in a block comment.
    else if (blanks > 1 && text[first] !== "*") spaces++;
    const step = blanks - previousBlanks;
    const isDeeper = step > 0 && begins > 0;
    if (isDeeper && opens.test(text.slice(previousBegins, begins - 1))) steps.set(step, (steps.get(step) ?? 0) + 1);
    [previousBegins, previousBlanks] = [begins, blanks];
  }
  return { tabs, spaces, step: [...steps].sort(([, a], [, b]) => b - a)[0]?.[0] };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
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
  return isBetween && Number.isFinite(deepest) && !closer.test(next) ? " " : undefined;
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
