import { languages, RelativePattern, type TextDocument, window, workspace } from "vscode";
import { documentSelector } from "./client.ts";
import { excludedGlobs, isEnabledIn } from "./config.ts";
import { languageName } from "./languages.ts";
import type { ActiveDocument } from "./presence.ts";

/** The active editor's document; undefined if there is none, or Murmur knows none of its kind. */
export function activeDocument(): ActiveDocument | undefined {
  const document = window.activeTextEditor?.document;
  if (!document || languages.match(documentSelector, document) === 0) return undefined;
  const { languageId } = document;
  const isLanguageOn = isEnabledIn(document);
  const path = pathOf(document);
  return { languageId, language: languageName(languageId), isLanguageOn, isExcluded: isExcluded(document), path };
}

/** A document's path in its workspace folder, with slashes. */
function pathOf({ uri }: TextDocument): string | undefined {
  return uri.scheme === "file" && workspace.getWorkspaceFolder(uri) ? workspace.asRelativePath(uri, false) : undefined;
}

function isExcluded(document: TextDocument): boolean {
  const folder = workspace.getWorkspaceFolder(document.uri);
  if (!folder) return false;
  const patterns = excludedGlobs().map((glob) => new RelativePattern(folder, glob.replace(/^\//, "")));
  return patterns.some((pattern) => languages.match({ pattern }, document) > 0);
}
