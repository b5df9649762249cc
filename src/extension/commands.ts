import {
  CancellationTokenSource,
  commands,
  type Disposable,
  type LogOutputChannel,
  type MessageItem,
  type QuickPickItem,
  window,
  workspace,
} from "vscode";
import {
  eagernessLevels,
  type FormerModel,
  type InstallResult,
  type ResetResult,
  type RestoreResult,
  type TrainResult,
} from "../server/protocol.ts";
import type { ServerProcess } from "./client.ts";
import {
  eagerness,
  exclude,
  isEnabledAnywhere,
  setEagerness,
  setEnabled,
  setEnabledIn,
  setTemperature,
  temperature,
} from "./config.ts";
import { showMessage } from "./messages.ts";
import { menuItems, type Presence } from "./presence.ts";
import type { SavingsPage } from "./savings-page.ts";
import type { Snooze } from "./snooze.ts";
import { TrainingProgress } from "./training-progress.ts";

export const menuCommand = "murmur.showMenu";

/** What the commands act on. */
export interface CommandContext {
  readonly log: LogOutputChannel;
  /** The server; undefined while completions are off. */
  readonly server: () => ServerProcess | undefined;
  readonly snooze: Snooze;
  readonly savings: SavingsPage;
  /** What Murmur does at the moment. */
  readonly presence: () => Presence;
  /** The extension's own id. */
  readonly extensionId: string;
}

/** Registers the commands. */
export function registerCommands(context: CommandContext): Disposable[] {
  const actions: Readonly<Record<string, () => unknown>> = {
    "murmur.train": () => train(context),
    "murmur.stopTraining": () => context.server()?.stopTraining(),
    "murmur.restoreModel": () => restoreModel(context),
    "murmur.installModel": () => installModel(context),
    "murmur.resetWorkspace": () => resetWorkspace(context),
    "murmur.setEagerness": askForEagerness,
    "murmur.setTemperature": askForTemperature,
    "murmur.toggle": () => setEnabled(!isEnabledAnywhere()),
    "murmur.toggleLanguage": () => toggleLanguage(context),
    "murmur.excludeFile": () => excludeFile(context),
    "murmur.snooze": () => askForSnooze(context.snooze),
    "murmur.endSnooze": () => context.snooze.end(),
    "murmur.showSavings": () => context.savings.show(),
    "murmur.resetSavings": () => resetSavings(context.savings),
    "murmur.openSettings": () => openSettings(`@ext:${context.extensionId}`),
    "murmur.showHelp": () =>
      commands.executeCommand("workbench.action.openWalkthrough", `${context.extensionId}#start`),
    "murmur.showLog": () => context.log.show(),
    "murmur.dismiss": () => dismiss(context),
    [menuCommand]: () => showMenu(context),
  };
  return Object.entries(actions).map(([id, action]) => commands.registerCommand(id, action));
}

