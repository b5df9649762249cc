import { ProgressLocation, type QuickPickItem, QuickPickItemKind, Uri, window, workspace } from "vscode";
import { longestModelName, type ModelEntry } from "../server/models-protocol.ts";
import type { ServerProcess } from "./client.ts";
import type { CommandContext } from "./command-context.ts";
import { showMessage } from "./messages.ts";
import { actionsFor, comparisonPage, type ModelAction, nameOf, wordsFor } from "./model-words.ts";
import { chooseModelFile, showResult } from "./models.ts";
import { hasFolder, offerToOpenFolder, offerToTrust, offerToTurnOn } from "./offers.ts";

const title = "Murmur: Manage Models";

interface Choice extends QuickPickItem {
  /** Undefined for a separator. */
  readonly choose?: () => Promise<unknown>;
}

/** *Manage Models*: lists the models that the workspace can use, and what can be done with each. */
export async function manageModels(context: CommandContext): Promise<void> {
  const running = context.server();
  if (!running) return await offerToTurnOn("manage its models");
  if (!workspace.isTrusted) return await offerToTrust("use a model of it");
  if (!hasFolder()) return await offerToOpenFolder("Murmur keeps models for each folder");
  const models = await running.models.list();
  const items: Choice[] = [
    ...models.map((model) => ({ ...wordsFor(model), choose: () => actOn(model, running, context) })),
    { label: "", kind: QuickPickItemKind.Separator },
    {
      label: "$(folder-opened) Import from File…",
      detail: "Adds a model file to this list",
      choose: () => importModel(running, context),
    },
    {
      label: "$(graph) Compare on This Workspace…",
      detail: "Measures models on files that they were not trained on",
      choose: () => compare(models, running, context),
    },
  ];
  const placeHolder = "Choose a model to use, rename, export or delete it";
  await (await window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.choose?.();
}

async function actOn(model: ModelEntry, running: ServerProcess, context: CommandContext): Promise<void> {
  const labels: Readonly<Record<ModelAction, string>> = {
    use: "$(check) Use",
    rename: "$(edit) Rename…",
    export: "$(export) Export to File…",
    delete: "$(trash) Delete…",
  };
  const items = actionsFor(model).map((action) => ({ label: labels[action], action }));
  const chosen = await window.showQuickPick(items, { title: nameOf(model), placeHolder: wordsFor(model).detail });
  switch (chosen?.action) {
    case "use":
      return await showResult(await running.models.restore(model.id), context.log);
    case "rename":
      return await rename(model, running, context);
    case "export":
      return await exportModel(model, running, context);
    case "delete":
      return await deleteModel(model, running, context);
  }
}

async function rename(model: ModelEntry, { models }: ServerProcess, context: CommandContext): Promise<void> {
  const name = await window.showInputBox({
    title: "Murmur: Rename Model",
    prompt: "A model with a name stays in the list until you delete it. Empty: no name.",
    value: model.name ?? "",
    validateInput: (text) =>
      text.trim().length > longestModelName ? `At most ${longestModelName} characters.` : undefined,
  });
  if (name === undefined) return;
  const result = await models.rename(model.id, name);
  if (result.outcome === "failed") return await showResult(result, context.log);
  await manageModels(context);
}

async function exportModel(model: ModelEntry, { models }: ServerProcess, { log }: CommandContext): Promise<void> {
  const name = `${nameOf(model).replace(/[^\p{L}\p{N}._ -]+/gu, "-")}.onnx`;
  const [folder] = workspace.workspaceFolders ?? [];
  const file = await window.showSaveDialog({
    title: "Murmur: Export Model",
    saveLabel: "Export",
    filters: { "Murmur models": ["onnx"] },
    ...(folder && { defaultUri: Uri.joinPath(folder.uri, name) }),
  });
  if (file) await showResult(await models.export(model.id, file), log);
}

async function deleteModel(model: ModelEntry, { models }: ServerProcess, context: CommandContext): Promise<void> {
  const confirm = "Delete";
  const detail = `This can't be undone. The model in use stays.\n\n${wordsFor(model).detail}`;
  const question = `Delete the model “${nameOf(model)}”?`;
  if ((await window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
  const result = await models.delete(model.id);
  if (result.outcome === "failed") return await showResult(result, context.log);
  await manageModels(context);
}

async function importModel({ models }: ServerProcess, context: CommandContext): Promise<void> {
  const file = await chooseModelFile("Murmur: Import Model", "Import");
  if (!file) return;
  const result = await models.import(file);
  if (result.outcome === "failed") return await showResult(result, context.log);
  await manageModels(context);
}

/** Asks which models to compare, measures them, and shows the result as a page. */
async function compare(
  models: readonly ModelEntry[],
  running: ServerProcess,
  { log, pages }: CommandContext,
): Promise<void> {
  const items = models
    .filter(({ problem }) => problem === undefined)
    .map((model) => ({ ...wordsFor(model), id: model.id, picked: model.isInUse || model.kind !== "former" }));
  const placeHolder = "Each takes some seconds";
  const chosen = await window.showQuickPick(items, { title: "Murmur: Compare Models", placeHolder, canPickMany: true });
  if (!chosen || chosen.length === 0) return;
  const progressTitle = "Murmur is comparing models";
  const options = { location: ProgressLocation.Notification, title: progressTitle, cancellable: true };
  const result = await window.withProgress(options, (progress, token) => {
    let last = 0;
    const report = (percent: number, message: string): void => {
      progress.report({ message, increment: percent - last });
      last = percent;
    };
    return running.models.compare(
      chosen.map(({ id }) => id),
      report,
      token,
    );
  });
  if (result.outcome === "done") await pages.show("Models", comparisonPage(result, models));
  else if (result.outcome === "failed") await showMessage("error", result.message, log);
}
