import {
  beginsWithCloser,
  closesBelow,
  closingBrackets,
  noBrackets,
  type OwnBrackets,
  repeatedTag,
} from "./closed-below.ts";
import { indentationOf } from "./openers.ts";
import { fitToRest } from "./suffix.ts";
import type { Surroundings } from "./surroundings.ts";

/** The place at which a suggestion reaches the text below the cursor's line. */
export interface Repeat {
  /** Its beginning in the suggestion, in UTF-16 units. */
  readonly from: number;
  /** Whether the suggestion is cut there. Otherwise it must not end here, but may still continue differently. */
  readonly isCertain: boolean;
}

/** What is known of the first lines of a suggestion, none of which is certain to repeat anything. Immutable. */
export interface FinishedLines {
  /** Their length in UTF-16 units, with the line feed of the last one. */
  readonly length: number;
  /** The length of what has been looked at for end tags: a tag is looked at only until it is whole. */
  readonly tags: number;
  /** The beginnings of lines from which they agree with the text below. */
  readonly agreeing: readonly number[];
  /** Undefined if one of them is closed below. */
  readonly brackets: OwnBrackets | undefined;
}

export const noLines: FinishedLines = { length: 0, tags: 0, agreeing: [], brackets: noBrackets };

/** Fewer characters than this, not counting blanks, agree with the text below by chance. */
const fewestAgreed = 8;
/** The same for a whole line that is right below. */
const shortestLine = 3;

const wordCharacter = /[\p{L}\p{N}]/u;

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
 * @param finished what is known of the first lines of the suggestion; so a suggestion that grows is looked at line by line
 */
export function repeatOf(
  text: string,
  around: Surroundings,
  isLast = false,
  finished: FinishedLines = noLines,
): Repeat | undefined {
  const line = (): Repeat | undefined => repeatedLine(text, around, isLast, finished);
  switch (closesBelow(around)) {
    case "bracket": {
      const { length, brackets } = finished;
      const { from, isCertain = false } = brackets ? closingBrackets(text, around, isLast, length, brackets) : {};
      return surer(from === undefined ? undefined : { from, isCertain }, line);
    }
    case "tag": {
      const tag = repeatedTag(text, around, finished.tags);
      const from = tag?.from ?? loneBracket(text, around);
      return surer(from === undefined ? undefined : { from, isCertain: tag?.isWhole === true || isLast }, line);
    }
    default:
      return surer(repeatedText(text, around, isLast, finished), line);
  }
}

/** The place of a new line that is nothing but the first character of a tag. The tag may be the end tag that is right below. */
function loneBracket(text: string, { lineStart }: Surroundings): number | undefined {
  const feed = text.lastIndexOf("\n");
  const line = feed < 0 ? lineStart + text : text.slice(feed + 1);
  return text.endsWith("<") && line.trim() === "<" ? Math.max(0, feed) : undefined;
}

/** The first of two repeats, unless only the second is certain. */
function surer(first: Repeat | undefined, other: () => Repeat | undefined): Repeat | undefined {
  if (first?.isCertain) return first;
  const second = other();
  return second?.isCertain ? second : (first ?? second);
}

/**
 * What is known of a suggestion that ends with a line feed.
 * @param finished what is known of its first lines
 */
export function finishLine(text: string, around: Surroundings, finished: FinishedLines): FinishedLines {
  const { length, brackets } = finished;
  const below = closesBelow(around);
  return {
    length: text.length,
    tags: text.length,
    agreeing: below ? [] : beginnings(text, finished).filter((from) => agrees(around, text, from)),
    brackets:
      below === "bracket" && brackets ? closingBrackets(text, around, false, length, brackets).brackets : brackets,
  };
}

/** The beginnings of lines from which a suggestion may agree with the text below; of blank lines in a row, that of the first. */
function beginnings(text: string, { agreeing, length }: FinishedLines): number[] {
  const all = [...agreeing];
  for (let from = length; from < text.length || from === 0; ) {
    all.push(from);
    const end = text.indexOf("\n", from);
    if (end < 0) break;
    from = end + 1;
  }
  let blankUpTo = 0;
  return all.filter((from) => {
    if (from > 0 && from <= blankUpTo) return false;
    if (from > 0) blankUpTo = afterBlanks(text, from);
    return true;
  });
}

