import { brackets, indentationOf, type Opener, openElements, withoutStrings } from "./openers.ts";
import { fitToRest } from "./suffix.ts";
import type { Surroundings, TrimmedLine } from "./surroundings.ts";

/** The place at which a suggestion reaches the text below the cursor's line. */
export interface Repeat {
  /** Its beginning in the suggestion, in UTF-16 units. */
  readonly from: number;
  /** Whether the suggestion is cut there. Otherwise it must not end here, but may still continue differently. */
  readonly isCertain: boolean;
}

/** Fewer characters than this, not counting blanks, agree with the text below by chance. */
const fewestAgreed = 8;
/** The same for a whole line that is right below. */
const shortestLine = 3;

const wordCharacter = /[\p{L}\p{N}]/u;
const closer = /^(?:[)\]}]|<\/)/;

/**
 * Finds the place at which a suggestion repeats the text below. In a file that the model has read, it would also suggest the next
 * lines, which are there already. White space makes no difference.
 *
 *     tr|             "ue\n  },\n  {"     ue         the bracket is closed below: cut before it
 *     },
 *     <|              "/ul>"                         the element is closed below: nothing is left
 *     </ul>
 *     a, b|           ");\nf(x);"         a, b       the bracket is closed below: cut before it
 *     );
 *     x = 1;|         "\nreturn x;"       x = 1;     the line is right below
 *     return x;
 *
 * A closing bracket is kept if the line below closes an outer bracket, which shows in its smaller indentation. Lines that are
 * repeated on purpose are kept too: a line that is some lines below and also above, and a line that is both right below and right
 * above.
 *
 * @param isLast whether the suggestion is complete
 */
export function repeatOf(text: string, around: Surroundings, isLast = false): Repeat | undefined {
  const first = around.linesBelow[0]?.words;
  if (first === undefined) return undefined;
  if (!closer.test(first)) return repeatedText(text, around, isLast) ?? repeatedLine(text, around, isLast);
  if (first.startsWith("</")) {
    const repeat = repeatedTag(text, around);
    return repeat ? { ...repeat, isCertain: repeat.isCertain || isLast } : repeatedLine(text, around, isLast);
  }
  const from = repeatedBracket(text, around, first.charAt(0));
  return from === undefined ? repeatedLine(text, around, isLast) : { from, isCertain: true };
}

/** The first bracket of a suggestion that the line right below closes. */
function repeatedBracket(
  text: string,
  { lineStart, openBrackets, linesBelow }: Surroundings,
  closing: string,
): number | undefined {
  // A string may begin before the cursor and end in the suggestion, or not end yet.
  const code = withoutStrings(lineStart + text, true).slice(lineStart.length);
  let closed = 0;
  const own: string[] = [];
  for (const { index, 0: character } of code.matchAll(/[()[\]{}]/g)) {
    const opened = brackets.get(character);
    if (opened) own.push(opened);
    else if (own.length > 0) own.pop();
    else {
      const opener = openBrackets.at(-1 - closed++);
      if (opener && opener.closer !== character) return undefined;
      if (character === closing && isClosedBy(opener, linesBelow[0])) return index;
    }
  }
  return undefined;
}

/** The first end tag of a suggestion that the line right below has. */
function repeatedTag(text: string, around: Surroundings): Repeat | undefined {
  const { lineStart, linesBelow } = around;
  const nameBelow = endTag.exec(linesBelow[0]?.words ?? "")?.[1] ?? "";
  const line = lineStart + text;
  // A part of a tag may have been typed already.
  const ownBegins = halfTag.exec(lineStart)?.index ?? lineStart.length;
  for (let at = line.indexOf("</", ownBegins); at >= 0; at = line.indexOf("</", at + 2)) {
    const [tag = "", name = ""] = endTag.exec(line.slice(at)) ?? [];
    // The name may not be whole yet.
    const isWhole = at + tag.length < line.length;
    if (isWhole ? name !== nameBelow : !nameBelow.startsWith(name)) continue;
    const isOwn = has(openElements(line.slice(ownBegins, at)), nameBelow);
    if (isOwn || !isElementClosedBelow(nameBelow, line.slice(0, at), around)) continue;
    return { from: Math.max(0, at - lineStart.length), isCertain: isWhole };
  }
  return undefined;
}

const endTag = /^<\/([\w.:-]*)/;
const halfTag = /<[^<>]*$/;

