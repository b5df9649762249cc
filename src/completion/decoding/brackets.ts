/** The closing bracket of each opening one. */
export const brackets: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** Matches each bracket. One after a backslash is part of a regular expression or of other text. */
export const anyBracket = /(?<!\\)[()[\]{}]/g;

/** A string or character literal within a line. Only one alternative matches a backslash: with two, matching could take exponential time. */
const quoted = /(["'`])(?:\\.|(?!\1|\\).)*\1/g;

/** A string that does not end within its line. Elsewhere, a single quote may be an apostrophe or a lifetime of Rust. */
const halfQuoted = /(?:["`]|(?<=(?:^|[\s([{,=:+]))').*/gm;

/**
 * A comment, up to the end of its line, or a line within one of several lines. A number sign or two hyphens must stand alone, since they
 * begin other things too; so must an asterisk at the beginning of a line.
 */
const comment = /\/\/.*|\/\*.*?(?:\*\/|$)|^[^\S\n]*\*(?!\S).*|(?<!\S)(?:#|--)(?!\S).*/gm;

/** The text with every string and comment replaced by blanks of the same length. @param withHalves as in {@link withoutStrings} */
export function codeIn(text: string, withHalves = false): string {
  return withoutStrings(text, withHalves).replace(comment, blanksFor);
}

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
