import { fileURLToPath } from "node:url";

/** The scheme of notebook cells in VS Code. The rest is the URI of the notebook's file, with a fragment for the cell. */
const cellScheme = /^vscode-notebook-cell:(?:\/\/)?/;

/** The URI of the notebook that a cell belongs to; undefined if the URI is not that of a cell. */
export function notebookOf(uri: string): string | undefined {
  return cellScheme.test(uri) ? uri.replace(cellScheme, "file://").replace(/#.*$/, "") : undefined;
}

/** The path of a URI, or of the notebook if the URI is that of a cell; undefined if it is not a file on this machine. */
export function pathOf(uri: string): string | undefined {
  const file = notebookOf(uri) ?? uri;
  try {
    return file.startsWith("file:") ? fileURLToPath(file) : undefined;
  } catch {
    // For example file://another-machine/share.
    return undefined;
  }
}

/** The paths of the URIs that have one. */
export function pathsOf(uris: Iterable<string>): string[] {
  return Array.from(uris, pathOf).filter((path) => path !== undefined);
}
