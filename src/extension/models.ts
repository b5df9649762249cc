import { type LogOutputChannel, type Uri, window, workspace } from "vscode";
import type { FormerModel, InstallResult, ModelResult, ResetResult, RestoreResult } from "../server/models-protocol.ts";
import type { TrainResult } from "../server/training-protocol.ts";
import type { CommandContext } from "./command-context.ts";
import { showMessage } from "./messages.ts";
import { hasFolder, offerToOpenFolder, offerToTrust, offerToTurnOn } from "./offers.ts";

export async function resetWorkspace({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("reset its model");
  if (!workspace.isTrusted) return await offerToTrust("keep or reset a model of it");
  if (!hasFolder()) return await offerToOpenFolder("Murmur keeps a model for each folder");
  const reset = "Reset";
  const answer = await window.showWarningMessage(
    "Reset Murmur's model of this workspace?",
    {
      modal: true,
      detail:
        "This deletes the model trained on this workspace and everything learned from its text. Murmur then uses the default model, or the one that murmur.model names, and reads the workspace again.",
    },
    reset,
  );
  if (answer !== reset) return;
  void showResult(await running.models.reset(), log);
}

export async function restoreModel({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("restore a model");
  if (!workspace.isTrusted) return await offerToTrust("use a model of it");
  const items = (await running.models.former()).map((model) => ({ ...wordsFor(model), id: model.id }));
  if (items.length === 0) {
    void window.showInformationMessage("There is no previous model of this workspace.");
    return;
  }
  const chosen = await window.showQuickPick(items, {
    title: "Murmur: Restore Previous Model",
    placeHolder: "You can return to the model in use later",
  });
  if (chosen) void showResult(await running.models.restore(chosen.id), log);
}

export async function installModel({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("install a model");
  if (!workspace.isTrusted) return await offerToTrust("use a model of it");
  const file = await chooseModelFile("Murmur: Install Model from File", "Install");
  if (file) void showResult(await running.models.install(file), log);
}

/** Asks for a model file. */
export async function chooseModelFile(title: string, openLabel: string): Promise<Uri | undefined> {
  const filters = { "Murmur models": ["onnx"] };
  return (await window.showOpenDialog({ title, openLabel, filters }))?.[0];
}

/** How a former model is shown in a list. */
function wordsFor({ id, name, trained, bitsPerChar }: FormerModel): {
  readonly label: string;
  readonly description: string;
} {
  if (id === "team") return { label: "Model of this repository", description: name ?? "" };
  if (trained === undefined)
    return { label: "Default model", description: "ships with Murmur, not trained on this workspace" };
  const date = new Date(trained).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return {
    label: name ?? `Trained ${date}`,
    description: `${name === undefined ? "" : `trained ${date}, `}${bitsPerChar?.toFixed(2)} bits per character on its held-out text`,
  };
}

/** Shows how a command ended. */
export async function showResult(
  { outcome, message }: TrainResult | ResetResult | RestoreResult | InstallResult | ModelResult,
  log: LogOutputChannel,
): Promise<void> {
  await showMessage(outcome === "failed" ? "error" : "information", message, log);
}