/** The place from which a suggestion agrees with the text after the cursor's line: its beginning, or that of one of its lines. */
function repeatedText(
  text: string,
  { lineStart, below }: Surroundings,
  isLast: boolean,
  finished: FinishedLines,
): Repeat | undefined {
  for (const from of beginnings(text, finished)) {
    const agreed = agreementOf(below, text, from);
    // Within a line, a few characters agree with the text below by chance, unless the statement continues there.
    const fewest = from > 0 || goesOnBelow.test(lineStart) ? 1 : fewestAgreed;
    if (agreed && agreed.characters >= fewest && (agreed.isAll || agreed.isLines)) {
      return { from, isCertain: isLast || agreed.isLines };
    }
  }
  return undefined;
}

/** Whether all of a suggestion, from one of its lines on, agrees with the text below. */
function agrees({ below }: Surroundings, text: string, from: number): boolean {
  return afterBlanks(text, from) === text.length || agreementOf(below, text, from)?.isAll === true;
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
function repeatedLine(
  text: string,
  around: Surroundings,
  isLast: boolean,
  { length }: FinishedLines,
): Repeat | undefined {
  const { above, lineStart, rest } = around;
  const isFirst = length === 0;
  const fit = text.includes("\n") || rest === "" ? undefined : fitToRest(text, rest);
  const first = fit ? fit.text + rest.slice(fit.replacedLength) : text.slice(length);
  const lines = ((isFirst ? lineStart : "") + first).split("\n");
  const lineBefore = isFirst ? above.trimEnd() : lineStart + text.slice(0, length - 1);
  let from = Math.max(0, length - 1);
  for (const [i, line] of lines.entries()) {
    const before = (): string => lines[i - 1] ?? lineBefore.slice(lineBefore.lastIndexOf("\n") + 1);
    const isWhole = i < lines.length - 1;
    if (isRepeated(line, before, around)) return { from, isCertain: isWhole || isLast };
    const isNew = i > 0 || !isFirst || lineStart.trim() === "";
    if (!isWhole && isNew && isBegunBelow(line, around)) return { from, isCertain: isLast };
    from += line.length + (i === 0 && isFirst ? -lineStart.length : 1);
  }
  return undefined;
}

/** Whether a line is also one of the lines below, and not repeated on purpose. */
function isRepeated(line: string, before: () => string, { above, linesBelow }: Surroundings): boolean {
  const words = line.trim();
  const indentation = indentationOf(line).length;
  if (words.length < shortestLine || !wordCharacter.test(words)) return false;
  // A block may end as the one around it does.
  if (beginsWithCloser(words) && (words.startsWith("<") || linesBelow[0]?.indentation !== indentation)) return false;
  if (words === linesBelow[0]?.words) return before().trim() !== words;
  if (words.length < fewestAgreed || beginsWithCloser(words)) return false;
  for (const other of linesBelow) {
    // The block ends here.
    if (other.indentation < indentation) return false;
    if (other.words === words) return !above.split("\n").some((known) => known.trim() === words);
  }
  return false;
}

/** Whether one of the lines below begins as a line does that is not whole, and none of the lines above. */
function isBegunBelow(line: string, { above, linesBelow }: Surroundings): boolean {
  const words = line.trim();
  if (words.length < fewestAgreed) return false;
  const end = linesBelow.findIndex(({ indentation }) => indentation < indentationOf(line).length);
  const inBlock = linesBelow.slice(0, end < 0 ? undefined : end);
  const isBelow = inBlock.some((other) => other.words.startsWith(words) && other.words !== words);
  return isBelow && !above.split("\n").some((known) => known.trim().startsWith(words));
}

function afterBlanks(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && isBlank(text.charCodeAt(offset))) offset++;
  return offset;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
