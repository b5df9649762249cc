import { type Indentation, indentationIn } from "./indentation.ts";
import { type ElementsBefore, elementsBefore, indentationOf, type Opener, openersIn } from "./openers.ts";

/** How far a suggestion's surroundings reach, in UTF-16 units: before the cursor, right of it in its line, and below that line. */
export const reach = { before: 4000, rest: 256, below: 1000 } as const;

/** The number of lines below the cursor's that a suggestion is compared with, not counting blank ones. */
const mostLinesBelow = 10;

/** A line without the blanks at its ends. */
export interface TrimmedLine {
  readonly words: string;
  /** Number of blanks at its beginning. */
  readonly indentation: number;
}

/** The text around the cursor. All line ends are line feeds. */
export interface Surroundings {
  /** Whole lines before the cursor's line. */
  readonly above: string;
  /** Whether `above` begins where the document does. */
  readonly reachesStart: boolean;
  /** The cursor's line, up to the cursor. */
  readonly lineStart: string;
  /** The cursor's line, from the cursor on. */
  readonly rest: string;
  /** The text after the cursor's line, from its line feed on. */
  readonly below: string;
  /** The lines of `below` that are whole and not blank. */
  readonly linesBelow: readonly TrimmedLine[];
  /** How the document is indented here; undefined if no line is indented. */
  readonly indentation: Indentation | undefined;
  /** The brackets that the text before the cursor leaves open, innermost last. */
  readonly openBrackets: readonly Opener[];
  /** The elements in `above`. */
  readonly elementsAbove: ElementsBefore;
}

/**
 * The surroundings of a cursor.
 * @param language the document's; undefined if unknown
 * @param before the text before the cursor, within {@link reach}
 * @param rest the rest of the cursor's line
 * @param below the text after the rest, from the line's end on, within {@link reach}
 */
export function surroundingsOf(
  language: string | undefined,
  before: string,
  rest: string,
  below: string,
): Surroundings {
  const known = withLineFeeds(before);
  const lineBegins = known.lastIndexOf("\n") + 1;
  // The first line is not whole if the text was cut off.
  const reachesStart = before.length < reach.before;
  const aboveBegins = reachesStart ? 0 : known.indexOf("\n") + 1;
  const read = withLineFeeds(below);
  // If the rest was cut off, its end comes before the first line feed.
  const following = read.includes("\n") ? read.slice(read.indexOf("\n")) : "";
  const lines = following.split("\n").slice(1);
  if (below.length >= reach.below) lines.pop();
  let indentation: { readonly is: Indentation | undefined } | undefined;
  let openBrackets: readonly Opener[] | undefined;
  let elementsAbove: ElementsBefore | undefined;
  const above = known.slice(aboveBegins, Math.max(aboveBegins, lineBegins));
  return {
    above,
    reachesStart,
    lineStart: known.slice(lineBegins),
    rest,
    below: following,
    linesBelow: lines
      .map((line) => ({ words: line.trim(), indentation: indentationOf(line).length }))
      .filter(({ words }) => words !== "")
      .slice(0, mostLinesBelow),
    get indentation() {
      // Only finished lines count: the cursor's own line may have whatever indentation the editor put there.
      indentation ??= { is: indentationIn(above + following, language) };
      return indentation.is;
    },
    get openBrackets() {
      openBrackets ??= openersIn(known.slice(aboveBegins));
      return openBrackets;
    },
    get elementsAbove() {
      elementsAbove ??= elementsBefore(above);
      return elementsAbove;
    },
  };
}

/** Whether the document is empty, or has blanks only. */
export function isEmpty({ above, reachesStart, lineStart, rest, below }: Surroundings): boolean {
  return reachesStart && [above, lineStart, rest, below].every((text) => text.trim() === "");
}

/** Whether a suggestion for one place still fits at the other, if the text typed since agrees with it. */
export function isSameBelow(a: Surroundings, b: Surroundings): boolean {
  return a.rest === b.rest && a.below === b.below;
}

function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
