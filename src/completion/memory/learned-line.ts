import type { History } from "../prediction/local/history.ts";
import { holdsPosition, type Pieces } from "./pieces.ts";

/** A line of a text that was learned. */
export interface LearnedLine {
  /** The name of its text, such as a file's path; undefined if the text is not known any more. */
  readonly name: string | undefined;
  /** From 1; undefined if it was typed since its text was read or saved last. */
  readonly line: number | undefined;
  /** As far as the history has it in one piece. */
  readonly text: string;
}

/** The most bytes of a line on either side of a position. */
const longest = 160;
const lineFeed = 0x0a;

/**
 * The line at a position of the history.
 * @param of the line's text, and the passages that hold it, as far as they are known
 * @returns undefined if the history does not hold the position any more
 */
export function learnedLine(
  history: History,
  position: number,
  { name, pieces }: { readonly name: string | undefined; readonly pieces: Pieces | undefined },
): LearnedLine | undefined {
  if (!history.holds(position)) return undefined;
  const isOfLine = (at: number): boolean => history.holds(at) && history.at(at) !== lineFeed;
  let [from, to] = [position, position];
  while (position - from < longest && isOfLine(from - 1)) from--;
  while (to - position < longest && isOfLine(to)) to++;
  const bytes = Uint8Array.from({ length: to - from }, (_, i) => history.at(from + i));
  const text = new TextDecoder().decode(bytes).trim();
  const line = pieces && holdsPosition(pieces, position) ? 1 + lineFeedsBefore(history, pieces, position) : undefined;
  return { name, line, text };
}

function lineFeedsBefore(history: History, pieces: Pieces, position: number): number {
  let count = 0;
  for (let i = 0; i < pieces.length; i += 2) {
    const [from = 0, to = 0] = pieces.slice(i, i + 2);
    const isLast = from <= position && position < to;
    for (let at = from; at < (isLast ? position : to); at++) if (history.at(at) === lineFeed) count++;
    if (isLast) break;
  }
  return count;
}
