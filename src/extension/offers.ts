import { commands, window, workspace } from "vscode";
import { t } from "../l10n.ts";
import { setEnabled } from "./config.ts";

// What a command says where it can't be run, with a button that helps. Each command has a sentence of its own, so that it can be translated.

export async function offerToTurnOn(message: string): Promise<void> {
  const turnOn = t("Turn On");
  const answer = await window.showWarningMessage(message, turnOn);
  if (answer === turnOn) await setEnabled(true);
}

export async function offerToTrust(message: string): Promise<void> {
  const manage = t("Manage Trust");
  if ((await window.showWarningMessage(message, manage)) === manage) {
    await commands.executeCommand("workbench.trust.manage");
  }
}

/** Whether a folder of this machine is open. One that is only virtual, as on a server of repositories, can't be read from disk. */
export function hasFolder(): boolean {
  return (workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === "file");
}

export async function offerToOpenFolder(message: string): Promise<void> {
  const open = t("Open Folder");
  const answer = await window.showInformationMessage(message, open);
  if (answer === open) await commands.executeCommand("vscode.openFolder");
}
