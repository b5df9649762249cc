/** A bracket or an element that a text opens and does not close. */
export interface Opener {
  /** The bracket that closes it, or the name of the element. */
  readonly closer: string;
  /** The blanks at the beginning of its line. */
  readonly indentation: string;
}

/** The closing bracket of each opening one. */
export const brackets: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** A string or character literal within a line. */
const quoted = /(["'`])(?:\\.|(?!\1|\\).)*\1/g;

/** A string that does not end within its line. Elsewhere, a single quote may be an apostrophe or a lifetime of Rust. */
const halfQuoted = /(?:["`]|(?<=(?:^|[\s([{,=:+]))').*/gm;

/**
 * The text with every string replaced by blanks of the same length.
 * @param withHalves whether a string that does not end within its line is replaced too
 */
export function withoutStrings(text: string, withHalves = false): string {
  const code = text.replace(quoted, blanksFor);
  return withHalves ? code.replace(halfQuoted, blanksFor) : code;
}

function blanksFor(string: string): string {
  return " ".repeat(string.length);
}

/** HTML elements without an end tag. */
const voidElements = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

/** A tag. That of a JSX fragment has no name. */
const tag = /<(\/?)([A-Za-z][\w.:-]*|(?=>))[^<>]*?(\/?)>/g;

/** The brackets that a text leaves open, innermost last. Brackets in strings do not count. */
export function openersIn(text: string): Opener[] {
  const open: Opener[] = [];
  const lines = text.split("\n");
  for (const [i, line] of lines.entries()) {
    // The last line is the cursor's, which may be within a string.
    for (const [character] of withoutStrings(line, i === lines.length - 1).matchAll(/[()[\]{}]/g)) {
      const closer = brackets.get(character);
      if (closer) open.push({ closer, indentation: indentationOf(line) });
      else if (open.at(-1)?.closer === character) open.pop();
    }
  }
  return open;
}

/** The elements that a text leaves open, innermost last. */
export function openElements(text: string): Opener[] {
  const open: Opener[] = [];
  for (const { index, 1: slash, 2: name = "", 3: selfClosing } of text.matchAll(tag)) {
    if (slash) {
      const from = open.findLastIndex(({ closer }) => closer === name);
      if (from >= 0) open.length = from;
    } else if (!selfClosing && !voidElements.has(name.toLowerCase())) {
      const lineBegins = text.lastIndexOf("\n", index) + 1;
      open.push({ closer: name, indentation: indentationOf(text.slice(lineBegins, index)) });
    }
  }
  return open;
}

/** The blanks at the beginning of a line. */
export function indentationOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}
