import { languages, type TextDocument, window, workspace } from "vscode";
import { isEnabledIn } from "./config.ts";
import { documentSelector } from "./document-selector.ts";
import { languageName } from "./languages.ts";
import type { ActiveDocument } from "./presence.ts";

/** The active editor's document, if Murmur knows documents of its kind. */
export function activeTextDocument(): TextDocument | undefined {
  const document = window.activeTextEditor?.document;
  return document && isKnown(document) ? document : undefined;
}

/** Whether Murmur knows documents of this kind: the server receives no others. */
export function isKnown(document: TextDocument): boolean {
  return languages.match(documentSelector, document) > 0;
}

/** What the status says of the active editor's document. @param isExcluded whether the server says that it is excluded */
export function activeDocument(isExcluded: (document: TextDocument) => boolean): ActiveDocument | undefined {
  const document = activeTextDocument();
  if (!document) return undefined;
  const { languageId } = document;
  return {
    languageId,
    language: languageName(languageId),
    isLanguageOn: isEnabledIn(document),
    isExcluded: isExcluded(document),
    path: pathOf(document),
  };
}

/** A document's path in the workspace's only folder, with slashes. In one of several, a path would name files in all of them. */
function pathOf({ uri }: TextDocument): string | undefined {
  const isOnly = workspace.workspaceFolders?.length === 1 && workspace.getWorkspaceFolder(uri) !== undefined;
  return isOnly && uri.scheme === "file" ? workspace.asRelativePath(uri, false) : undefined;
}
