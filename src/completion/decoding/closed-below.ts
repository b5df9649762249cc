import { anyBracket, brackets, withoutStrings } from "./brackets.ts";
import { halfTag, indentationOf, type Opener, openElements } from "./openers.ts";
import type { Surroundings, TrimmedLine } from "./surroundings.ts";

const closer = /^(?:[)\]}]|<\/)/;

/** Whether a line, without the blanks at its beginning, begins with a closing bracket or an end tag. */
export function beginsWithCloser(words: string): boolean {
  return closer.test(words);
}

/** The kind of closer that the line right below begins with. */
export function closesBelow({ linesBelow }: Surroundings): "bracket" | "tag" | undefined {
  const words = linesBelow[0]?.words ?? "";
  if (!beginsWithCloser(words)) return undefined;
  return words.startsWith("<") ? "tag" : "bracket";
}

/** The brackets of a suggestion that are not closed within it, or that close nothing in it. */
export interface OwnBrackets {
  /** Those that it opens, innermost last. */
  readonly open: readonly Opener[];
  /** The number of those from before the suggestion that it closes. */
  readonly closed: number;
}

export const noBrackets: OwnBrackets = { open: [], closed: 0 };

/** What {@link closingBrackets} finds. */
export interface ClosingBrackets {
  /** The offset of the first closing bracket that the line right below has. */
  readonly from?: number;
  /** Whether that bracket's line is whole, if that matters. */
  readonly isCertain?: boolean;
  /** The brackets of the whole text, unless one was found. */
  readonly brackets?: OwnBrackets;
}

/**
 * Follows the brackets of a suggestion up to the first that the line right below closes.
 * @param isLast whether the suggestion is complete
 * @param first the offset of the line to begin with
 * @param before the brackets of the lines before that one
 */
export function closingBrackets(
  text: string,
  around: Surroundings,
  isLast: boolean,
  first = 0,
  before = noBrackets,
): ClosingBrackets {
  const { lineStart, openBrackets, linesBelow } = around;
  // A string may begin before the cursor and end in the suggestion, or not end yet.
  const typed = first === 0 ? lineStart : "";
  const code = withoutStrings(typed + text.slice(first), true).slice(typed.length);
  const open = [...before.open];
  let { closed } = before;
  for (const { index, 0: character } of code.matchAll(anyBracket)) {
    const opened = brackets.get(character);
    const from = first + index;
    const lineBegins = text.lastIndexOf("\n", from - 1) + 1;
    const lineEnds = text.indexOf("\n", from);
    const line = (): string =>
      (lineBegins === 0 ? lineStart : "") + text.slice(lineBegins, lineEnds < 0 ? undefined : lineEnds);
    const own = opened ? undefined : open.pop();
    if (opened) open.push({ closer: opened, indentation: indentationOf(line()) });
    else if (own) {
      const isWhole = isLast || lineEnds >= 0;
      if (isLeftBelow(own, line(), isWhole, openBrackets.at(-1 - closed), around)) return { from, isCertain: isWhole };
    } else {
      // What seems to be open may be no code, as in a comment or a regular expression: then a bracket before it is closed.
      const left = openBrackets.slice(0, Math.max(0, openBrackets.length - closed));
      const at = left.findLastIndex(({ closer }) => closer === character);
      const opener = left[at];
      closed = opener ? openBrackets.length - at : closed + 1;
      const isWhole = isLast || lineEnds >= 0;
      const isFirst = isIndentedAsBelow(text.slice(lineBegins, from), around);
      if (lineBegins > 0 && isFirst && isWordsBelow(line(), isWhole, around)) return { from, isCertain: isWhole };
      const isBelow = linesBelow[0]?.words.startsWith(character) && isClosedBy(opener, linesBelow[0]);
      if (isBelow) return { from, isCertain: true };
    }
  }
  return { brackets: { open, closed } };
}

/**
 * Whether what is before a closer in its line is nothing but the indentation of the line right below. Then the closer is the one below,
 * whatever it closes: some texts do not indent what they close as they indent what they open.
 */
