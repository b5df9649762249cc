import { anyBracket, brackets, withoutStrings } from "./brackets.ts";
import { halfTag, type Opener, openElements } from "./openers.ts";
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
  /** The closers of those that it opens, innermost last. */
  readonly open: readonly string[];
  /** The number of those from before the suggestion that it closes. */
  readonly closed: number;
}

export const noBrackets: OwnBrackets = { open: [], closed: 0 };

/**
 * Follows the brackets of a suggestion up to the first that the line right below closes.
 * @param first the offset of the line to begin with
 * @param before the brackets of the lines before that one
 * @returns `from`: the offset of that one; `brackets`: those of the whole text, undefined if they do not match those before it
 */
export function closingBrackets(
  text: string,
  { lineStart, openBrackets, linesBelow }: Surroundings,
  first = 0,
  before = noBrackets,
): { readonly from?: number; readonly brackets?: OwnBrackets | undefined } {
  // A string may begin before the cursor and end in the suggestion, or not end yet.
  const typed = first === 0 ? lineStart : "";
  const code = withoutStrings(typed + text.slice(first), true).slice(typed.length);
  const open = [...before.open];
  let { closed } = before;
  for (const { index, 0: character } of code.matchAll(anyBracket)) {
    const opened = brackets.get(character);
    if (opened) open.push(opened);
    else if (open.length > 0) open.pop();
    else {
      const opener = openBrackets.at(-1 - closed++);
      if (opener && opener.closer !== character) return {};
      const isBelow = linesBelow[0]?.words.startsWith(character) && isClosedBy(opener, linesBelow[0]);
      if (isBelow) return { from: first + index };
    }
  }
  return { brackets: { open, closed } };
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
