import { brackets, indentationOf, openElements, type StandingOpener, withoutStrings } from "./openers.ts";
import { fitToRest } from "./suffix.ts";
import type { StandingLine, Surroundings } from "./surroundings.ts";

/** Where a suggestion comes to what stands below the cursor's line. */
export interface Repeat {
  /** Where in the suggestion it begins, in UTF-16 units. */
  readonly from: number;
  /** Whether the suggestion is cut there. Else it must not end as it does, but it may still go on otherwise. */
  readonly isCertain: boolean;
}

/** Fewer characters than this, blanks left out, agree with what stands below by chance. */
const fewestAgreed = 8;
/** The same of a whole line right below. */
const shortestLine = 3;

const wordCharacter = /[\p{L}\p{N}]/u;
const closer = /^(?:[)\]}]|<\/)/;

/**
 * Whether a suggestion repeats what stands below: whoever edits a file that the model has read is offered the next lines too,
 * which are there already. White space makes no difference.
 *
 *     tr|             "ue\n  },\n  {"     ue         the bracket is closed below: cut before it
 *     },
 *     <|              "/ul>"                         the element is closed below: nothing is left
 *     </ul>
 *     a, b|           ");\nf(x);"         a, b       the same
 *     );
 *     x = 1;|         "\nreturn x;"       x = 1;     the line stands right below
 *     return x;
 *
 * A closing bracket is kept where the line below closes another one, farther out: it is indented less than the line of the
 * bracket that the suggestion closes. A whole line that stands some lines below is kept where it stands above too, as does one
 * right below that stands right above: such lines are repeated on purpose.
 *
 * @param isLast whether nothing more of the suggestion is to come
 */
export function repeatOf(text: string, around: Surroundings, isLast = false): Repeat | undefined {
  const first = around.linesBelow[0]?.words;
  if (first === undefined) return undefined;
  if (!closer.test(first)) return repeatedText(text, around, isLast) ?? repeatedLine(text, around, isLast);
  const from = first.startsWith("</") ? repeatedTag(text, around) : repeatedBracket(text, around, first.charAt(0));
  return from === undefined ? repeatedLine(text, around, isLast) : { from, isCertain: true };
}

/** The first bracket of a suggestion that the line right below closes. */
function repeatedBracket(
  text: string,
  { openBrackets, linesBelow }: Surroundings,
  standing: string,
): number | undefined {
  let closed = 0;
  const own: string[] = [];
  for (const { index, 0: character } of withoutStrings(text).matchAll(/[()[\]{}]/g)) {
    const opened = brackets.get(character);
    if (opened) own.push(opened);
    else if (own.length > 0) own.pop();
    else {
      const opener = openBrackets.at(-1 - closed++);
      if (opener && opener.closer !== character) return undefined;
      if (character === standing && isClosedBy(opener, linesBelow[0])) return index;
    }
  }
  return undefined;
}

/** The first end tag of a suggestion that stands in the line right below. */
function repeatedTag(text: string, { lineStart, openTags, linesBelow }: Surroundings): number | undefined {
  const line = lineStart + text;
  let closed = 0;
  // Its beginning may be typed.
  for (let at = line.indexOf("</", Math.max(0, lineStart.length - 1)); at >= 0; at = line.indexOf("</", at + 2)) {
    const from = Math.max(0, at - lineStart.length);
    if (openElements(text.slice(0, from)).length > 0) continue;
    if (isClosedBy(openTags.at(-1 - closed++), linesBelow[0])) return from;
  }
  return undefined;
}

/** Whether a line closes what an opener opens, and not something farther out. An opener that is out of sight is taken to be closed. */
function isClosedBy(opener: StandingOpener | undefined, line: StandingLine | undefined): boolean {
  return !opener || !line || opener.indentation.length <= line.indentation;
}

/** Where a suggestion, or what it has from a line's beginning on, says what follows the cursor's line. */
function repeatedText(text: string, { lineStart, below }: Surroundings, isLast: boolean): Repeat | undefined {
  // Within a line a few characters that stand below too are chance, unless the line goes on below.
  let fewest = goesOnBelow.test(lineStart) ? 1 : fewestAgreed;
  for (let from = 0; from <= text.length; fewest = 1) {
    const said = saidOf(below, text, from);
    if (said && said.characters >= fewest && (said.isAll || said.isLines)) {
      return { from, isCertain: isLast || said.isLines };
    }
    const end = text.indexOf("\n", from);
    if (end < 0) return undefined;
    from = end + 1;
  }
  return undefined;
}

const goesOnBelow = /^\s*$|[([{,]\s*$/;

/** How much of what follows the cursor's line a text says, from an offset on. */
interface Said {
  /** Number of characters that agree, blanks left out. */
  readonly characters: number;
  /** Whether all of the text agrees. */
  readonly isAll: boolean;
  /** Whether whole lines agree, and more than by chance; the text may go on otherwise. */
  readonly isLines: boolean;
}

function saidOf(following: string, text: string, from: number): Said | undefined {
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

/** The first line that a suggestion makes that is, as a whole, one of those below. */
function repeatedLine(text: string, around: Surroundings, isLast: boolean): Repeat | undefined {
  const { above, lineStart, rest } = around;
  const fit = text.includes("\n") || rest === "" ? undefined : fitToRest(text, rest);
  const made = fit ? lineStart + fit.text + rest.slice(fit.replacedLength) : lineStart + text;
  const lines = made.split("\n");
  let from = 0;
  for (const [i, line] of lines.entries()) {
    const before = (): string => lines[i - 1] ?? above.trimEnd().split("\n").at(-1) ?? "";
    if (standsNear(line, before, around)) return { from, isCertain: i < lines.length - 1 || isLast };
    from += line.length + (i === 0 ? -lineStart.length : 1);
  }
  return undefined;
}

function standsNear(line: string, before: () => string, { above, linesBelow }: Surroundings): boolean {
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
