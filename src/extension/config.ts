import { type ConfigurationScope, ConfigurationTarget, type Disposable, workspace } from "vscode";
import { eagernessLevels, settingsSection } from "../server/protocol.ts";

// The only reader and writer of the settings in the editor; the server reads its own through LSP.

/** Whether completions are wanted in a document. */
export function isEnabledIn(scope: ConfigurationScope): boolean {
  return workspace.getConfiguration(settingsSection, scope).get("enabled", true);
}

/** Whether completions are wanted anywhere: in general, or in a language of their own. */
export function isEnabledAnywhere(): boolean {
  const general = workspace.getConfiguration(settingsSection);
  const languages = general.inspect("enabled")?.languageIds ?? [];
  return general.get("enabled", true) || languages.some((languageId) => isEnabledIn({ languageId }));
}

export function setEnabled(enabled: boolean): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("enabled", enabled, targetOf("enabled"));
}

export function temperature(): number {
  return workspace.getConfiguration(settingsSection).get("temperature", 0);
}

export function setTemperature(value: number): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("temperature", value, targetOf("temperature"));
}

type Eagerness = (typeof eagernessLevels)[number];

export function eagerness(): Eagerness {
  const value = workspace.getConfiguration(settingsSection).get<string>("eagerness");
  return eagernessLevels.find((level) => level === value) ?? "balanced";
}

export function setEagerness(value: Eagerness): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("eagerness", value, targetOf("eagerness"));
}

export function onDidChangeSettings(listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settingsSection)) listener();
  });
}

/** Where a setting is set now, so that a change takes effect; else the user's settings. */
function targetOf(name: string): ConfigurationTarget {
  const found = workspace.getConfiguration(settingsSection).inspect(name);
  if (found?.workspaceFolderValue !== undefined) return ConfigurationTarget.WorkspaceFolder;
  if (found?.workspaceValue !== undefined) return ConfigurationTarget.Workspace;
  return ConfigurationTarget.Global;
}
