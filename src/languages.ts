import { basename, extname } from "node:path/posix";

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

/** Whether a file is a makefile, by its name. */
export function isMakefile(name: string): boolean {
  return /^(?:gnu)?makefile$|\.mk$/i.test(basename(name));
}
