import { window } from "vscode";

/** Whether text is selected or there are several cursors, so that the user is not simply typing on. */
export function hasSelection(): boolean {
  const selections = window.activeTextEditor?.selections ?? [];
  return selections.length > 1 || selections.some((selection) => !selection.isEmpty);
}
