import { fileURLToPath } from "node:url";

/** The scheme of notebook cells in VS Code. The rest is the URI of the notebook's file, with a fragment for the cell. */
const cellScheme = /^vscode-notebook-cell:(?:\/\/)?/;

/**
 * The cell of a file that is remote for the window, and so on this machine: the fragment ends with the notebook's scheme, vscode-remote, in
 * Base64. The authority names the connection.
 */
const remoteCell = /^(vscode-notebook-cell:)\/\/[^/]*(.*#\w+sdnNjb2RlLXJlbW90ZQ)/s;

/** The URI of the notebook that a cell belongs to; undefined if the URI is not that of a cell. */
export function notebookOf(uri: string): string | undefined {
  if (!cellScheme.test(uri)) return undefined;
  return uri.replace(remoteCell, "$1$2").replace(cellScheme, "file://").replace(/#.*$/, "");
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
