/** What the neighbour suggests. */
export const neighbourText = "/* from the neighbour */";

/** The only file of the neighbour's file system. */
export const virtualFile = { name: "far.js", text: "export const far = 1;\n" };

/**
 * The code of an extension beside Murmur. It completes every line that is begun in files called beside.txt, and it has a file system
 * whose files are on no disk, as those of a repository that is not cloned.
 */
export const neighbour = `const vscode = require("vscode");
const { name, text } = ${JSON.stringify(virtualFile)};
const missing = (uri) => { throw vscode.FileSystemError.FileNotFound(uri); };
const refuse = () => { throw vscode.FileSystemError.NoPermissions(); };
exports.activate = ({ subscriptions }) => subscriptions.push(
  vscode.languages.registerInlineCompletionItemProvider({ pattern: "**/beside.txt" }, {
    provideInlineCompletionItems: (document, at) =>
      document.lineAt(at.line).text.trim() === ""
        ? []
        : [new vscode.InlineCompletionItem(${JSON.stringify(neighbourText)}, new vscode.Range(at, at))],
  }),
  vscode.workspace.registerFileSystemProvider("memory", {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => ({ dispose() {} }),
    stat: (uri) => {
      const times = { ctime: 0, mtime: 0 };
      if (uri.path === "/") return { ...times, type: vscode.FileType.Directory, size: 0 };
      if (uri.path === "/" + name) return { ...times, type: vscode.FileType.File, size: text.length };
      return missing(uri);
    },
    readDirectory: () => [[name, vscode.FileType.File]],
    readFile: (uri) => (uri.path === "/" + name ? Buffer.from(text) : missing(uri)),
    writeFile: refuse, delete: refuse, rename: refuse, createDirectory: refuse,
  }),
);`;
