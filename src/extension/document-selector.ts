const schemes = ["file", "untitled", "vscode-notebook-cell", "vscode-userdata", "vscode-scm"];

/** The documents that the server receives. */
export const documentSelector = schemes.map((scheme) => ({ scheme }));
