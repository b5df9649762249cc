import { anyBracket, brackets, withoutStrings } from "./brackets.ts";

/** A bracket or an element that a text opens and does not close. */
export interface Opener {
  /** The bracket that closes it, or the name of the element. */
  readonly closer: string;
  /** The blanks at the beginning of its line; of a bracket, at the beginning of its statement. */
  readonly indentation: string;
}

/** HTML elements without an end tag. */
const voidElements = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

/** A tag. That of a JSX fragment has no name. A name is matched whole, so that none is tried once for each of its beginnings. */
const tag = /<(\/?)([A-Za-z][\w.:-]*(?![\w.:-])|(?=>))[^<>]*?(\/?)>/g;

/** A tag that does not end. */
export const halfTag = /<[^<>]*$/;

/** The end of a line after which a deeper line is not the rest of the same statement. A comment may follow it. */
const endsStatement = /[;:{}]\s*(?:(?:\/\/|#|--|\/\*).*)?$/;
/** The beginning of a line that is no part of a statement: a comment, or for the preprocessor. */
const isAside = /^\s*(?:#|\/\/|\/\*|\*|--)/;

/**
 * The brackets that a text leaves open, innermost last. Brackets in strings do not count. A statement goes on where a line is deeper than
 * the one before it, which opens no bracket and does not end a statement, and where a line closes a bracket of an earlier one:
 *
 *     int sum(const int *values,
 *             int count) {
 */
export function openersIn(text: string): Opener[] {
  const open: Opener[] = [];
  const lines = text.split("\n");
  /** Of the statement so far; undefined if it has ended. */
  let begun: string | undefined;
  for (const [i, line] of lines.entries()) {
    // The last line is the cursor's, which may be within a string.
    const code = withoutStrings(line, i === lines.length - 1);
    const own = indentationOf(line);
    // A statement is deeper than the block around it. What is not may be text in a literal of several lines.
    const isStatement = begun !== undefined && begun.length > (open.at(-1)?.indentation.length ?? -1);
    let indentation = isStatement && begun !== undefined && own.length > begun.length ? begun : own;
    const atStart = open.length;
    let least = atStart;
    for (const [character] of code.matchAll(anyBracket)) {
      const closer = brackets.get(character);
      if (closer) open.push({ closer, indentation });
      else {
        // What is not closed in between may be no code, as in a comment or a regular expression.
        const from = open.findLastIndex(
          (opener, at) =>
            opener.closer === character && (at >= Math.min(atStart, open.length - 1) || opener.indentation === own),
        );
        const [closed] = from < 0 ? [] : open.splice(from);
        if (open.length >= least || !closed) continue;
        least = open.length;
        indentation = closed.indentation;
      }
    }
    const isOver = open.length > least || line.trim() === "" || isAside.test(line) || endsStatement.test(code);
    begun = isOver ? undefined : indentation;
  }
  return open;
}

/**
 * The elements that a text leaves open, innermost last.
 * @param before those that are open where it begins, which is the beginning of a line
 */
export function openElements(text: string, before: readonly Opener[] = []): Opener[] {
  const open = [...before];
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

/** The elements of a text that others are appended to. */
export interface ElementsBefore {
  /** Those that are open where `rest` begins. */
  readonly open: readonly Opener[];
  /** The text from some line on. What comes after the text may end a tag in it. */
  readonly rest: string;
}

/** Reads most of a text, so that the open elements of the text and others after it are found quickly. */
export function elementsBefore(text: string): ElementsBefore {
  let end = text.length;
  for (let half = text.search(halfTag); half >= 0; half = text.slice(0, end).search(halfTag)) {
    end = text.lastIndexOf("\n", half) + 1;
  }
  return { open: openElements(text.slice(0, end)), rest: text.slice(end) };
}

/** The blanks at the beginning of a line. */
export function indentationOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}
