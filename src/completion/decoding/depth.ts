import type { DecodedCharacter, GivenCharacter } from "./decoder.ts";
import { indentationOf, openersIn } from "./openers.ts";
import type { Surroundings } from "./surroundings.ts";

/** The indentation that a line of a suggestion should have. */
export interface LineDepth {
  /** The line's beginning in the suggestion, in UTF-16 units. */
  readonly from: number;
  /** The number of spaces at its beginning, with those that stand before the cursor. */
  readonly spaces: number;
}

/** A statement after which its block ends. One with a condition may be followed by others. */
const jump = /^\s*(?:break|continue|raise|return|throw)\b(?!.*(?:\b(?:if|unless|when)\b|[([{,\\]\s*$))/;
/** Lines whose block is indented in every style. The contents of a switch, a class or a namespace need not be. */
const indentsBlock =
  /^(?!.*\b(?:class|namespace|switch)\b).*(?:\b(?:catch|do|else|finally|for|function|if|try|while)\b|=>|:\s*$)/;
const closer = /^[)\]}]/;

/**
 * Finds an indentation that the document does not have at the end of a suggestion: the text ends with the first character of a line,
 * and the line is less deep than the one before it, but at no level that a line above has open. It is fitted to such a level. A model
 * dedents by the width that it was trained on.
 * @returns undefined if the line is right, or the text does not end with the first character of a line
 */
export function fittedDepth(text: string, around: Surroundings): LineDepth | undefined {
  const from = text.lastIndexOf("\n") + 1;
  const line = from > 0 ? text.slice(from) : around.lineStart + text;
  const first = line.trimStart();
  if (first.length !== 1 || line.includes("\t") || !around.indentation?.hasLevels) return undefined;
  const before = from > 0 ? around.above + around.lineStart + text.slice(0, from) : around.above;
  const spaces = depthOf(line.length - 1, first, before, around.indentation);
  const typed = from > 0 ? 0 : around.lineStart.length;
  return spaces === undefined || spaces === line.length - 1 || spaces < typed ? undefined : { from, spaces };
}

/** The depth of a line, given the one that it was decoded with and its first character; undefined if that is right. */
function depthOf(
  depth: number,
  first: string,
  before: string,
  { step, opens }: NonNullable<Surroundings["indentation"]>,
): number | undefined {
  const lines = before.split("\n").filter((line) => line.trim() !== "");
  const previous = lines.at(-1) ?? "";
  const deepest = indentationOf(previous).length;
  const isCloser = closer.test(first);
  if (depth > deepest) return undefined;
  if (opens.test(previous)) {
    const isInBlock = !isCloser && first !== "#" && indentsBlock.test(previous);
    return isInBlock && step !== undefined ? deepest + step : undefined;
  }
  const levels = openLevels(lines);
  const isAfterJump = jump.test(previous);
  if (depth === deepest ? !isAfterJump : levels.includes(depth)) return undefined;
  const unit = step ?? commonestStep(lines);
  if (depth < deepest && (unit === undefined || depth % unit === 0)) return undefined;
  const opener = openersIn(before).at(-1);
  const innermost = opener?.indentation.length ?? -1;
  if (opener && opener.closer === first && levels.includes(innermost)) return innermost;
  const outer = levels.filter((level) => level < deepest && (isCloser || level > innermost));
  const inner = depth > 0 && outer.length > 1 ? outer.filter((level) => level > 0) : outer;
  // Of two that are equally near, the deeper one comes first.
  const [nearest] = inner.sort((a, b) => Math.abs(a - depth) - Math.abs(b - depth) || b - a);
  return nearest ?? (isAfterJump ? undefined : deepest);
}

/** The depths of the blocks that are open after some lines, innermost first. */
function openLevels(lines: readonly string[]): number[] {
  const levels: number[] = [];
  for (const line of lines.toReversed()) {
    const depth = indentationOf(line).length;
    if (depth < (levels.at(-1) ?? Number.POSITIVE_INFINITY)) levels.push(depth);
    if (depth === 0) break;
  }
  return levels;
}

/** The commonest number of spaces that a line has more than the line before it. */
function commonestStep(lines: readonly string[]): number | undefined {
  const counts = new Map<number, number>();
  for (const [i, line] of lines.slice(1).entries()) {
    const step = indentationOf(line).length - indentationOf(lines[i] ?? "").length;
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/**
 * The beginning of a line with another number of spaces.
 * @param line the decoded beginning: blanks, and the line's first character, which has the probability of all of them
 */
export function fittedTo(spaces: number, line: readonly DecodedCharacter[]): GivenCharacter[] {
  const first = line.at(-1);
  if (!first) return [];
  const space = { text: " ", tokens: [...first.before.tokenizer.encode(" ")], probability: 1 };
  const { text, tokens } = first;
  const probability = line.reduce((product, character) => product * character.probability, 1);
  return [...Array.from({ length: spaces }, () => space), { text, tokens, probability }];
}