async function train({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("train");
  if (!workspace.isTrusted) return await offerToTrust("train on it");
  if (!hasFolder()) return await offerToOpenFolder("Murmur trains on the files of a folder");
  const discarding = new CancellationTokenSource();
  const progress = new TrainingProgress();
  const run = running.train((percent, line) => progress.report(percent, line), discarding.token);
  const ended = run.then(
    () => "ended" as const,
    () => "ended" as const,
  );
  try {
    while ((await progress.show(ended)) === "cancelled") {
      const answer = await Promise.race([askHowToEnd(), ended]);
      if (answer === "keep") await running.stopTraining();
      if (answer === "discard") discarding.cancel();
    }
    void showTrained(await run, running, log);
  } finally {
    discarding.dispose();
  }
}

/** Asks what Cancel should do. The progress notification can't have other buttons. */
async function askHowToEnd(): Promise<"keep" | "discard" | "go on"> {
  const [keep, discard] = [{ title: "Stop and Keep Best" }, { title: "Discard Run" }];
  // Otherwise the dialog would have a second Cancel.
  const goOn = { title: "Continue Training", isCloseAffordance: true };
  const detail =
    "You can stop now and keep the best model so far, if it is better than the one in use. Or you can discard everything this run has learned. Training continues until you choose.";
  const question = "End Murmur's training?";
  const answer = await window.showWarningMessage<MessageItem>(question, { modal: true, detail }, keep, discard, goOn);
  if (answer === keep) return "keep";
  return answer === discard ? "discard" : "go on";
}

async function offerToTurnOn(purpose: string): Promise<void> {
  const turnOn = "Turn On";
  const answer = await window.showWarningMessage(`Murmur is off. Turn it on to ${purpose}.`, turnOn);
  if (answer === turnOn) await setEnabled(true);
}

async function offerToTrust(purpose: string): Promise<void> {
  const manage = "Manage Trust";
  const message = `This workspace is not trusted. Trust it to let Murmur ${purpose}.`;
  if ((await window.showWarningMessage(message, manage)) === manage) {
    await commands.executeCommand("workbench.trust.manage");
  }
}

function hasFolder(): boolean {
  return (workspace.workspaceFolders ?? []).length > 0;
}

async function offerToOpenFolder(why: string): Promise<void> {
  const open = "Open Folder";
  const answer = await window.showInformationMessage(`${why}, and no folder is open.`, open);
  if (answer === open) await commands.executeCommand("vscode.openFolder");
}

async function resetWorkspace({ server, log }: CommandContext): Promise<void> {
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
        "This deletes the model trained on this workspace and everything learned from its text. Murmur then uses the default model and reads the workspace again.",
    },
    reset,
  );
  if (answer !== reset) return;
  void show(await running.reset(), log);
}

