import type { TextProperty } from "../playground-protocol.ts";

/** What is told apart while a text is scanned. */
interface Scan {
  /** The quote that is open. */
  quote: string | undefined;
  /** What ends the comment that is open. */
  commentEnd: string | undefined;
  depth: number;
  column: number;
  indentation: number;
  isIndenting: boolean;
}

/** A hash or slashes that begin a comment: at the beginning of a line or after a blank. */
const lineComment = /(?<![^\s])(?:#|\/\/|--)\s/y;
/** An apostrophe in a word is no quote. */
const quotes = /["`]|(?<![\p{L}\p{N}])'/uy;

/**
 * The value of a property at each place of a text, by a small scanner that knows no particular language: quotes, brackets, comments that
 * begin with #, //, -- or a slash and an asterisk.
 * @returns one number for each UTF-16 unit: the value after it
 */
export function valuesOf(property: TextProperty, text: string): Float32Array {
  const values = new Float32Array(text.length);
  const scan: Scan = {
    quote: undefined,
    commentEnd: undefined,
    depth: 0,
    column: 0,
    indentation: 0,
    isIndenting: true,
  };
  for (let at = 0; at < text.length; at++) {
    advance(scan, text, at);
    values[at] = valueAt(property, scan, text, at);
  }
  return values;
}

function valueAt(property: TextProperty, scan: Scan, text: string, at: number): number {
  switch (property) {
    case "quotes":
      return scan.quote === undefined ? 0 : 1;
    case "brackets":
      return scan.depth;
    case "comments":
      return scan.commentEnd === undefined ? 0 : 1;
    case "indentation":
      return scan.indentation;
    case "column":
      return scan.column;
    case "line-end":
      return text[at + 1] === "\n" ? 1 : 0;
  }
}

/** Takes the character at `at` into account. */
function advance(scan: Scan, text: string, at: number): void {
  const character = text[at] ?? "";
  layOut(scan, character);
  if (scan.commentEnd !== undefined) {
    if (text.startsWith(scan.commentEnd, at + 1 - scan.commentEnd.length)) scan.commentEnd = undefined;
  } else if (scan.quote !== undefined) {
    const isEscaped = text[at - 1] === "\\" && text[at - 2] !== "\\";
    // A quote that is not closed in its line was none.
    const isOver = character === scan.quote || (character === "\n" && scan.quote !== "`");
    if (isOver && !isEscaped) scan.quote = undefined;
  } else if (isAt(lineComment, text, at)) scan.commentEnd = "\n";
  else if (text.startsWith("/*", at)) scan.commentEnd = "*/";
  else if (isAt(quotes, text, at)) scan.quote = character;
  else if (/[([{]/.test(character)) scan.depth++;
  else if (/[)\]}]/.test(character)) scan.depth = Math.max(0, scan.depth - 1);
}

function layOut(scan: Scan, character: string): void {
  if (character === "\n") Object.assign(scan, { column: 0, indentation: 0, isIndenting: true });
  else {
    scan.column++;
    scan.isIndenting &&= character === " " || character === "\t";
    if (scan.isIndenting) scan.indentation++;
  }
}

function isAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
