import { type LogOutputChannel, type Uri, window, workspace } from "vscode";
import { formatDate, t } from "../l10n.ts";
import type { FormerModel, InstallResult, ModelResult, ResetResult, RestoreResult } from "../server/models-protocol.ts";
import type { TrainResult } from "../server/training-protocol.ts";
import type { CommandContext } from "./command-context.ts";
import { showMessage } from "./messages.ts";
import { hasFolder, offerToOpenFolder, offerToTrust, offerToTurnOn } from "./offers.ts";

export async function resetWorkspace({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to reset its model."));
  if (!workspace.isTrusted)
    return await offerToTrust(t("This workspace is not trusted. Trust it to let Murmur keep or reset a model of it."));
  if (!hasFolder()) return await offerToOpenFolder(t("Murmur keeps a model for each folder, and no folder is open."));
  const reset = t("Reset");
  const answer = await window.showWarningMessage(
    t("Reset Murmur's model of this workspace?"),
    {
      modal: true,
      detail: t(
        "This deletes the model trained on this workspace and everything learned from its text. Murmur then uses the default model, or the one that murmur.model names, and reads the workspace again.",
      ),
    },
    reset,
  );
  if (answer !== reset) return;
  void showResult(await running.models.reset(), log);
}

export async function restoreModel({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to restore a model."));
  if (!workspace.isTrusted)
    return await offerToTrust(t("This workspace is not trusted. Trust it to let Murmur use a model of it."));
  const items = (await running.models.former()).map((model) => ({ ...wordsFor(model), id: model.id }));
  if (items.length === 0) {
    void window.showInformationMessage(t("There is no previous model of this workspace."));
    return;
  }
  const chosen = await window.showQuickPick(items, {
    title: t("Murmur: Restore Previous Model"),
    placeHolder: t("You can return to the model in use later"),
  });
  if (chosen) void showResult(await running.models.restore(chosen.id), log);
}

export async function installModel({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to install a model."));
  if (!workspace.isTrusted)
    return await offerToTrust(t("This workspace is not trusted. Trust it to let Murmur use a model of it."));
  const file = await chooseModelFile(t("Murmur: Install Model from File"), t("Install"));
  if (file) void showResult(await running.models.install(file), log);
}

/** Asks for a model file. */
export async function chooseModelFile(title: string, openLabel: string): Promise<Uri | undefined> {
  const filters = { [t("Murmur models")]: ["onnx"] };
  return (await window.showOpenDialog({ title, openLabel, filters }))?.[0];
}

/** How a former model is shown in a list. */
function wordsFor({ id, name, trained }: FormerModel): {
  readonly label: string;
  readonly description: string;
} {
  if (id === "team") return { label: t("Model of this repository"), description: name ?? "" };
  if (trained === undefined)
    return { label: t("Default model"), description: t("ships with Murmur, not trained on this workspace") };
  const date = formatDate(new Date(trained));
  return name === undefined
    ? { label: t("Trained {0}", date), description: "" }
    : { label: name, description: t("trained {0}", date) };
}

/** Shows how a command ended. */
export async function showResult(
  { outcome, message }: TrainResult | ResetResult | RestoreResult | InstallResult | ModelResult,
  log: LogOutputChannel,
): Promise<void> {
  await showMessage(outcome === "failed" ? "error" : "information", message, log);
}