async function restoreModel({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("restore a model");
  if (!workspace.isTrusted) return await offerToTrust("use a model of it");
  const items = (await running.formerModels()).map((model) => ({ ...wordsFor(model), id: model.id }));
  if (items.length === 0) {
    void window.showInformationMessage("There is no previous model of this workspace.");
    return;
  }
  const chosen = await window.showQuickPick(items, {
    title: "Murmur: Restore Previous Model",
    placeHolder: "You can return to the model in use later",
  });
  if (chosen) void show(await running.restore(chosen.id), log);
}

async function installModel({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("install a model");
  if (!workspace.isTrusted) return await offerToTrust("use a model of it");
  const [file] =
    (await window.showOpenDialog({
      title: "Murmur: Install Model from File",
      openLabel: "Install",
      filters: { "Murmur models": ["onnx"] },
    })) ?? [];
  if (file) void show(await running.install(file), log);
}

/** How a former model is shown in a list. */
function wordsFor({ trained, bitsPerChar }: FormerModel): { readonly label: string; readonly description: string } {
  if (trained === undefined)
    return { label: "Default model", description: "ships with Murmur, not trained on this workspace" };
  const date = new Date(trained).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return {
    label: `Trained ${date}`,
    description: `${bitsPerChar?.toFixed(2)} bits per character on its held-out text`,
  };
}

/** Shows how training ended. A new model can be undone at once. */
async function showTrained(
  { outcome, message }: TrainResult,
  server: ServerProcess,
  log: LogOutputChannel,
): Promise<void> {
  if (outcome !== "installed") return await show({ outcome, message }, log);
  const [undo, details] = ["Undo", "Details"];
  const answer = await window.showInformationMessage(message, undo, details);
  if (answer === details) log.show();
  if (answer !== undo) return;
  const [former] = await server.formerModels();
  if (former) void show(await server.restore(former.id), log);
}

/** Shows how a command ended. */
async function show(
  { outcome, message }: TrainResult | ResetResult | RestoreResult | InstallResult,
  log: LogOutputChannel,
): Promise<void> {
  await showMessage(outcome === "failed" ? "error" : "information", message, log);
}

/** Hides the ghost text, as Escape does, and notifies the server: the editor does not report when a suggestion is dismissed. */
async function dismiss({ server }: CommandContext): Promise<void> {
  const document = window.activeTextEditor?.document;
  // The notification is sent first, and so before the next edit.
  await Promise.all([
    document && server()?.dismiss(document.uri),
    commands.executeCommand("editor.action.inlineSuggest.hide"),
  ]);
}

async function askForEagerness(): Promise<void> {
  const details = {
    quiet: "Few suggestions, nearly always right",
    balanced: "Suggestions that are likely to save keystrokes",
    eager: "More and longer suggestions, more often wrong",
  };
  const now = eagerness();
  const items = eagernessLevels.map((level) => ({ label: level, detail: details[level] }));
  const chosen = await pick("Murmur: Eagerness", items, ({ label }) => label === now);
  if (chosen) await setEagerness(chosen.label);
}

/** Asks for one of some items, of which one is selected at first. */
async function pick<Item extends QuickPickItem>(
  title: string,
  items: readonly Item[],
  isActive: (item: Item) => boolean,
): Promise<Item | undefined> {
  const list = window.createQuickPick<Item>();
  list.title = title;
  list.items = items;
  list.activeItems = items.filter(isActive);
  const chosen = new Promise<Item | undefined>((resolve) => {
    list.onDidAccept(() => resolve(list.activeItems[0]));
    list.onDidHide(() => resolve(undefined));
  });
  list.show();
  try {
    return await chosen;
  } finally {
    list.dispose();
  }
}

async function askForSnooze(snooze: Snooze): Promise<void> {
  const items = [
    { label: "5 minutes", minutes: 5 },
    { label: "15 minutes", minutes: 15 },
    { label: "1 hour", minutes: 60 },
    { label: "4 hours", minutes: 240 },
    { label: "1 day", minutes: 1440 },
  ];
  const placeHolder = "Nothing is suggested until then, unless you ask for it";
  const chosen = await window.showQuickPick(items, { title: "Murmur: Snooze", placeHolder });
  if (chosen) snooze.start(chosen.minutes);
}

async function resetSavings(savings: SavingsPage): Promise<void> {
  const reset = "Reset";
  const detail = "The counts of what was typed and what suggestions saved are deleted. Models and settings stay.";
  const question = "Reset what Murmur saved?";
  if ((await window.showWarningMessage(question, { modal: true, detail }, reset)) === reset) await savings.reset();
}

async function toggleLanguage({ presence }: CommandContext): Promise<void> {
  const { document } = presence();
  if (document) await setEnabledIn(document.languageId, !document.isLanguageOn);
  else
    void window.showInformationMessage("Murmur can be turned on or off for a language while one of its files is open.");
}

async function excludeFile({ presence }: CommandContext): Promise<void> {
  const path = presence().document?.path;
  if (path === undefined) {
    void window.showInformationMessage("Murmur can be turned off for a file of an open folder. No such file is open.");
    return;
  }
  await exclude(path);
  const settings = "Open Setting";
  const message = `Murmur suggests nothing in ${path} and learns nothing from it.`;
  if ((await window.showInformationMessage(message, settings)) === settings) await openSettings("murmur.exclude");
}

/** Opens the settings that a query finds. */
async function openSettings(query: string): Promise<void> {
  await commands.executeCommand("workbench.action.openSettings", query);
}

async function askForTemperature(): Promise<void> {
  const answer = await window.showInputBox({
    title: "Murmur: Temperature",
    prompt: "0 always gives the most likely continuation. Higher values, up to 2, give more varied ones.",
    value: String(temperature()),
    validateInput: (text) => (parseTemperature(text) === undefined ? "Enter a number from 0 to 2." : undefined),
  });
  const value = answer === undefined ? undefined : parseTemperature(answer);
  if (value !== undefined) await setTemperature(value);
}

function parseTemperature(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
  return value >= 0 && value <= 2 ? value : undefined;
}

async function showMenu({ presence }: CommandContext): Promise<void> {
  const now = { eagerness: eagerness(), temperature: temperature() };
  const items = menuItems(presence(), now).map(({ icon, label, detail, command }) => ({
    label: `$(${icon}) ${label}`,
    description: detail ?? "",
    command,
  }));
  const chosen = await window.showQuickPick(items, { title: "Murmur" });
  if (chosen) await commands.executeCommand(chosen.command);
}
