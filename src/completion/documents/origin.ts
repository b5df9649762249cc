import { boundaryBefore, type TextInParts } from "../../boundary.ts";
import { isLineStart } from "../text.ts";

/**
 * The most UTF-16 units that one request reads, however long the document is. Where no state is kept nearby, reading begins at
 * the start of a line between half of this and all of this before the goal.
 */
export const horizon = 1024;

/** The offset at which reading begins for a goal. */
export function originFor(text: TextInParts, goal: number): number {
  const earliest = goal - horizon;
  if (earliest <= 0) return 0;
  return firstLineStart(text, earliest, earliest + horizon / 2) ?? boundaryBefore(text, earliest);
}

/** @param from an offset after the beginning of the text */
function firstLineStart(text: TextInParts, from: number, to: number): number | undefined {
  const part = text.slice(from - 1, to + 1);
  for (let offset = from; offset <= to; offset++) if (isLineStart(part, offset - from + 1)) return offset;
  return undefined;
}
