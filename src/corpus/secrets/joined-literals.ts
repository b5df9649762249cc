import type { Span } from "../../span.ts";

/** A text in which literals that code joins are one, such as "ab" + "cd". */
export interface JoinedLiterals {
  /** The lines with joined literals. */
  readonly text: string;
  /**
   * Where a passage of the text stands in the original.
   * @returns undefined if the passage lies within one literal, so that it also occurs in the original
   */
  originOf(passage: Span): Span | undefined;
}

/** Matches what stands between two literals that are joined, by an operator or by nothing, on one line or on two. */
const joint =
  /(["'`])(?!\1)[^\S\r\n]{0,40}(?:[+.&~\\]|\.\.|<>|\|\||\+\+)?[^\S\r\n]{0,40}(?:\r?\n[^\S\r\n]{0,80}(?:[+.&~]|\.\.|<>|\|\|)?[^\S\r\n]{0,40})?(?:(?<!["'`])[bfLru]{1,2})?\1/g;

/** The characters before and after a joint that are taken into the joined text. */
const reach = 300;

/** A part of the original, and where it stands in the joined text. */
interface Part {
  readonly origin: number;
  readonly at: number;
}

/** Joins the literals of a text, as far as that may complete a secret that is divided. Undefined if the text joins none. */
export function joinLiterals(text: string): JoinedLiterals | undefined {
  let joined = "";
  const parts: Part[] = [];
  let end = 0;
  const take = (from: number, to: number): void => {
    parts.push({ origin: from, at: joined.length });
    joined += text.slice(from, to);
    end = to;
  };
  for (const { index, 0: between } of text.matchAll(joint)) {
    if (parts.length > 0 && index - end <= reach && !text.slice(end, index).includes("\n")) take(end, index);
    else {
      if (parts.length > 0) take(end, Math.min(endOfLine(text, end), end + reach));
      joined += "\n";
      take(Math.max(end, text.lastIndexOf("\n", index) + 1, index - reach), index);
    }
    end = index + between.length;
  }
  if (parts.length === 0) return undefined;
  take(end, Math.min(endOfLine(text, end), end + reach));
  return { text: joined, originOf: (passage) => originOf(parts, passage) };
}

function originOf(parts: readonly Part[], { from, to }: Span): Span | undefined {
  const first = parts.findLast(({ at }) => at <= from);
  const last = parts.findLast(({ at }) => at < to);
  if (!first || !last || first === last) return undefined;
  return { from: first.origin + from - first.at, to: last.origin + to - last.at };
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