/** Whether the line right below closes the innermost element of this name. */
function isElementClosedBelow(name: string, line: string, { above, linesBelow }: Surroundings): boolean {
  const below = linesBelow[0];
  if (
    !isClosedBy(
      openElements(above + line).findLast(({ closer }) => closer === name),
      below,
    )
  )
    return false;
  // Where nothing shows which of two elements is meant, it is the one that was there before this line.
  const outer = openElements(above).findLast(({ closer }) => closer === name);
  return outer?.indentation.length !== below?.indentation || !has(openElements(line), name);
}

function has(elements: readonly Opener[], name: string): boolean {
  return elements.some(({ closer }) => closer === name);
}

/** Whether a line closes this opener, and not an outer one. An opener that is out of reach counts as closed. */
function isClosedBy(opener: Opener | undefined, line: TrimmedLine | undefined): boolean {
  return !opener || !line || opener.indentation.length <= line.indentation;
}

/** The place from which a suggestion agrees with the text after the cursor's line: its beginning, or that of one of its lines. */
function repeatedText(text: string, { lineStart, below }: Surroundings, isLast: boolean): Repeat | undefined {
  // Within a line, a few characters agree with the text below by chance, unless the statement continues there.
  let fewest = goesOnBelow.test(lineStart) ? 1 : fewestAgreed;
  for (let from = 0; from <= text.length; fewest = 1) {
    const agreed = agreementOf(below, text, from);
    if (agreed && agreed.characters >= fewest && (agreed.isAll || agreed.isLines)) {
      return { from, isCertain: isLast || agreed.isLines };
    }
    const end = text.indexOf("\n", from);
    if (end < 0) return undefined;
    from = end + 1;
  }
  return undefined;
}

const goesOnBelow = /^\s*$|[([{,]\s*$/;

/** How far a suggestion agrees with the text after the cursor's line. */
interface Agreement {
  /** Number of characters that agree, not counting blanks. */
  readonly characters: number;
  /** Whether all of the suggestion agrees. */
  readonly isAll: boolean;
  /** Whether whole lines agree, and more than by chance. The suggestion may continue differently after them. */
  readonly isLines: boolean;
}

function agreementOf(following: string, text: string, from: number): Agreement | undefined {
  let inText = afterBlanks(text, from);
  let inFollowing = afterBlanks(following, 0);
  let characters = 0;
  while (inText < text.length && inFollowing < following.length && text[inText] === following[inFollowing]) {
    characters++;
    const [textBegan, followingBegan] = [inText + 1, inFollowing + 1];
    inText = afterBlanks(text, textBegan);
    inFollowing = afterBlanks(following, followingBegan);
    const isEnd = inFollowing === following.length;
    const isLineEnd = isEnd || following.slice(followingBegan, inFollowing).includes("\n");
    const areLines = isLineEnd && text.slice(textBegan, inText).includes("\n");
    if (areLines && (isEnd || characters >= fewestAgreed)) return { characters, isAll: false, isLines: true };
  }
  return characters === 0 ? undefined : { characters, isAll: inText === text.length, isLines: false };
}

/** The first whole line of a suggestion that is also one of the lines below. */
function repeatedLine(text: string, around: Surroundings, isLast: boolean): Repeat | undefined {
  const { above, lineStart, rest } = around;
  const fit = text.includes("\n") || rest === "" ? undefined : fitToRest(text, rest);
  const made = fit ? lineStart + fit.text + rest.slice(fit.replacedLength) : lineStart + text;
  const lines = made.split("\n");
  let from = 0;
  for (const [i, line] of lines.entries()) {
    const before = (): string => lines[i - 1] ?? above.trimEnd().split("\n").at(-1) ?? "";
    if (isRepeated(line, before, around)) return { from, isCertain: i < lines.length - 1 || isLast };
    from += line.length + (i === 0 ? -lineStart.length : 1);
  }
  return undefined;
}

/** Whether a line is also one of the lines below, and not repeated on purpose. */
function isRepeated(line: string, before: () => string, { above, linesBelow }: Surroundings): boolean {
  const words = line.trim();
  if (words.length < shortestLine || !wordCharacter.test(words) || closer.test(words)) return false;
  if (words === linesBelow[0]?.words) return before().trim() !== words;
  if (words.length < fewestAgreed) return false;
  const indentation = indentationOf(line).length;
  for (const other of linesBelow) {
    // The block ends here.
    if (other.indentation < indentation) return false;
    if (other.words === words) return !above.split("\n").some((known) => known.trim() === words);
  }
  return false;
}

function afterBlanks(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && isBlank(text.charCodeAt(offset))) offset++;
  return offset;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
