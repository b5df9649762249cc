/** The closing bracket of each opening one. */
export const brackets: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** Matches each bracket. */
export const anyBracket = /[()[\]{}]/g;

/** A string or character literal within a line. Only one alternative matches a backslash: with two, matching could take exponential time. */
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
