import { fileURLToPath } from "node:url";

/** The scheme of the cells of a notebook in VS Code: the rest is the URI of the notebook's file, and a fragment of the cell's own. */
const cellScheme = /^vscode-notebook-cell:(?:\/\/)?/;

/** The URI of the notebook that a cell belongs to; undefined if it is no cell, as far as its URI says so. */
export function notebookOf(uri: string): string | undefined {
  return cellScheme.test(uri) ? uri.replace(cellScheme, "file://").replace(/#.*$/, "") : undefined;
}

/** The path of a URI, for a cell that of its notebook; undefined if it stands for no file of this machine. */
export function pathOf(uri: string): string | undefined {
  const file = notebookOf(uri) ?? uri;
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : undefined;
  } catch {
    // Such as file://another-machine/share.
    return undefined;
  }
}

/** The paths of those URIs that have one. */
export function pathsOf(uris: Iterable<string>): string[] {
  return Array.from(uris, pathOf).filter((path) => path !== undefined);
}
