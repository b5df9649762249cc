import type { Span } from "../../span.ts";
import type { DocumentText } from "./document-text.ts";
import type { Change } from "./edit.ts";
import type { LearnedText } from "./learned-text.ts";
import { offsetWithout, replacedWithin, type Spans, textWithout, within } from "./spans.ts";

/** What is learned of a document. */
export interface LearnedDocument {
  /** The document's text, whose edits are all learned. */
  text: DocumentText;
  /** Its lines that are not learned. */
  refused: Spans;
  /** The text without those lines. */
  readonly counted: LearnedText;
}

/**
 * Brings what is learned in step with a new text.
 * @param lines the changed lines
 * @param refused for each change, the lines of its new passage that may not be learned
 */
export function* replaceLines(
  learned: LearnedDocument,
  text: DocumentText,
  lines: readonly Change[],
  refused: readonly Spans[],
): Generator<void> {
  for (const [i, change] of lines.entries()) {
    const inside = refused[i] ?? [];
    const { from, to } = placeOf(change);
    const counted = { from: offsetWithout(learned.refused, from), to: offsetWithout(learned.refused, to) };
    learned.refused = refusedAfter(learned.refused, [change], [inside]);
    yield* learned.counted.replace(counted, textWithout(text, change.added, inside));
  }
  learned.text = text;
}

/** The refused lines after changes. @param inside for each change, those of its new passage */
export function refusedAfter(refused: Spans, lines: readonly Change[], inside: readonly Spans[]): Spans {
  return lines.reduce((all, change, i) => replacedWithin(all, placeOf(change), change.added, inside[i] ?? []), refused);
}

/** Where the removed lines are once the changes before them are made. */
function placeOf({ removed, added }: Change): Span {
  return { from: added.from, to: added.from + removed.to - removed.from };
}

/** One change that covers all of these and a part of the text after them. */
export function widened(lines: readonly Change[], part: Span | undefined): Change {
  const [first, last] = [lines[0], lines.at(-1)];
  const from = Math.min(...[first?.added.from, part?.from].filter((offset) => offset !== undefined));
  const to = Math.max(...[last?.added.to, part?.to].filter((offset) => offset !== undefined));
  const shift = last ? last.added.to - last.removed.to : 0;
  return { removed: { from, to: to - shift }, added: { from, to } };
}

/** Whether a change refuses lines where none were refused before. */
export function isNewlyRefused(learned: LearnedDocument, lines: readonly Change[], refused: readonly Spans[]): boolean {
  return lines.some(({ removed }, i) => refused[i]?.length && within(learned.refused, removed).length === 0);
}
