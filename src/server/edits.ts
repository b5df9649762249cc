import { firstDifference } from "../completion/text.ts";

/** One replacement: the text that stood there, and what stands there now. */
export interface Replacement {
  readonly former: string;
  readonly text: string;
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
