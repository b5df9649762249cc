import {
  type Disposable,
  type LanguageStatusItem,
  LanguageStatusSeverity,
  languages,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  window,
} from "vscode";
import { t } from "../l10n.ts";
import { documentSelector } from "./document-selector.ts";
import { type Appearance, appearanceOf, type MenuItem, type Presence } from "./presence.ts";

/** The status bar item and the language status item. Both open the menu. */
export class StatusItems implements Disposable {
  readonly #item: StatusBarItem;
  readonly #languageItem: LanguageStatusItem;

  constructor(menuCommand: string) {
    this.#item = window.createStatusBarItem("murmur.status", StatusBarAlignment.Right, 100);
    this.#item.name = "Murmur";
    this.#item.command = menuCommand;
    this.#languageItem = languages.createLanguageStatusItem("murmur.languageStatus", documentSelector);
    this.#languageItem.name = "Murmur";
    this.#languageItem.command = { title: t("Menu"), command: menuCommand };
    this.#item.show();
  }

  show(presence: Presence): void {
    const appearance = appearanceOf(presence);
    const { icon, label, summary, details, isBusy, isWarning } = appearance;
    const item = this.#item;
    item.text = `$(${icon}) ${label}`;
    item.tooltip = tooltipOf(appearance);
    item.backgroundColor = isWarning ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    item.accessibilityInformation = { label: `Murmur: ${[summary, ...details].join("\n\n")}` };
    const ofLanguage = this.#languageItem;
    ofLanguage.text = `$(${icon}) Murmur: ${summary}`;
    ofLanguage.detail = details[0] ?? "";
    ofLanguage.busy = isBusy ?? false;
    ofLanguage.severity = isWarning ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
  }

  dispose(): void {
    this.#item.dispose();
    this.#languageItem.dispose();
  }
}

function tooltipOf({ summary, details, actions }: Appearance): MarkdownString {
  const tooltip = new MarkdownString("**Murmur**: ", true);
  tooltip.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  tooltip.appendText(summary);
  for (const detail of details) tooltip.appendMarkdown("\n\n").appendText(detail);
  if (actions.length > 0) tooltip.appendMarkdown(`\n\n---\n\n${actions.map(linkTo).join(" &nbsp; ")}`);
  return tooltip;
}

function linkTo({ icon, label, command }: MenuItem): string {
  return `[$(${icon}) ${label}](command:${command})`;
}
