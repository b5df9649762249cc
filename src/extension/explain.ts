import { Uri, window, workspace } from "vscode";
import { t } from "../l10n.ts";
import { activeTextDocument } from "./active-document.ts";
import type { CommandContext } from "./command-context.ts";
import { explanationPage } from "./explanation-page.ts";
import { languageName } from "./languages.ts";
import { offerToTurnOn } from "./offers.ts";
import { ownSilence } from "./own-silence.ts";

/** *Explain Suggestion*: shows why there is a suggestion at the cursor, or none. */
export async function explainSuggestion({ server, snooze, pages }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to have a suggestion explained."));
  const document = activeTextDocument();
  const cursor = window.activeTextEditor?.selection.active;
  if (!document || !cursor) {
    void window.showInformationMessage(
      t(
        "Murmur explains what it suggests at the cursor. Open a file, put the cursor where you wonder, and run the command again.",
      ),
    );
    return;
  }
  // Opening the palette may have changed what is selected, and snoozing what is shown; both are as they are now.
  const own = ownSilence(document, snooze);
  const explanation = await running.explain(document.uri, cursor);
  const text = explanationPage(explanation, {
    file: workspace.asRelativePath(document.uri),
    line: cursor.line + 1,
    language: languageName(document.languageId),
    own,
    shownName: (name) => workspace.asRelativePath(/^[a-z][a-z\d+.-]+:/i.test(name) ? Uri.parse(name) : name),
  });
  await pages.show(t("Suggestion"), text);
}
