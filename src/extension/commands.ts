import { commands, type Disposable, type QuickPickItem, window, workspace } from "vscode";
import { messageOf } from "../errors.ts";
import { formatNumber, t } from "../l10n.ts";
import { eagernessLevels } from "../server/protocol.ts";
import { activeTextDocument } from "./active-document.ts";
import type { CommandContext } from "./command-context.ts";
import {
  eagerness,
  exclude,
  include,
  isEnabledAnywhere,
  isEnabledIn,
  setEagerness,
  setEnabled,
  setEnabledIn,
  setTemperature,
  temperature,
} from "./config.ts";
import { explainSuggestion } from "./explain.ts";
import { manageModels } from "./manage-models.ts";
import { showMessage } from "./messages.ts";
import { installModel, resetWorkspace, restoreModel } from "./models.ts";
import { offerToTrust } from "./offers.ts";
import { eagernessName, menuItems } from "./presence.ts";
import type { Snooze } from "./snooze.ts";
import type { StatisticsPage } from "./statistics-page.ts";
import { train } from "./training.ts";

export const menuCommand = "murmur.showMenu";

/** Registers the commands. */
export function registerCommands(context: CommandContext): Disposable[] {
  const actions: Readonly<Record<string, () => unknown>> = {
    "murmur.train": () => train(context),
    "murmur.stopTraining": () => context.server()?.stopTraining(),
    "murmur.pauseTraining": () => context.server()?.pauseTraining(true),
    "murmur.resumeTraining": () => context.server()?.pauseTraining(false),
    "murmur.showTraining": () => context.trainingView.show(),
    "murmur.manageModels": () => manageModels(context),
    "murmur.restoreModel": () => restoreModel(context),
    "murmur.installModel": () => installModel(context),
    "murmur.resetWorkspace": () => resetWorkspace(context),
    "murmur.setEagerness": askForEagerness,
    "murmur.setTemperature": askForTemperature,
    "murmur.toggle": () => setEnabled(!isEnabledAnywhere()),
    "murmur.toggleLanguage": toggleLanguage,
    "murmur.excludeFile": () => excludeFile(context),
    "murmur.includeFile": () => includeFile(context),
    "murmur.snooze": () => askForSnooze(context.snooze),
    "murmur.endSnooze": () => context.snooze.end(),
    "murmur.nextSameEdit": () => context.sameEdits.next(),
    "murmur.acceptSameEdit": () => context.sameEdits.accept(),
    "murmur.refuseSameEdit": () => context.sameEdits.refuse(),
    "murmur.openPlayground": () => context.playground.open(),
    "murmur.explainSuggestion": () => explainSuggestion(context),
    "murmur.showStatistics": () => context.statistics.show(),
    "murmur.resetStatistics": () => resetStatistics(context.statistics),
    "murmur.openSettings": () => openSettings(`@ext:${context.extensionId}`),
    "murmur.showHelp": () =>
      commands.executeCommand("workbench.action.openWalkthrough", `${context.extensionId}#start`),
    "murmur.showLog": () => context.log.show(),
    "murmur.dismiss": () => dismiss(context),
    [menuCommand]: () => showMenu(context),
  };
  return Object.entries(actions).map(([id, action]) =>
    commands.registerCommand(id, async () => {
      try {
        await action();
      } catch (error) {
        // Such as that the server ended meanwhile, or that a file can't be deleted. The editor would show the bare error.
        context.log.error(error instanceof Error ? error : String(error));
        await showMessage("error", t("Murmur could not do that ({0}). Try again.", messageOf(error)), context.log);
      }
    }),
  );
}

/** Hides the ghost text, as Escape does, and notifies the server: the editor does not report when a suggestion is dismissed. */
async function dismiss({ server }: CommandContext): Promise<void> {
  // The notification is sent first, and so before the next edit.
  await Promise.all([server()?.dismiss(), commands.executeCommand("editor.action.inlineSuggest.hide")]);
}

async function askForEagerness(): Promise<void> {
  const details = {
    quiet: t("Few suggestions, nearly always right"),
    balanced: t("Suggestions that are likely to save keystrokes"),
    eager: t("More and longer suggestions, more often wrong"),
  };
  const now = eagerness();
  const items = eagernessLevels.map((level) => ({ label: eagernessName(level), detail: details[level], level }));
  const chosen = await pick(t("Murmur: Eagerness"), items, ({ level }) => level === now);
  if (chosen) await setEagerness(chosen.level);
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
    { label: t("5 minutes"), minutes: 5 },
    { label: t("15 minutes"), minutes: 15 },
    { label: t("1 hour"), minutes: 60 },
    { label: t("4 hours"), minutes: 240 },
    { label: t("1 day"), minutes: 1440 },
  ];
  const placeHolder = t("Nothing is suggested until then, unless you ask for it");
  const chosen = await window.showQuickPick(items, { title: t("Murmur: Snooze"), placeHolder });
  if (chosen) snooze.start(chosen.minutes);
}

async function resetStatistics(statistics: StatisticsPage): Promise<void> {
  const reset = t("Reset");
  const detail = t("The counts of what was typed and what suggestions saved are deleted. Models and settings stay.");
  const question = t("Reset the statistics of what Murmur saved?");
  if ((await window.showWarningMessage(question, { modal: true, detail }, reset)) === reset) await statistics.reset();
}

async function toggleLanguage(): Promise<void> {
  const document = activeTextDocument();
  if (document) await setEnabledIn(document, !isEnabledIn(document));
  else
    void window.showInformationMessage(
      t("Murmur can be turned on or off for a language while one of its files is open."),
    );
}

async function excludeFile({ presence }: CommandContext): Promise<void> {
  const path = presence().document?.path;
  if (path === undefined) return sayNoFile();
  if (!workspace.isTrusted)
    return await offerToTrust(t("This workspace is not trusted. Trust it to let Murmur follow its settings."));
  await exclude(path);
  const settings = t("Open Setting");
  const message = t("Murmur suggests nothing in {0} and learns nothing from it.", path);
  if ((await window.showInformationMessage(message, settings)) === settings) await openSettings("murmur.exclude");
}

function sayNoFile(): void {
  const message = t("Murmur can be turned off for a file of the workspace's only folder. No such file is open.");
  void window.showInformationMessage(message);
}

async function includeFile({ presence, log }: CommandContext): Promise<void> {
  const path = presence().document?.path;
  if (path === undefined) return sayNoFile();
  if (await include(path)) return;
  const message = t("No entry of murmur.exclude names {0} alone. Change the pattern that matches it.", path);
  await showMessage("information", message, log);
}

/** Opens the settings that a query finds. */
async function openSettings(query: string): Promise<void> {
  await commands.executeCommand("workbench.action.openSettings", query);
}

async function askForTemperature(): Promise<void> {
  const answer = await window.showInputBox({
    title: t("Murmur: Temperature"),
    prompt: t("0 always gives the most likely continuation. Higher values, up to 2, give more varied ones."),
    value: formatNumber(temperature()),
    validateInput: (text) => (parseTemperature(text) === undefined ? t("Enter a number from 0 to 2.") : undefined),
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
