import { boundaryBefore, type TextInParts } from "../../boundary.ts";
import { isLineStart } from "../text.ts";

/**
 * How far back reading begins, in UTF-16 units, where nothing that was read before is kept that near: at a line's start between
 * half of it and all of it. So one request never reads more than this, in a document of any length.
 */
export const horizon = 1024;

/** Where reading begins for a goal. */
export function originFor(text: TextInParts, goal: number): number {
  const earliest = goal - horizon;
  if (earliest <= 0) return 0;
  return firstLineStart(text, earliest, earliest + horizon / 2) ?? boundaryBefore(text, earliest);
}

/** @param from not the text's beginning */
function firstLineStart(text: TextInParts, from: number, to: number): number | undefined {
  const part = text.slice(from - 1, to + 1);
  for (let offset = from; offset <= to; offset++) if (isLineStart(part, offset - from + 1)) return offset;
  return undefined;
}
