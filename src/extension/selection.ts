import { window } from "vscode";

/** With something selected, or several cursors, one does not type on. */
export function hasSelection(): boolean {
  const selections = window.activeTextEditor?.selections ?? [];
  return selections.length > 1 || selections.some((selection) => !selection.isEmpty);
}
