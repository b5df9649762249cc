import type { DocumentText } from "./document-text.ts";

/** A passage of a text, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A passage in the place of another; either may be empty. */
export interface Change {
  /** What was there, as it stands in the text before. */
  readonly removed: Span;
  /** What came in, as it stands in the text after. */
  readonly added: Span;
}

/** How a text became what it is. */
export interface Edit {
  /** The text before it. */
  readonly former: DocumentText;
  /** Up to here, in UTF-16 units, the two are the same. */
  readonly from: number;
  /** In their order; none touches another. */
  readonly changes: readonly Change[];
}

/**
 * Changes, and one more made after them.
 * @param replaced what it replaces, in the text that the changes led to
 * @param length of what it puts there, in UTF-16 units
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

/** From a place after a change to the same place in the text before. */
function shiftOf(change: Change | undefined): number {
  return change ? change.removed.to - change.added.to : 0;
}

/** More UTF-16 units in one edit than this come not from typing but from opening, pasting or switching branches. */
export const longestTyped = 500;
