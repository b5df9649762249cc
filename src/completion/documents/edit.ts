import type { Span } from "../../span.ts";
import type { DocumentText } from "./document-text.ts";

/** The replacement of one passage by another. Either may be empty. */
export interface Change {
  /** The removed passage, in the text before the change. */
  readonly removed: Span;
  /** The added passage, in the text after the change. */
  readonly added: Span;
}

/** The changes that led from one text to another. */
export interface Edit {
  /** The text before it. */
  readonly former: DocumentText;
  /** The offset in UTF-16 units up to which the two texts are the same. */
  readonly from: number;
  /** In order of their offsets. No two touch each other. */
  readonly changes: readonly Change[];
}

/**
 * Adds a change that was made after the others.
 * @param replaced the passage that it replaces, in the text after the other changes
 * @param length length of the replacement, in UTF-16 units
 */
export function withChange(changes: readonly Change[], replaced: Span, length: number): Change[] {
  const { from, to } = replaced;
  const delta = length - (to - from);
  const before = changes.filter(({ added }) => added.to < from);
  const touched = changes.filter(({ added }) => added.from <= to && added.to >= from);
  const after = changes.filter(({ added }) => added.from > to);
  const [first, last] = [touched[0], touched.at(-1)];
  const isFirst = first !== undefined && first.added.from <= from;
  const isLast = last !== undefined && last.added.to >= to;
  return [
    ...before,
    {
      removed: {
        from: isFirst ? first.removed.from : from + shiftOf(before.at(-1)),
        to: isLast ? last.removed.to : to + shiftOf(last ?? before.at(-1)),
      },
      added: { from: isFirst ? first.added.from : from, to: (isLast ? last.added.to : to) + delta },
    },
    ...after.map(({ removed, added }) => ({ removed, added: { from: added.from + delta, to: added.to + delta } })),
  ];
}

/** The distance from a place after a change to the same place in the text before it. */
function shiftOf(change: Change | undefined): number {
  return change ? change.removed.to - change.added.to : 0;
}

/** An edit of more UTF-16 units than this was not typed: a document was opened, text was pasted, or a branch was switched. */
export const longestTyped = 500;
