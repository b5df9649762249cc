import { commands, type LogOutputChannel, window } from "vscode";
import { t } from "../l10n.ts";

/** A setting of Murmur's in a sentence, and not a part of a path. */
const settingName =
  /(?<![\\/\w.-])murmur\.(?:commitMessages|delay|eagerness|enabled|exclude|maxCharacters|model|scopes|temperature|training)\b(?:\.\w+)*/;

/**
 * Shows a message in a notification. Its button opens the setting that the message names, or the log; without a button, the editor would
 * clip the message to one line.
 */
export async function showMessage(
  severity: "error" | "warning" | "information",
  message: string,
  log: LogOutputChannel,
): Promise<void> {
  const [setting] = settingName.exec(message) ?? [];
  const button = setting === undefined ? t("Show Log") : t("Open Settings");
  const { showErrorMessage, showWarningMessage, showInformationMessage } = window;
  const show = { error: showErrorMessage, warning: showWarningMessage, information: showInformationMessage }[severity];
  if ((await show(message, button)) !== button) return;
  if (setting === undefined) log.show();
  else await commands.executeCommand("workbench.action.openSettings", setting);
}
