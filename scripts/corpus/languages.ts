import { extname } from "node:path";
import { type Language, languageOfName } from "../../src/languages.ts";

const interpreters: ReadonlyArray<readonly [RegExp, Language]> = [
  [/\b(ba|da|k|z)?sh\b/, "shell"],
  [/\bpython[\d.]*\b/, "python"],
  [/\bnode\b/, "javascript"],
];

/** The language of a file by its extension or, without one, by the interpreter that its first line names. */
export function languageOf(path: string, text: () => string): Language | undefined {
  if (extname(path) !== "") return languageOfName(path);
  const shebang = /^#!.*/.exec(text())?.[0];
  return shebang === undefined ? undefined : interpreters.find(([pattern]) => pattern.test(shebang))?.[1];
}

const unusualFolders =
  /(^|\/)(node_modules|_?vendor|third[_-]party|dist|build|umd|_?esm|_?cjs|_types|lib\.(commonjs|esm)|min|fixtures|testdata|locales?|\.git|\.github|[^/]*\.(egg|dist)-info)\//;
const unusualNames =
  /(^|\/)((licen[cs]e|copying|notice|copyright|changelog|authors)[^/]*|CMakeLists\.txt|requirements[^/]*\.txt|robots\.txt|(package-lock|npm-shrinkwrap)\.json|configure|install-sh|ltmain\.sh|config\.(guess|sub)|[^/]*(\.min\.[^/]*|\.d\.[cm]?ts|[-.](lock|map|snap)))$/i;

/** Whether the path of a file marks it as built, vendored or otherwise not worth learning from. */
export function isUnusual(path: string): boolean {
  return unusualFolders.test(path) || unusualNames.test(path);
}
