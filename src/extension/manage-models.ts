import {
  ProgressLocation,
  type QuickPickItem,
  QuickPickItemKind,
  type QuickPickOptions,
  Uri,
  window,
  workspace,
} from "vscode";
import { t } from "../l10n.ts";
import { longestModelName, type ModelEntry } from "../server/models-protocol.ts";
import type { ServerProcess } from "./client.ts";
import type { CommandContext } from "./command-context.ts";
import { showMessage } from "./messages.ts";
import { actionsFor, comparisonPage, type ModelAction, nameOf, wordsFor } from "./model-words.ts";
import { chooseModelFile, showResult } from "./models.ts";
import { hasFolder, offerToOpenFolder, offerToTrust, offerToTurnOn } from "./offers.ts";

interface Choice extends QuickPickItem {
  /** Undefined for a separator. */
  readonly choose?: () => Promise<unknown>;
}

/** *Manage Models*: lists the models that the workspace can use, and what can be done with each. */
export async function manageModels(context: CommandContext): Promise<void> {
  await listModels(context, {});
}

/**
 * Lists the models again after something was done with one. A dialog that ends gives the focus back to where it was before, so this list has
 * to stay without it.
 */
async function listAgain(context: CommandContext): Promise<void> {
  await listModels(context, { ignoreFocusOut: true });
}

async function listModels(context: CommandContext, options: QuickPickOptions): Promise<void> {
  const running = context.server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to manage its models."));
  if (!workspace.isTrusted)
    return await offerToTrust(t("This workspace is not trusted. Trust it to let Murmur use a model of it."));
  if (!hasFolder()) return await offerToOpenFolder(t("Murmur keeps models for each folder, and no folder is open."));
  const models = await running.models.list();
  const items: Choice[] = [
    ...models.map((model) => ({ ...wordsFor(model), choose: () => actOn(model, running, context) })),
    { label: "", kind: QuickPickItemKind.Separator },
    {
      label: `$(folder-opened) ${t("Import from File…")}`,
      detail: t("Adds a model file to this list"),
      choose: () => importModel(running, context),
    },
    {
      label: `$(graph) ${t("Compare on This Workspace…")}`,
      detail: t("Measures models on files that they were not trained on"),
      choose: () => compare(models, running, context),
    },
  ];
  const [title, placeHolder] = [t("Murmur: Manage Models"), t("Choose a model to use, rename, export or delete it")];
  await (await window.showQuickPick(items, { ...options, title, placeHolder, matchOnDescription: true }))?.choose?.();
}

async function actOn(model: ModelEntry, running: ServerProcess, context: CommandContext): Promise<void> {
  const labels: Readonly<Record<ModelAction, string>> = {
    use: `$(check) ${t("Use")}`,
    rename: `$(edit) ${t("Rename…")}`,
    export: `$(export) ${t("Export to File…")}`,
    delete: `$(trash) ${t("Delete…")}`,
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
    title: t("Murmur: Rename Model"),
    prompt: t("A model with a name stays in the list until you delete it. Empty: no name."),
    value: model.name ?? "",
    validateInput: (text) =>
      text.trim().length > longestModelName ? t("At most {0} characters.", longestModelName) : undefined,
  });
  if (name === undefined) return;
  const result = await models.rename(model.id, name);
  if (result.outcome === "failed") return await showResult(result, context.log);
  await listAgain(context);
}

async function exportModel(model: ModelEntry, { models }: ServerProcess, { log }: CommandContext): Promise<void> {
  const name = `${nameOf(model).replace(/[^\p{L}\p{N}._ -]+/gu, "-")}.onnx`;
  const [folder] = workspace.workspaceFolders ?? [];
  const file = await window.showSaveDialog({
    title: t("Murmur: Export Model"),
    saveLabel: t("Export"),
    filters: { [t("Murmur models")]: ["onnx"] },
    ...(folder && { defaultUri: Uri.joinPath(folder.uri, name) }),
  });
  if (file) await showResult(await models.export(model.id, file), log);
}

async function deleteModel(model: ModelEntry, { models }: ServerProcess, context: CommandContext): Promise<void> {
  const confirm = t("Delete");
  const detail = `${t("This can't be undone. The model in use stays.")}\n\n${wordsFor(model).detail}`;
  const question = t("Delete the model “{0}”?", nameOf(model));
  if ((await window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
  const result = await models.delete(model.id);
  if (result.outcome === "failed") return await showResult(result, context.log);
  await listAgain(context);
}

async function importModel({ models }: ServerProcess, context: CommandContext): Promise<void> {
  const file = await chooseModelFile(t("Murmur: Import Model"), t("Import"));
  if (!file) return;
  const result = await models.import(file);
  if (result.outcome === "failed") return await showResult(result, context.log);
  await listAgain(context);
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
  const [title, placeHolder] = [t("Murmur: Compare Models"), t("Each takes some seconds")];
  const chosen = await window.showQuickPick(items, { title, placeHolder, canPickMany: true });
  if (!chosen || chosen.length === 0) return;
  const progressTitle = t("Murmur is comparing models");
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
  if (result.outcome === "done") await pages.show(t("Models"), comparisonPage(result, models));
  else if (result.outcome === "failed") await showMessage("error", result.message, log);
}
