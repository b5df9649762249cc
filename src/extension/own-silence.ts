import type { TextDocument } from "vscode";
import { isEnabledIn } from "./config.ts";
import type { OwnSilence } from "./explanation-page.ts";
import { hasSelection } from "./selection.ts";
import type { Snooze } from "./snooze.ts";

/** Why the extension does not ask the server for a suggestion that the user did not ask for; undefined: it asks. */
export function ownSilence(document: TextDocument, snooze: Snooze): OwnSilence | undefined {
  if (!isEnabledIn(document)) return "language-off";
  if (snooze.until) return "snoozed";
  return hasSelection(document) ? "selecting" : undefined;
}
