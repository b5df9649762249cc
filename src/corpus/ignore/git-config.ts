import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { readSmallText } from "../../regular-file.ts";
import type { Repository } from "./git-repository.ts";
import { namedPath } from "./named-path.ts";
import { bytesOf, foldCase, wildmatch } from "./wildmatch.ts";

/** Git's settings about ignored files. */
export interface GitConfig {
  /** core.ignoreCase; undefined if not set. */
  readonly ignoreCase: boolean | undefined;
  /** The path of core.excludesFile or its default; undefined if it is set to an empty path or to one on another machine. */
  readonly excludesFile: string | undefined;
}

/** Includes nested deeper than this are taken for a cycle. */
const deepestInclude = 10;

/** The includes that are considered, and the characters of all included files. With more, a file includes itself, or nobody wrote it by hand. */
const [mostIncludes, mostIncluded] = [100, 1 << 20];

/** The length of a condition for an include. Matching takes time proportional to it. */
const longestCondition = 1024;

/** What has been read so far, and how much more may be included. */
interface Reading {
  readonly values: Map<string, string | undefined>;
  readonly gitDirectory: string | undefined;
  /** Whether the settings are those of a repository, which anybody may have written. */
  isForeign: boolean;
  includesLeft: number;
  charactersLeft: number;
}

/**
 * Reads git's settings (git-config(1)) of the system, the user and a repository. Settings that can't be read or understood are ignored.
 */
export async function readGitConfig(repository: Repository | undefined): Promise<GitConfig> {
  const { env } = process;
  const personal = join(env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "git");
  const isSystemLeftOut = isTrue(env["GIT_CONFIG_NOSYSTEM"] ?? "false");
  const global = env["GIT_CONFIG_GLOBAL"];
  const values = new Map<string, string | undefined>();
  const { gitDirectory } = repository ?? {};
  const reading: Reading = {
    values,
    gitDirectory,
    isForeign: false,
    includesLeft: mostIncludes,
    charactersLeft: mostIncluded,
  };
  const read = (path: string): Promise<void> => readInto(reading, path, 0);
  if (!isSystemLeftOut) await read(env["GIT_CONFIG_SYSTEM"] ?? "/etc/gitconfig");
  for (const path of global === undefined ? [join(personal, "config"), join(homedir(), ".gitconfig")] : [global]) {
    await read(path);
  }
  const own = values.get("core.excludesfile");
  reading.isForeign = true;
  if (repository?.commonDirectory) await read(join(repository.commonDirectory, "config"));
  if (gitDirectory && isTrue(values.get("extensions.worktreeconfig") ?? "false")) {
    await read(join(gitDirectory, "config.worktree"));
  }
  const excludesFile = values.get("core.excludesfile") ?? join(personal, "ignore");
  return {
    ignoreCase: values.has("core.ignorecase") ? isTrue(values.get("core.ignorecase")) : undefined,
    excludesFile:
      excludesFile === ""
        ? undefined
        : pathIn(repository?.root ?? ".", excludesFile, excludesFile !== (own ?? join(personal, "ignore"))),
  };
}

/** @param depth how many files include one another on the way to this one */
async function readInto(reading: Reading, path: string, depth: number): Promise<void> {
  const text = await readSmallText(path).catch(() => undefined);
  if (text === undefined) return;
  if (depth > 0) reading.charactersLeft -= text.length;
  if (reading.charactersLeft < 0) return;
  for (const { key, value } of parseGitConfig(text)) {
    reading.values.set(key, value);
    if (value === undefined || depth === deepestInclude || !/^include(if\..*)?\.path$/s.test(key)) continue;
    if (reading.includesLeft-- <= 0 || !isIncluded(key, path, reading.gitDirectory)) continue;
    const included = pathIn(dirname(path), value, reading.isForeign);
    if (included !== undefined) await readInto(reading, included, depth + 1);
  }
}

/** Whether include.path or includeIf.*.path includes a file: with a condition, the repository's folder must match it. */
function isIncluded(key: string, file: string, gitDirectory: string | undefined): boolean {
  if (key === "include.path") return true;
  const [, ignoreCase, condition] = /^includeif\.gitdir(\/i)?:(.*)\.path$/s.exec(key) ?? [];
  if (condition === undefined || condition.length > longestCondition || gitDirectory === undefined) return false;
  let pattern = atHome(condition);
  if (pattern.startsWith("./")) pattern = join(dirname(file), pattern);
  else if (!isAbsolute(pattern)) pattern = `**/${pattern}`;
  if (pattern.endsWith("/")) pattern += "**";
  const fold = (text: string): string => (ignoreCase ? foldCase(bytesOf(text)) : bytesOf(text));
  return wildmatch(bytesOf(pattern), ignoreCase !== undefined)(fold(gitDirectory.split(sep).join("/")));
}

/** @param isForeign whether a repository names the path, and not the user or the system */
function pathIn(folder: string, path: string, isForeign: boolean): string | undefined {
  return isForeign ? namedPath(folder, atHome(path)) : resolve(folder, atHome(path));
}

function atHome(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}

/** @param value a setting's value; undefined if it has none, which means true */
function isTrue(value: string | undefined): boolean {
  return value === undefined || /^(true|yes|on|[+-]?0*[1-9][0-9]*[kmg]?)$/i.test(value);
}

interface Setting {
  /** The section, the subsection if any, and the name, joined by dots: "core.ignorecase". */
  readonly key: string;
  readonly value: string | undefined;
}

/** The settings of a file, up to its end or its first syntax error. */
export function* parseGitConfig(text: string): Generator<Setting, void, undefined> {
  let section = "";
  let rest = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest) ?? undefined;
    if (found) rest = rest.slice(found[0].length);
    return found;
  };
  for (;;) {
    take(/^(\s+|[#;].*)+/);
    if (rest === "") return;
    const header = take(/^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\.)*)")?\]/);
    if (header) {
      section = (header[1] ?? "").toLowerCase();
      if (header[2] !== undefined) section += `.${header[2].replace(/\\(.)/g, "$1")}`;
      continue;
    }
    const name = take(/^([A-Za-z][A-Za-z0-9-]*)[ \t]*/)?.[1];
    if (name === undefined) return;
    const raw = take(/^=((?:[^\\\n"#;]|\\.|\\\n|"(?:[^"\\\n]|\\.|\\\n)*")*)/)?.[1];
    yield { key: `${section}.${name.toLowerCase()}`, value: raw === undefined ? undefined : unquoted(raw) };
  }
}

/** A value without quotes, escapes and surrounding spaces. */
function unquoted(raw: string): string {
  const line = raw.replace(/\\(.)/gs, (all, char: string) => (char === "\n" ? "" : all));
  const parts = line.trim().match(/"(?:[^"\\]|\\.)*"|\\.|[^"\\]+/gs) ?? [];
  return parts
    .map((part) => (part.startsWith('"') ? part.slice(1, -1) : part))
    .join("")
    .replace(/\\(.)/gs, (_, char: string) => escapes.get(char) ?? char);
}

const escapes = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["b", "\b"],
]);
