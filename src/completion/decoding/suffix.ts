import { anyBracket, brackets, withoutStrings } from "./brackets.ts";
import { graphemeCount } from "./graphemes.ts";

/** A suggestion fitted to the text right of the cursor. */
export interface Fit {
  /** The text to insert at the cursor. */
  readonly text: string;
  /** The number of UTF-16 units right of the cursor that `text` replaces. */
  readonly replacedLength: number;
  /** The number of characters of `text` that are new, so that the user would have had to type them. */
  readonly gain: number;
}

const closersOnly = /^(?:[)\]}>"'`\s]|\*\/|-->|\/>)*(?:[;:,{]\s*)?$/;

/** The closing character of each opening one. */
const closers: ReadonlyMap<string, string> = new Map([...brackets, ["<", ">"], ['"', '"'], ["'", "'"], ["`", "`"]]);

/** Whether the text right of the cursor is only closing punctuation or white space, or empty. */
export function closesOnly(rest: string): boolean {
  return closersOnly.test(rest);
}

/**
 * Fits a suggestion to the rest of the line, so that it repeats nothing of the rest. A closing character of the suggestion that
 * closes nothing in the suggestion counts as the one in the rest, if both are the same:
 *
 *     print(|)          "name)"      name               the bracket is there already: trimmed
 *     print(|)          "f(x)"       f(x)               this bracket is the suggestion's own: kept
 *     print(|)          "f(x"        f(x                leaves a bracket open, which must be closed first: no gain
 *     print(|)          "name);"     name[)];           it continues after the bracket: replaces it
 *     if (|) {          "a) {"       a                  all of it is there already: trimmed
 *     if (|) {          "a), b"      a                  it continues differently from the line: trimmed
 *     f(|, b)           "a, b);"     a                  it reaches the text that is there: trimmed
 *
 * @param text the suggestion, within one line
 * @param rest of the line
 */
export function fitToRest(text: string, rest: string): Fit {
  if (!closesOnly(rest)) return fitBeforeText(text, rest);
  const matches = matchClosers(text, rest.trimEnd());
  const first = matches[0];
  const last = matches.at(-1);
  if (!first || !last) return { text, replacedLength: 0, gain: gainBefore(text, rest) };
  const isAllMatched = last.inRest + 1 === rest.trimEnd().length;
  const goesOn = text.slice(last.inText + 1).trim() !== "";
  const isSplit = matches.some(({ inText }, i) => i > 0 && isNewBetween(text, matches[i - 1]?.inText ?? 0, inText));
  if (isAllMatched && (goesOn || isSplit)) {
    return { text, replacedLength: last.inRest + 1, gain: graphemeCount(text) - matches.length };
  }
  const kept = text.slice(0, first.inText).trimEnd();
  return { text: kept, replacedLength: 0, gain: gainBefore(kept, rest) };
}

/**
 * The gain of a suggestion before closing punctuation: 0 if it leaves a bracket or a quote open, which the punctuation would
 * close.
 */
function gainBefore(text: string, rest: string): number {
  return rest.trim() !== "" && leavesOpen(text) ? 0 : graphemeCount(text);
}

function leavesOpen(text: string): boolean {
  const code = withoutStrings(text);
  let depth = 0;
  for (const [character] of code.matchAll(anyBracket)) {
    if (brackets.has(character)) depth++;
    else if (depth > 0) depth--;
  }
  return depth > 0 || openQuote.test(code);
}

/** A quote that is not closed. Within a word, a single quote is an apostrophe. */
const openQuote = /["`]|(?<![\p{L}\p{N}])'/u;

/** Whether a suggestion may end this way: not with white space, unless text follows in the line; and never as white space alone. */
export function endsWell(text: string, rest: string): boolean {
  return text.trimEnd() === text || (text.trim() !== "" && rest.trimStart() === rest && !closesOnly(rest));
}

/**
 * The place at which a suggestion in the middle of a line reaches the text right of the cursor. From there on it equals the
 * beginning of that text, so nothing is missing after it.
 * @returns undefined if there is no such place
 */
export function meetingPoint(text: string, rest: string): number | undefined {
  if (closesOnly(rest)) return undefined;
  const following = rest.trimEnd();
  for (let from = 0; from < text.length; from++) {
    const agreed = following.slice(0, text.length - from);
    const isChance = agreed.length < Math.min(following.length, fewestAgreed) && wordPart.test(agreed);
    if (!isChance && text.startsWith(agreed, from)) return from;
  }
  return undefined;
}

function fitBeforeText(text: string, rest: string): Fit {
  const kept = text.slice(0, meetingPoint(text, rest));
  // It must not end with letters that agree by chance: they may be the beginning of the text that is there.
  const gain = overlapsAtEnd(kept, rest) ? 0 : graphemeCount(kept);
  return { text: kept, replacedLength: 0, gain };
}

function overlapsAtEnd(text: string, rest: string): boolean {
  for (let length = 1; length < fewestAgreed && length <= text.length; length++) {
    if (rest.startsWith(text.slice(-length))) return true;
  }
  return false;
}

/** Fewer letters than this agree by chance. */
const fewestAgreed = 3;
const wordPart = /^[\p{L}\p{N}_]*$/u;

interface Match {
  readonly inText: number;
  readonly inRest: number;
}

/** The characters of the text that are those of the rest. Each closes, separates or ends something outside the text. */
function matchClosers(text: string, rest: string): Match[] {
  const matches: Match[] = [];
  const awaited: string[] = [];
  let inRest = skipBlanks(rest, 0);
  for (let inText = 0; inText < text.length && inRest < rest.length; inText++) {
    const character = text[inText] ?? "";
    if (awaited.at(-1) === character) {
      awaited.pop();
    } else if (isQuote(awaited.at(-1))) {
      if (character === "\\") inText++;
    } else if (awaited.length === 0 && character === rest[inRest]) {
      matches.push({ inText, inRest });
      inRest = skipBlanks(rest, inRest + 1);
    } else {
      const closer = closerOf(text, inText);
      if (closer) awaited.push(closer);
    }
  }
  return matches;
}

function isNewBetween(text: string, from: number, to: number): boolean {
  return text.slice(from + 1, to).trim() !== "";
}

function skipBlanks(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && text[offset]?.trim() === "") offset++;
  return offset;
}

function isQuote(character: string | undefined): boolean {
  return character !== undefined && closers.get(character) === character;
}

/** The closer of the character at `offset`, if it opens something. An apostrophe or a "less than" that is never closed does not. */
function closerOf(text: string, offset: number): string | undefined {
  const character = text[offset] ?? "";
  const closer = closers.get(character);
  const isAmbiguous = closer === character || closer === ">";
  return closer && isAmbiguous && !text.includes(closer, offset + 1) ? undefined : closer;
}
