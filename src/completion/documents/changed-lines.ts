import { boundaryBefore, isBoundary } from "../../boundary.ts";
import type { Span } from "../../span.ts";
import { restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import type { Change, Edit } from "./edit.ts";

/** How many UTF-16 units of a line count on either side of a change. */
const longestLine = 1000;

/**
 * The changes that lead from a former text to another, in whole characters.
 * @param edit its changes are taken if it starts from the former text; otherwise the texts are compared
 */
export function changesBetween(former: DocumentText, text: DocumentText, edit: Edit | undefined): Change[] {
  const changes = edit?.former === former ? edit.changes : [comparedChange(former, text)];
  return changes.map(({ removed, added }) => {
    // Both passages grow alike, so that the texts are still the same outside of them.
    const before = Math.max(split(former, removed.from), split(text, added.from));
    const after = Math.max(split(former, removed.to), split(text, added.to));
    return {
      removed: { from: removed.from - before, to: removed.to + after },
      added: { from: added.from - before, to: added.to + after },
    };
  });
}

/** The most places of one edit that are learned one by one. More are learned as one change, with the text between them. */
const mostPlaces = 1_000;

/** The same changes extended to whole lines. Those that concern the same line become one. */
export function changedLines(former: DocumentText, text: DocumentText, changes: readonly Change[]): Change[] {
  const all: Change[] = [];
  const [first, last] = [changes[0], changes.at(-1)];
  const isMany = changes.length > mostPlaces && first && last;
  for (const change of isMany ? [changeOver(first, last)] : changes) {
    const lines = { removed: wholeLines(former, change.removed), added: wholeLines(text, change.added) };
    const last = all.at(-1);
    const isSame = last && (lines.removed.from < last.removed.to || lines.added.from < last.added.to);
    if (isSame) all[all.length - 1] = changeOver(last, lines);
    else all.push(lines);
  }
  return all;
}

/** One change from the beginning of the first to the end of the last, with everything between them. */
export function changeOver(first: Change, last: Change): Change {
  return {
    removed: { from: first.removed.from, to: last.removed.to },
    added: { from: first.added.from, to: last.added.to },
  };
}

function comparedChange(former: DocumentText, text: DocumentText): Change {
  const added = text.differenceFrom(former);
  return { removed: { from: added.from, to: former.length - (text.length - added.to) }, added };
}

/** How many UTF-16 units are between an offset and the beginning of its character, and also between it and the end. */
function split(text: DocumentText, offset: number): number {
  return isBoundary(text, offset) ? 0 : 1;
}

/** A passage extended to whole lines with their ends, as far as they count. */
function wholeLines(text: DocumentText, { from, to }: Span): Span {
  const { character } = text.positionAt(from);
  const end = to + restOfLine(text, to, longestLine).length;
  const [lineEnd = ""] = /^(?:\r\n?|\n)/.exec(text.slice(end, end + 2)) ?? [];
  const start = from - Math.min(character, longestLine);
  return { from: boundaryBefore(text, start), to: boundaryBefore(text, end + lineEnd.length) };
}
