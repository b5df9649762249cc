import { extname } from "node:path";
import { languageOfName } from "../../src/languages.ts";

const interpreters: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(ba|da|k|z)?sh\b/, "shell"],
  [/\bpython[\d.]*\b/, "python"],
  [/\bnode\b/, "javascript"],
  [/\bruby\b/, "ruby"],
  [/\blua[\d.]*\b/, "lua"],
];

/** The extensions of the languages that are read for the default model but that no classifier is trained to tell. */
const endings: Readonly<Record<string, string>> = {
  ".cmake": "cmake",
  ".cs": "csharp",
  ".dart": "dart",
  ".dockerfile": "dockerfile",
  ".ex": "elixir",
  ".exs": "elixir",
  ".gradle": "groovy",
  ".groovy": "groovy",
  ".hh": "c",
  ".hs": "haskell",
  ".hxx": "c",
  ".cxx": "c",
  ".ini": "ini",
  ".jl": "julia",
  ".kt": "kotlin",
  ".kts": "kotlin",
  ".less": "css",
  ".lua": "lua",
  ".m": "objective-c",
  ".mm": "objective-c",
  ".mk": "makefile",
  ".mts": "typescript",
  ".php": "php",
  ".proto": "protobuf",
  ".ps1": "powershell",
  ".psm1": "powershell",
  ".pyi": "python",
  ".r": "r",
  ".rake": "ruby",
  ".rb": "ruby",
  ".scala": "scala",
  ".sql": "sql",
  ".svelte": "svelte",
  ".swift": "swift",
  ".tex": "latex",
  ".toml": "toml",
  ".vue": "vue",
};

const names: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(docker|container)file(\..*)?$/i, "dockerfile"],
  [/^(gnu)?makefile(\.(am|in|inc))?$/i, "makefile"],
  [/^(gemfile|rakefile|podfile|vagrantfile)$/i, "ruby"],
  [/^cmakelists\.txt$/i, "cmake"],
];

/** The language of a file by its name or, without an extension, by the interpreter that its first line names. */
export function languageOf(path: string, text: () => string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const named = names.find(([pattern]) => pattern.test(name))?.[1];
  if (named !== undefined) return named;
  const extension = extname(name).toLowerCase();
  if (extension !== "") return endings[extension] ?? languageOfName(name);
  const shebang = /^#!.*/.exec(text())?.[0];
  return shebang === undefined ? undefined : interpreters.find(([pattern]) => pattern.test(shebang))?.[1];
}

const unusualFolders =
  /(^|\/)(node_modules|_?vendor|(third|3rd)[_-]?party|deps|external|extern|submodules|dist|build|umd|_?esm|_?cjs|_types|lib\.(commonjs|esm)|min|fixtures|testdata|locales?|\.git|\.github|[^/]*\.(egg|dist)-info)\//;
const unusualNames =
  /(^|\/)((licen[cs]e|copying|notice|copyright|changelog|authors)[^/]*|requirements[^/]*\.txt|robots\.txt|(package-lock|npm-shrinkwrap)\.json|pnpm-lock\.yaml|configure|install-sh|ltmain\.sh|config\.(guess|sub)|[^/]*(\.min\.[^/]*|\.d\.[cm]?ts|[-.](lock|map|snap)))$/i;

/** Whether the path of a file marks it as built, vendored or otherwise not worth learning from. */
export function isUnusual(path: string): boolean {
  return unusualFolders.test(path) || unusualNames.test(path);
}
