import {
  type ConfigurationScope,
  ConfigurationTarget,
  type Disposable,
  type TextDocument,
  type Uri,
  workspace,
} from "vscode";
import { t } from "../l10n.ts";
import { eagernessLevels, settingsSection, trainingLengths } from "../server/protocol.ts";

// All access to the settings in the editor goes through this file; the server reads its own through LSP. The defaults are those of
// package.json. The editor passes on the values in settings.json even if they have the wrong type.

/** Whether completions are switched on in a document or a language. */
export function isEnabledIn(scope: ConfigurationScope | undefined): boolean {
  return read("enabled", isBoolean, scope);
}

/** Whether completions are switched on anywhere: in general, in a folder, or for a single language. */
export function isEnabledAnywhere(): boolean {
  return isEnabledSomewhereIn(undefined) || folders().some(isEnabledSomewhereIn);
}

/** The folders of the workspace in which completions are off in every language. */
export function offFolders(): Uri[] {
  return folders().filter((uri) => !isEnabledSomewhereIn(uri));
}

function folders(): Uri[] {
  return (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
}

/** Whether completions are switched on in a folder, in general or for a single language. @param uri undefined: in the whole window */
function isEnabledSomewhereIn(uri: Uri | undefined): boolean {
  const scopes = ownLanguages(uri).map((languageId) => (uri ? { uri, languageId } : { languageId }));
  return [uri, ...scopes].some(isEnabledIn);
}

/** A sentence for each invalid value of `enabled`, in general or for a language. The server reports other invalid settings. */
export function invalidEnabled(): string[] {
  return [undefined, ...ownLanguages()].flatMap((languageId) => {
    const scope = languageId === undefined ? undefined : { languageId };
    const value = workspace.getConfiguration(settingsSection, scope).get<unknown>("enabled");
    if (isBoolean(value)) return [];
    const name = `${languageId === undefined ? "" : `[${languageId}] `}${settingsSection}.enabled`;
    const [is, used] = [JSON.stringify(value), isEnabledIn(scope)];
    return [t("{0} must be true or false (it is {1}). Using {2}.", name, is, used)];
  });
}

/** The languages that have a value of their own for `enabled`. @param uri of a folder; undefined: in the whole window */
function ownLanguages(uri?: Uri): readonly string[] {
  return workspace.getConfiguration(settingsSection, uri).inspect("enabled")?.languageIds ?? [];
}

export function setEnabled(enabled: boolean): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("enabled", enabled, targetOf("enabled"));
}

/** Switches completions on or off in the language of a document. */
export function setEnabledIn(document: TextDocument, enabled: boolean): Thenable<void> {
  const section = workspace.getConfiguration(settingsSection, document);
  const { workspaceLanguageValue, workspaceFolderLanguageValue } = section.inspect("enabled") ?? {};
  const { Global, Workspace, WorkspaceFolder } = ConfigurationTarget;
  const ofWorkspace = workspaceLanguageValue === undefined ? Global : Workspace;
  const target = workspaceFolderLanguageValue === undefined ? ofWorkspace : WorkspaceFolder;
  return section.update("enabled", enabled, target, true);
}

/** The globs of files that are ignored; those that are no globs are left out. */
function excludedGlobs(): readonly string[] {
  const value = workspace.getConfiguration(settingsSection).get<unknown>("exclude");
  return (Array.isArray(value) ? value : [value]).filter((glob): glob is string => typeof glob === "string");
}

/** Excludes a file of the workspace, by its path in its folder. */
export function exclude(path: string): Thenable<void> {
  return setExcluded([...excludedGlobs(), globOf(path)]);
}

/** Takes back what {@link exclude} did. @returns whether the file was excluded by its path, and not only by a pattern */
export async function include(path: string): Promise<boolean> {
  const globs = excludedGlobs();
  const left = globs.filter((glob) => glob !== globOf(path));
  if (left.length === globs.length) return false;
  await setExcluded(left);
  return true;
}

function setExcluded(globs: readonly string[]): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("exclude", globs, ConfigurationTarget.Workspace);
}

/** The glob of a path alone. */
function globOf(path: string): string {
  return path.replace(/[\\*?[\]{}()]|^!/g, "\\$&");
}

export function temperature(): number {
  return read("temperature", (value): value is number => typeof value === "number");
}

export function setTemperature(value: number): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("temperature", value, targetOf("temperature"));
}

export function trainingMinutes(): number {
  const isLength = (value: unknown): value is number =>
    typeof value === "number" && value >= trainingLengths.least && value <= trainingLengths.most;
  return read("training.minutes", isLength);
}

type Eagerness = (typeof eagernessLevels)[number];

export function eagerness(): Eagerness {
  return read("eagerness", (value): value is Eagerness => eagernessLevels.some((level) => level === value));
}

export function setEagerness(value: Eagerness): Thenable<void> {
  return workspace.getConfiguration(settingsSection).update("eagerness", value, targetOf("eagerness"));
}

export function onDidChangeSettings(listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settingsSection)) listener();
  });
}

/** Reads a setting; returns its default if its value is invalid. */
function read<T>(name: string, isValid: (value: unknown) => value is T, scope?: ConfigurationScope): T {
  const section = workspace.getConfiguration(settingsSection, scope);
  const value = section.get<unknown>(name);
  if (isValid(value)) return value;
  const fallback = section.inspect<unknown>(name)?.defaultValue;
  if (isValid(fallback)) return fallback;
  throw new Error(`package.json declares no default for ${settingsSection}.${name}.`);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** Where a setting is set now, so that a change takes effect; otherwise the user's settings. */
function targetOf(name: string): ConfigurationTarget {
  const found = workspace.getConfiguration(settingsSection).inspect(name);
  if (found?.workspaceFolderValue !== undefined) return ConfigurationTarget.WorkspaceFolder;
  if (found?.workspaceValue !== undefined) return ConfigurationTarget.Workspace;
  return ConfigurationTarget.Global;
}
