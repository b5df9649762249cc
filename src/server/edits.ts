import type { DocumentText } from "../completion/documents/document-text.ts";
import type { Edit, Span } from "../completion/documents/edit.ts";
import { commonEnding, firstDifference } from "../completion/text.ts";

/** One replacement: the text that stood there, and what stands there now. */
export interface Replacement {
  readonly former: string;
  readonly text: string;
}

/** A replacement, and where it is made: in UTF-16 units of the text after those before it. */
export interface PlacedReplacement extends Replacement {
  readonly offset: number;
}

/**
 * Whether an edit only takes text away, as backspace, delete, cut and the undo of typing do. Where anything new comes in, even
 * in the place of something longer, the user writes.
 */
export function isDeletion(edit: readonly Replacement[]): boolean {
  return edit.length > 0 && edit.every(onlyTakesAway);
}

function onlyTakesAway({ former, text }: Replacement): boolean {
  if (text.length >= former.length) return false;
  return former.endsWith(text.slice(firstDifference(former, text)));
}

/** What came of some replacements in a text. */
export function editOf(former: DocumentText, replacements: readonly PlacedReplacement[]): Edit {
  let from = former.length;
  let spans: Span[] = [];
  for (const { offset, former, text } of replacements) {
    const same = firstDifference(former, text);
    const sameEnding = commonEnding(former, text, Math.min(former.length, text.length) - same);
    const own = { from: offset + same, to: offset + text.length - sameEnding };
    const formerEnd = offset + former.length - sameEnding;
    const moved = (at: number): number => (at >= formerEnd ? at + own.to - formerEnd : Math.min(at, own.to));
    spans = [...spans.map((span) => ({ from: moved(span.from), to: moved(span.to) })), own];
    from = Math.min(from, own.from);
  }
  return { former, from, spans: joined(spans.filter((span) => span.from < span.to)) };
}

/** The same passages in their order, none of which touches another. */
function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && span.from <= last.to) found[found.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else found.push(span);
  }
  return found;
}
