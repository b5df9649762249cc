import type { Position } from "vscode-languageserver";
import { languageOf } from "../../languages.ts";
import type { Settings } from "../settings.ts";
import { scopeAt } from "./scope.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/** The settings that hold at a place: in comments, strings and prose, suggestions may be rarer, or off (undefined). */
export function settingsAt(document: TrackedDocument, position: Position, settings: Settings): Settings | undefined {
  const { comments, strings, prose } = settings.scopes;
  if ([comments, strings, prose].every((one) => one === "on")) return settings;
  const { uri, languageId, text } = document;
  const language = languageOf({ name: uri, languageId });
  const level = { code: "on", ...settings.scopes }[scopeAt(text.slice(0, text.offsetAt(position)), language)];
  if (level === "off") return undefined;
  return level === "quiet" ? { ...settings, eagerness: "quiet" } : settings;
}
