import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Lists the English texts without a translation: node scripts/texts.ts

const root = join(import.meta.dirname, "..");

/** The languages that Murmur is translated into. */
export const languages: readonly string[] = globSync("l10n/bundle.l10n.*.json", { cwd: root })
  .map((path) => path.split(".").at(-2) ?? "")
  .sort();

/** Texts by their keys. */
export type Bundle = Readonly<Record<string, string>>;

export function readBundle(path: string): Bundle {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

/** The calls of `t` in a source, each with the source from there on. */
const calls = /(?<![\w.$])(?<!function )t\(\s*/g;
const literal = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.)*`)/;

/**
 * The English texts that sources ask to be translated.
 * @throws Error that names the place, if a text is put together where it is asked for
 */
export function textsOf(source: string, name: string): string[] {
  return [...source.matchAll(calls)].map(({ index, 0: { length } }) => {
    const [found] = literal.exec(source.slice(index + length)) ?? [];
    const line = source.slice(0, index).split("\n").length;
    if (found === undefined) throw new Error(`${name}:${line} asks for a text that is not a literal.`);
    return JSON.parse(found.startsWith('"') ? found : asJson(found));
  });
}

function asJson(quoted: string): string {
  return JSON.stringify(quoted.slice(1, -1).replace(/\\(['`])/g, "$1"));
}

/** The sources that ask for texts, by their paths. */
export function sources(): ReadonlyMap<string, string> {
  const paths = globSync("src/**/*.ts", { cwd: root }).map((path) => path.replaceAll("\\", "/"));
  const all = paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")] as const);
  return new Map(all.filter(([, source]) => /^import \{[^}]*\bt\b[^}]*\} from "[./]+\/l10n\.ts";/m.test(source)));
}

/** The English texts in all sources, each once. */
export function textsInSources(): string[] {
  return [...new Set([...sources()].flatMap(([name, source]) => textsOf(source, name)))];
}

if (process.argv[1] === import.meta.filename) {
  for (const language of languages) {
    const [bundle, manifest] = [`l10n/bundle.l10n.${language}.json`, `package.nls.${language}.json`];
    const missing = [
      { path: bundle, keys: textsInSources() },
      { path: manifest, keys: Object.keys(readBundle("package.nls.json")) },
    ].map(({ path, keys }) => [path, keys.filter((key) => !(key in readBundle(path)))]);
    process.stdout.write(`${JSON.stringify(Object.fromEntries(missing), undefined, 2)}\n`);
  }
}
