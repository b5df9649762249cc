import { commands, window, workspace } from "vscode";
import { setEnabled } from "./config.ts";

// What a command says where it can't be run, with a button that helps.

export async function offerToTurnOn(purpose: string): Promise<void> {
  const turnOn = "Turn On";
  const answer = await window.showWarningMessage(`Murmur is off. Turn it on to ${purpose}.`, turnOn);
  if (answer === turnOn) await setEnabled(true);
}

export async function offerToTrust(purpose: string): Promise<void> {
  const manage = "Manage Trust";
  const message = `This workspace is not trusted. Trust it to let Murmur ${purpose}.`;
  if ((await window.showWarningMessage(message, manage)) === manage) {
    await commands.executeCommand("workbench.trust.manage");
  }
}

/** Whether a folder of this machine is open. One that is only virtual, as on a server of repositories, can't be read from disk. */
export function hasFolder(): boolean {
  return (workspace.workspaceFolders ?? []).some(({ uri }) => uri.scheme === "file");
}

export async function offerToOpenFolder(why: string): Promise<void> {
  const open = "Open Folder";
  const answer = await window.showInformationMessage(`${why}, and no folder is open.`, open);
  if (answer === open) await commands.executeCommand("vscode.openFolder");
}
