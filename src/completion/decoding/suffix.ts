import { graphemeCount } from "./graphemes.ts";

/** A suggestion beside the text that stands right of the cursor. */
export interface Fit {
  /** What goes in at the cursor. */
  readonly text: string;
  /** How many UTF-16 units right of the cursor `text` replaces. */
  readonly replacedLength: number;
  /** How many characters of `text` are new: those that the user would have had to type. */
  readonly gain: number;
}

const closersOnly = /^(?:[)\]}>"'`\s]|\*\/|-->|\/>)*(?:[;:,{]\s*)?$/;

const closers: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["<", ">"],
  ['"', '"'],
  ["'", "'"],
  ["`", "`"],
]);

/** Whether what stands right of the cursor is closing punctuation, white space or nothing. */
export function closesOnly(rest: string): boolean {
  return closersOnly.test(rest);
}

/**
 * Fits a suggestion to the rest of the line, so that nothing that stands there is repeated. A closing character of the
 * suggestion that closes nothing the suggestion opened is the one that stands in the rest, where they agree:
 *
 *     print(|)          "name)"      name               the bracket stands there already: trimmed
 *     print(|)          "f(x)"       f(x)               this bracket is the suggestion's own: kept
 *     print(|)          "f(x"        f(x                leaves a bracket open, which must be closed first: gains nothing
 *     print(|)          "name);"     name[)];           it goes on behind the bracket: replaces it
 *     if (|) {          "a) {"       a                  all of it stands there: trimmed
 *     if (|) {          "a), b"      a                  goes on otherwise than the line does: trimmed
 *     f(|, b)           "a, b);"     a                  what stands there begins: trimmed
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

/** What a suggestion gains right before closing punctuation: nothing if it opens a bracket or a quote, which that would close, and does not close it. */
function gainBefore(text: string, rest: string): number {
  return rest.trim() !== "" && leavesOpen(text) ? 0 : graphemeCount(text);
}

function leavesOpen(text: string): boolean {
  const code = text.replace(quoted, "");
  let depth = 0;
  for (const character of code) {
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character) && depth > 0) depth--;
  }
  return depth > 0 || openQuote.test(code);
}

/** A quote that nothing closes; within a word it is an apostrophe. */
const openQuote = /["`]|(?<![\p{L}\p{N}])'/u;

// A backslash is read in one way only: with two, an open quote with many of them would take for ever.
const quoted = /(["'`])(?:\\.|(?!\1|\\).)*\1/gs;

/** Whether a suggestion may end so: not in white space, unless text stands right of the cursor; and never is it nothing else. */
export function endsWell(text: string, rest: string): boolean {
  return text.trimEnd() === text || (text.trim() !== "" && rest.trimStart() === rest && !closesOnly(rest));
}

/**
 * In the middle of a line, where a suggestion has come to what stands right of the cursor: what is left of it is that, or begins
 * so. Nothing is missing behind that place.
 * @returns undefined if that is nowhere
 */
export function meetingPoint(text: string, rest: string): number | undefined {
  if (closesOnly(rest)) return undefined;
  const standing = rest.trimEnd();
  for (let from = 0; from < text.length; from++) {
    const agreed = standing.slice(0, text.length - from);
    const isChance = agreed.length < Math.min(standing.length, fewestAgreed) && wordPart.test(agreed);
    if (!isChance && text.startsWith(agreed, from)) return from;
  }
  return undefined;
}

function fitBeforeText(text: string, rest: string): Fit {
  const kept = text.slice(0, meetingPoint(text, rest));
  // Letters that agree by chance may be the beginning of what stands there: it must not end with them.
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

/** Which characters of the text are those of the rest: each closes, separates or ends something outside the text. */
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

/** What closes the character at `offset`, if it opens something; an apostrophe or a "less than" that nothing closes does not. */
function closerOf(text: string, offset: number): string | undefined {
  const character = text[offset] ?? "";
  const closer = closers.get(character);
  const isAmbiguous = closer === character || closer === ">";
  return closer && isAmbiguous && !text.includes(closer, offset + 1) ? undefined : closer;
}