function isIndentedAsBelow(lineStart: string, { linesBelow: [below] }: Surroundings): boolean {
  return lineStart.trim() === "" && lineStart.length === below?.indentation;
}

function isWordsBelow(line: string, isWhole: boolean, { linesBelow: [below] }: Surroundings): boolean {
  const words = line.trim();
  return isWhole ? below?.words === words : below?.words.startsWith(words) === true;
}

/**
 * Whether the line right below is what is left of a block that a suggestion writes anew, so that it closes this bracket of the
 * suggestion and none before it:
 *
 *     f() {
 *       i|             "f (a) {\n    b();\n  }"
 *       }
 *
 * @param line the line of the suggestion in which the bracket is closed
 * @param outer the innermost bracket that is open before the suggestion
 */
function isLeftBelow(
  own: Opener,
  line: string,
  isWhole: boolean,
  outer: Opener | undefined,
  around: Surroundings,
): boolean {
  const [below] = around.linesBelow;
  const words = line.trim();
  if (!below || !isWordsBelow(line, isWhole, around)) return false;
  const depths = [own.indentation, indentationOf(line)].map((blanks) => blanks.length);
  const isOuterDeep = outer ? outer.indentation.length >= below.indentation : !around.reachesStart;
  return words.startsWith(own.closer) && depths.every((depth) => depth === below.indentation) && !isOuterDeep;
}

/**
 * The first end tag of a suggestion that the line right below has.
 * @param first the offset of the line to begin with
 * @returns its offset, and whether its name is whole
 */
export function repeatedTag(
  text: string,
  around: Surroundings,
  first: number,
): { readonly from: number; readonly isWhole: boolean } | undefined {
  const { lineStart, linesBelow } = around;
  const nameBelow = endTag.exec(linesBelow[0]?.words ?? "")?.[1] ?? "";
  const line = lineStart + text;
  // A part of a tag may have been typed already.
  const ownBegins = halfTag.exec(lineStart)?.index ?? lineStart.length;
  const begins = first === 0 ? ownBegins : lineStart.length + first;
  for (let at = line.indexOf("</", begins); at >= 0; at = line.indexOf("</", at + 2)) {
    const [tag = "", name = ""] = endTag.exec(line.slice(at)) ?? [];
    // The name may not be whole yet.
    const isWhole = at + tag.length < line.length;
    if (isWhole ? name !== nameBelow : !nameBelow.startsWith(name)) continue;
    const isOwn = has(openElements(line.slice(ownBegins, at)), nameBelow);
    const feed = line.lastIndexOf("\n", at);
    const isLineBelow = feed >= lineStart.length && isIndentedAsBelow(line.slice(feed + 1, at), around);
    if (isLineBelow && !isOwn) return { from: at - lineStart.length, isWhole };
    if (isOwn || !isElementClosedBelow(nameBelow, line.slice(0, at), around)) continue;
    return { from: Math.max(0, at - lineStart.length), isWhole };
  }
  return undefined;
}

const endTag = /^<\/([\w.:-]*)/;

/** Whether the line right below closes the innermost element of this name. */
function isElementClosedBelow(name: string, line: string, { elementsAbove, linesBelow }: Surroundings): boolean {
  const below = linesBelow[0];
  const { open, rest } = elementsAbove;
  const innermost = openElements(rest + line, open).findLast(({ closer }) => closer === name);
  if (!isClosedBy(innermost, below)) return false;
  // Where nothing shows which of two elements is meant, it is the one that was there before this line.
  const outer = openElements(rest, open).findLast(({ closer }) => closer === name);
  return outer?.indentation.length !== below?.indentation || !has(openElements(line), name);
}

function has(elements: readonly Opener[], name: string): boolean {
  return elements.some(({ closer }) => closer === name);
}

/** Whether a line closes this opener, and not an outer one. An opener that is out of reach counts as closed. */
function isClosedBy(opener: Opener | undefined, line: TrimmedLine | undefined): boolean {
  return !opener || !line || opener.indentation.length <= line.indentation;
}
