import { type LogOutputChannel, window } from "vscode";
import { t } from "../l10n.ts";

/** Shows a message in a notification. The button opens the log; without a button, the editor would clip the message to one line. */
export async function showMessage(
  severity: "error" | "warning" | "information",
  message: string,
  log: LogOutputChannel,
): Promise<void> {
  const showLog = t("Show Log");
  const { showErrorMessage, showWarningMessage, showInformationMessage } = window;
  const show = { error: showErrorMessage, warning: showWarningMessage, information: showInformationMessage }[severity];
  if ((await show(message, showLog)) === showLog) log.show();
}
