import { type Indentation, indentationIn } from "./indentation.ts";
import { indentationOf, openElements, openersIn, type StandingOpener } from "./openers.ts";

/** How much of a document a suggestion is fitted to, in UTF-16 units: before the cursor, right of it in its line, and below that line. */
export const reach = { before: 4000, rest: 256, below: 1000 } as const;

/** A suggestion is compared with so many lines below the cursor's, blank ones left out. */
const mostLinesBelow = 10;

/** A line without the blanks at its ends. */
export interface StandingLine {
  readonly words: string;
  /** Number of blanks at its beginning. */
  readonly indentation: number;
}

/** What stands around the cursor. All line ends are line feeds. */
export interface Surroundings {
  /** Whole lines before the cursor's line. */
  readonly above: string;
  /** The cursor's line, up to the cursor. */
  readonly lineStart: string;
  /** The cursor's line, from the cursor on. */
  readonly rest: string;
  /** What follows the cursor's line, from its line feed on. */
  readonly below: string;
  /** The lines of `below` that are whole and not blank. */
  readonly linesBelow: readonly StandingLine[];
  /** What the document is indented with, as far as it is seen here; undefined: nothing is indented. */
  readonly indentation: Indentation | undefined;
  /** The brackets before the cursor that nothing closes there, innermost last. */
  readonly openBrackets: readonly StandingOpener[];
  /** The elements of a markup language that nothing closes there, innermost last. */
  readonly openTags: readonly StandingOpener[];
}

/**
 * @param name the document's path or URI
 * @param before what stands before the cursor, as far as {@link reach} goes; more is left out
 * @param rest the rest of the cursor's line
 * @param below what follows the rest, from a line's end on, as far as {@link reach} goes
 */
export function surroundingsOf(name: string, before: string, rest: string, below: string): Surroundings {
  const known = withLineFeeds(before);
  const lineBegins = known.lastIndexOf("\n") + 1;
  // Where it was cut off a line is no whole one.
  const aboveBegins = before.length < reach.before ? 0 : known.indexOf("\n") + 1;
  const read = withLineFeeds(below);
  // A rest that was cut off has its own end before the first line feed.
  const following = read.includes("\n") ? read.slice(read.indexOf("\n")) : "";
  const lines = following.split("\n").slice(1);
  if (below.length >= reach.below) lines.pop();
  let indentation: { readonly is: Indentation | undefined } | undefined;
  let openBrackets: readonly StandingOpener[] | undefined;
  let openTags: readonly StandingOpener[] | undefined;
  return {
    above: known.slice(aboveBegins, Math.max(aboveBegins, lineBegins)),
    lineStart: known.slice(lineBegins),
    rest,
    below: following,
    linesBelow: lines
      .map((line) => ({ words: line.trim(), indentation: indentationOf(line).length }))
      .filter(({ words }) => words !== "")
      .slice(0, mostLinesBelow),
    get indentation() {
      // Only of lines that are done: the cursor's own may be indented by whoever types it as the editor would have it.
      indentation ??= { is: indentationIn(known.slice(aboveBegins, lineBegins) + following, name) };
      return indentation.is;
    },
    get openBrackets() {
      openBrackets ??= openersIn(known.slice(aboveBegins));
      return openBrackets;
    },
    get openTags() {
      openTags ??= openElements(known.slice(aboveBegins));
      return openTags;
    },
  };
}

/** Whether a suggestion that fits one place fits the other, where what was typed since agrees with it. */
export function isSameBelow(a: Surroundings, b: Surroundings): boolean {
  return a.rest === b.rest && a.below === b.below;
}

function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
