import type { DocumentText } from "../../completion/documents/document-text.ts";
import { type Change, type Edit, withChange } from "../../completion/documents/edit.ts";
import { commonEnding, firstDifference } from "../../completion/text.ts";

/** One replacement: the previous text and the new text. */
export interface Replacement {
  readonly former: string;
  readonly text: string;
}

/** A replacement and its offset, in UTF-16 units of the text that the earlier replacements left. */
export interface PlacedReplacement extends Replacement {
  readonly offset: number;
}

/**
 * Whether an edit only removes text, as backspace, delete, cut and the undo of typing do. An edit that adds anything new counts as
 * writing, even if it replaces something longer.
 */
export function isDeletion(edit: readonly Replacement[]): boolean {
  return edit.length > 0 && edit.every(onlyTakesAway);
}

function onlyTakesAway({ former, text }: Replacement): boolean {
  if (text.length >= former.length) return false;
  return former.endsWith(text.slice(firstDifference(former, text)));
}

/** The edit that some replacements make to a text. */
export function editOf(former: DocumentText, replacements: readonly PlacedReplacement[]): Edit {
  let from = former.length;
  let changes: Change[] = [];
  for (const { offset, former, text } of replacements) {
    const same = firstDifference(former, text);
    const sameEnding = commonEnding(former, text, Math.min(former.length, text.length) - same);
    const replaced = { from: offset + same, to: offset + former.length - sameEnding };
    const length = text.length - same - sameEnding;
    from = Math.min(from, replaced.from);
    if (length > 0 || replaced.from < replaced.to) changes = withChange(changes, replaced, length);
  }
  return { former, from, changes };
}
