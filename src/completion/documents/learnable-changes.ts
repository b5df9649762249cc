import { boundaryBefore, isBoundary } from "../../boundary.ts";
import type { Span } from "../../span.ts";
import { restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import { type Change, longestTyped } from "./edit.ts";
import type { LearningFilter } from "./learning-filter.ts";

/** How many UTF-16 units of a line are looked at on either side of a change. */
const longestLine = 1000;

/**
 * Gives what to take back and what to learn for each change. Where it makes a line one that may not be learned, such as a finished
 * password, all of the line is taken back, because its beginning was learned. Where it makes a line one that may be learned, all of
 * it is learned.
 */
export function* learnableChanges(
  filter: LearningFilter,
  former: DocumentText,
  text: DocumentText,
  changes: readonly Change[],
): Generator<Partial<Change>> {
  // Several changes in a line concern the whole line only once.
  let [formerEnd, end] = [0, 0];
  for (const { removed, added } of changes) {
    const wasAllowed = allows(filter, former, removed);
    const isAllowed = allows(filter, text, added);
    const gone = wasAllowed && after(formerEnd, isAllowed ? removed : lineSpan(former, removed));
    const come = isAllowed && after(end, wasAllowed ? added : lineSpan(text, added));
    if (gone) formerEnd = gone.to;
    if (come) end = come.to;
    yield { ...(gone && { removed: gone }), ...(come && { added: come }) };
  }
}

/** A passage extended to whole characters. */
export function wholeCharacters(text: DocumentText, { from, to }: Span): Span {
  return { from: boundaryBefore(text, from), to: isBoundary(text, to) ? to : to + 1 };
}

/** Whether the lines of a passage may be learned. Those of a long one are filtered as they are read. */
function allows(filter: LearningFilter, text: DocumentText, span: Span): boolean {
  if (span.to - span.from > longestTyped) return true;
  const { from, to } = lineSpan(text, span);
  return filter.allows(text.slice(from, to));
}

/** A passage extended to whole lines, as far as they are looked at, without the last one's end. */
function lineSpan(text: DocumentText, { from, to }: Span): Span {
  const { character } = text.positionAt(from);
  return wholeCharacters(text, {
    from: from - Math.min(character, longestLine),
    to: to + restOfLine(text, to, longestLine).length,
  });
}

/** The part of a passage after an offset; undefined if there is none. */
function after(offset: number, { from, to }: Span): Span | undefined {
  return to < offset || (to === offset && from < to) ? undefined : { from: Math.max(from, offset), to };
}
