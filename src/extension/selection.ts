import { type Position, type Selection, type TextDocument, window } from "vscode";

/** Whether text is selected in a document, so that the user is not simply typing on. */
export function hasSelection(document: TextDocument): boolean {
  return selectionsIn(document).some((selection) => !selection.isEmpty);
}

/** The cursors in a document besides the one at a position; undefined if there are several and none is there any more. */
export function otherCursors(document: TextDocument, position: Position): Position[] | undefined {
  const cursors = selectionsIn(document).map(({ active }) => active);
  if (cursors.length <= 1) return [];
  const others = cursors.filter((cursor) => !cursor.isEqual(position));
  return others.length < cursors.length ? others : undefined;
}

/** The selections of the active editor, if it shows the document. An input box, such as that for commit messages, is no editor. */
function selectionsIn(document: TextDocument): readonly Selection[] {
  const editor = window.activeTextEditor;
  return editor?.document === document ? editor.selections : [];
}
