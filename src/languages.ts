import { extname } from "node:path/posix";

const endings = {
  c: [".c", ".h", ".cc", ".cpp", ".hpp"],
  css: [".css", ".scss"],
  go: [".go"],
  html: [".html"],
  java: [".java"],
  javascript: [".js", ".mjs", ".cjs", ".jsx"],
  json: [".json"],
  markdown: [".md"],
  prose: [".rst", ".txt"],
  python: [".py"],
  rust: [".rs"],
  shell: [".sh", ".bash"],
  typescript: [".ts", ".tsx"],
  yaml: [".yml", ".yaml"],
} as const;

export type Language = keyof typeof endings;

const languageOfEnding: ReadonlyMap<string, Language> = new Map(
  Object.entries(endings).flatMap(([language, all]) => all.map((ending) => [ending, language as Language] as const)),
);

/** The language of a file by its extension; undefined if the extension is unknown. */
export function languageOfName(name: string): Language | undefined {
  return languageOfEnding.get(extname(name).toLowerCase());
}

/** A text by what shows its language. */
export interface NamedText {
  /** Its path or URI. */
  readonly name: string;
  /** VS Code's identifier of its language, or the language of its notebook's kernel, if known. */
  readonly languageId?: string | undefined;
}

/**
 * Further languages of documents, which models are not trained to classify: by VS Code's identifier, their extensions and the names
 * of their files. A language without a row here goes by its file's extension.
 */
const others: Readonly<Record<string, string>> = {
  bat: ".bat .cmd",
  clojure: ".clj .cljs .cljc .edn",
  cmake: ".cmake CMakeLists.txt",
  csharp: ".cs .csx",
  dockerfile: ".dockerfile .containerfile",
  elixir: ".ex .exs",
  erlang: ".erl .hrl",
  fsharp: ".fs .fsi .fsx",
  "git-commit": "COMMIT_EDITMSG MERGE_MSG",
  "go.mod": "go.mod go.work",
  groovy: ".groovy .gradle Jenkinsfile",
  haskell: ".hs",
  ini: ".ini .properties .cfg .editorconfig .gitconfig",
  julia: ".jl",
  kotlin: ".kt .kts",
  latex: ".tex .sty .cls",
  makefile: ".mk .mak .make Kbuild",
  ocaml: ".ml .mli",
  perl: ".pl .pm",
  powershell: ".ps1 .psm1 .psd1",
  ruby: ".rb .rake .gemspec .ru Gemfile Rakefile Podfile Vagrantfile Brewfile",
  terraform: ".tf .tfvars",
  xml: ".xml .xsd .xsl .xslt .plist",
  // Further extensions and names of the languages above.
  c: ".hh .hxx .cxx",
  css: ".less .sass",
  html: ".htm .xhtml .vue .svelte .astro .php .erb .ejs .hbs",
  json: ".jsonc .json5 .babelrc .eslintrc",
  markdown: ".markdown .mdx",
  python: ".pyi .pyw .ipynb SConstruct SConscript",
  shell: ".zsh .ksh .bashrc .bash_profile .bash_aliases .profile .zshrc .zshenv .zprofile .envrc PKGBUILD",
  typescript: ".mts .cts",
  yaml: ".clang-format .clang-tidy .clangd .yamllint .cff",
};

/** VS Code's identifiers, and kernels' names, of languages that have another name here. */
const identifiers: Readonly<Record<string, string>> = {
  c: "cpp cuda-cpp c++",
  csharp: "c#",
  css: "scss less sass",
  fsharp: "f#",
  "git-commit": "scminput",
  html: "vue svelte astro php erb handlebars razor",
  ini: "properties",
  javascript: "javascriptreact",
  json: "jsonc jsonl json5",
  latex: "tex",
  markdown: "mdx",
  prose: "restructuredtext",
  python: "ipython sage",
  raku: "perl6",
  shell: "shellscript bash",
  typescript: "typescriptreact deno",
  yaml: "dockercompose github-actions-workflow",
};

/** Identifiers that say more than the extension: `.m` has several languages, and `.env.local` and Cargo.lock show none. */
const clearIdentifiers = "coffeescript dotenv hlsl objective-c objective-cpp raku shaderlab sql toml vb".split(" ");

const languageOfId: ReadonlyMap<string, string> = new Map([
  ...[...Object.keys(endings), ...Object.keys(others), ...clearIdentifiers].map((id) => [id, id] as const),
  ...inverted(identifiers),
]);
const languageOfFile: ReadonlyMap<string, string> = new Map(inverted(others));

const makefile = /^(?:gnu|bsd)?makefile(?:$|[.-])/;
const dockerfile = /^(?:docker|container)file(?:$|[.-])/;

/**
 * The language of a document: the one that its identifier says, or else the one that its name says. Wider than
 * {@link languageOfName}: any extension and any identifier is a language. The cells of a notebook are in Python unless the identifier
 * says otherwise.
 * @returns undefined if nothing shows the language
 */
export function languageOf({ name, languageId }: NamedText): string | undefined {
  const id = languageId?.toLowerCase() ?? "";
  const known = languageOfId.get(id);
  if (known !== undefined) return known;
  // Plain text is what an editor takes any file for that it does not know.
  const unknown = id === "" || id === "plaintext" ? undefined : id;
  return (isOfNotebook(name) ? unknown : undefined) ?? languageOfPath(name) ?? unknown;
}

function languageOfPath(name: string): string | undefined {
  const file = fileNameOf(name);
  const extension = extensionOf(name);
  const known = languageOfFile.get(file) ?? languageOfFile.get(extension) ?? languageOfName(file);
  if (known !== undefined) return known;
  if (makefile.test(file)) return "makefile";
  if (dockerfile.test(file)) return "dockerfile";
  return extension.slice(1) || undefined;
}

/** Whether a path or URI is that of a notebook or one of its cells. */
export function isOfNotebook(name: string): boolean {
  return extensionOf(name) === ".ipynb" || isCell.test(name);
}

/** The extension of a path or URI, in lower case; empty if there is none. */
export function extensionOf(name: string): string {
  return extname(fileNameOf(name));
}

const isCell = /^vscode-notebook-cell:/;
/** The fragment of a cell's URI, or of one of several cursors. In other names, # may be a part of the name. */
const fragment = /(\.ipynb|^vscode-notebook-cell:[^#]*)#.*$|#cursor-\d+$/i;

function fileNameOf(name: string): string {
  return name
    .replace(fragment, "$1")
    .replace(/^.*[\\/]/s, "")
    .toLowerCase();
}

function inverted(table: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(table).flatMap(([language, words]) =>
    words
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => [word.toLowerCase(), language] as const),
  );
}
