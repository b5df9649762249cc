/** Something that is opened in a text and not closed in it. */
export interface StandingOpener {
  /** What closes it: a bracket, or the name of an element. */
  readonly closer: string;
  /** The blanks at the beginning of its line. */
  readonly indentation: string;
}

/** What closes each bracket. */
export const brackets: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** A string or a character within a line. */
const quoted = /(["'`])(?:\\.|(?!\1|\\).)*\1/g;

/** A text of the same length whose strings are blank. */
export function withoutStrings(text: string): string {
  return text.replace(quoted, (string) => " ".repeat(string.length));
}

/** Elements of HTML that nothing closes. */
const voidElements = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

const tag = /<(\/?)([A-Za-z][\w.:-]*)[^<>]*?(\/?)>/g;

/** The brackets that a text leaves open, innermost last; those in strings count for nothing. */
export function openersIn(text: string): StandingOpener[] {
  const open: StandingOpener[] = [];
  for (const line of text.split("\n")) {
    for (const [character] of withoutStrings(line).matchAll(/[()[\]{}]/g)) {
      const closer = brackets.get(character);
      if (closer) open.push({ closer, indentation: indentationOf(line) });
      else if (open.at(-1)?.closer === character) open.pop();
    }
  }
  return open;
}

/** The elements that a text leaves open, innermost last. */
export function openElements(text: string): StandingOpener[] {
  const open: StandingOpener[] = [];
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
