import { lstat, open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import ignore, { type Ignore } from "ignore";
import picomatch from "picomatch";
import { MurmurError } from "../errors.ts";
import { decodeBytes, judgedLength } from "./decode.ts";
import { learnableParts } from "./learnable-text.ts";
import { isNotebook, notebookText } from "./notebook.ts";
import { isLikelySecret } from "./secret-names.ts";
import { counter, describeSkipped, type Skip, type Skipped, type SkipReason } from "./skipped.ts";

export interface ChosenFile {
  readonly path: string;
  /** Relative to the folder that it was found in, with "/" between its parts. */
  readonly name: string;
}

export interface Choice {
  /** In the order of their names. */
  readonly files: readonly ChosenFile[];
  /** How many files were left out, by reason. */
  readonly skipped: Readonly<Skipped>;
}

const largestFile = 1 << 20;
/** Mean length of a line above which a file is data or minified code. */
const longestMeanLine = 200;
/** The same for a notebook: most of it are outputs, such as pictures, which are not learned. */
const largestNotebook = 8 << 20;
/** Characters at a text's start by which its lines are judged. */
const sampled = 65_536;
const skippedFolders = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  "bower_components",
  ".venv",
  "__pycache__",
  ".cache",
]);
const generatedNames = picomatch([
  "*.min.*",
  "*.map",
  "*.lock",
  "*-lock.json",
  "*-lock.yaml",
  "*.snap",
  "go.sum",
  "*.svg",
  "*.log",
]);
/**
 * The text files to learn from. In a folder these are all but what .gitignore files, `exclude` (globs relative to the
 * folder) and common sense leave out: binaries, large, generated and minified files, likely secrets. A file that is
 * named itself is taken if it is text.
 * @throws MurmurError "not-found" if a path does not exist, "no-text" if nothing is left
 */
export async function chooseFiles(
  paths: readonly string[],
  options: { readonly exclude: readonly string[] },
): Promise<Choice> {
  const files: ChosenFile[] = [];
  const skipped: Skipped = {};
  const skip = counter(skipped);
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new MurmurError("not-found", `There is no file or folder ${path}. Check the path.`, { cause });
    });
    if (!found.isDirectory()) {
      const reason = await contentReason(path, found.size, Number.POSITIVE_INFINITY);
      if (reason) skip(reason);
      else files.push({ path, name: basename(path) });
      continue;
    }
    for await (const candidate of candidateFiles(path, options, skip)) {
      const reason = await contentReason(candidate.path, undefined, largestFile);
      if (reason) skip(reason);
      else files.push(candidate);
    }
  }
  if (files.length === 0) throw nothingLeft(paths, skipped);
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)), skipped };
}

/** The files of a folder that {@link chooseFiles} takes if their contents are text; these are not looked at. */
export async function* candidateFiles(
  folder: string,
  { exclude }: { readonly exclude: readonly string[] },
  skip: Skip = () => undefined,
): AsyncGenerator<ChosenFile> {
  for await (const path of walk(folder, excluder(exclude), skip)) {
    const reason = nameReason(path);
    if (reason) skip(reason);
    else yield { path, name: relative(folder, path).split(sep).join("/") };
  }
}

/**
 * The text of a file as it is learned (see {@link learnableParts}); undefined if its contents are none to learn from, by the
 * rules of {@link chooseFiles}.
 * @param skip is told of the file, or of lines of it, that are left out
 */
export async function readTextFile(path: string, skip: Skip = () => undefined): Promise<string | undefined> {
  const content = await contentOf(path, undefined, largestFile);
  if ("reason" in content) {
    skip(content.reason);
    return undefined;
  }
  let text = "";
  for (const part of learnableParts([content.text])) {
    text += part.text;
    skip("secret line", part.secretLines);
    // Scanning a part takes milliseconds, and requests wait meanwhile.
    await setImmediate();
  }
  return text;
}

/** The files of a folder that no rule about names leaves out. */
async function* walk(root: string, isExcluded: (path: string) => boolean, skip: Skip): AsyncGenerator<string> {
  const seen = new Set<string>();
  const visit = async function* (folder: string, rules: readonly Rules[]): AsyncGenerator<string> {
    const real = await realpath(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const all = await withRulesOf(folder, rules);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (!isFolder && !entry.isFile()) continue;
      const reason = placeReason(root, { path, isFolder }, all, isExcluded);
      if (reason) {
        if (!isFolder) skip(reason);
      } else if (isFolder) {
        yield* visit(path, all);
      } else {
        yield path;
      }
    }
  };
  yield* visit(root, []);
}

/** Whether {@link candidateFiles} of a folder gives a file, if it exists. */
export async function isCandidate(
  folder: string,
  path: string,
  { exclude }: { readonly exclude: readonly string[] },
): Promise<boolean> {
  const name = relative(folder, path);
  if (name === "" || isAbsolute(name) || name.split(sep)[0] === "..") return false;
  const isExcluded = excluder(exclude);
  let rules: readonly Rules[] = [];
  let at = folder;
  for (const part of name.split(sep)) {
    rules = await withRulesOf(at, rules);
    at = join(at, part);
    // What lies behind a link is read where it stands itself, if that is in a folder.
    if (await isLink(at)) return false;
    if (placeReason(folder, { path: at, isFolder: at !== path }, rules, isExcluded)) return false;
  }
  return nameReason(path) === undefined;
}

async function isLink(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

/** Whether a document's text, by its size and its lines, is what {@link chooseFiles} takes: no data, nothing generated. */
export function isWritten(text: string): boolean {
  const start = text.slice(0, sampled);
  const lines = start.split("\n").length;
  return Buffer.byteLength(text) <= largestFile && Buffer.byteLength(start) / lines <= longestMeanLine;
}

function excluder(exclude: readonly string[]): (name: string) => boolean {
  return exclude.length > 0 ? picomatch([...exclude], { dot: true }) : () => false;
}

interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

/** Rules with those of a folder's own .gitignore. */
async function withRulesOf(folder: string, rules: readonly Rules[]): Promise<readonly Rules[]> {
  const own = await readFile(join(folder, ".gitignore"), "utf8").catch(() => undefined);
  return own === undefined ? rules : [...rules, { folder, matcher: ignore().add(own) }];
}

/** Why a file or a folder, and all in it, is left out because of where it stands. */
function placeReason(
  root: string,
  { path, isFolder }: { readonly path: string; readonly isFolder: boolean },
  rules: readonly Rules[],
  isExcluded: (name: string) => boolean,
): SkipReason | undefined {
  if (isFolder && skippedFolders.has(basename(path))) return "ignored";
  if (isIgnored(path, isFolder, rules)) return "ignored";
  const name = relative(root, path).split(sep).join("/");
  return isExcluded(name) || (isFolder && isExcluded(`${name}/`)) ? "excluded" : undefined;
}

/** The innermost .gitignore that says anything of a path decides. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { folder, matcher } of [...rules].reverse()) {
    const name = relative(folder, path).split(sep).join("/") + (isFolder ? "/" : "");
    const verdict = matcher.test(name);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function nameReason(path: string): SkipReason | undefined {
  const name = basename(path);
  if (isLikelySecret(path)) return "secret";
  return generatedNames(name) ? "generated" : undefined;
}

async function contentReason(path: string, size: number | undefined, largest: number): Promise<SkipReason | undefined> {
  const content = await contentOf(path, size, largest);
  return "reason" in content ? content.reason : undefined;
}

/** The text of a file, as far as it is looked at before it is learned (all of one that is not too large), or why it is left out. */
async function contentOf(
  path: string,
  size: number | undefined,
  largest: number,
): Promise<{ readonly text: string } | { readonly reason: SkipReason }> {
  try {
    const bytes = size ?? (await stat(path)).size;
    if (bytes === 0) return { reason: "empty" };
    if (bytes > (isNotebook(path) ? largestNotebook : largest)) return { reason: "too large" };
    const start = await firstBytes(path, isNotebook(path) ? bytes : Math.min(bytes, judgedLength));
    const decoded = decodeBytes(start, start.length === bytes);
    if ("reason" in decoded) return decoded;
    const text = isNotebook(path) ? notebookText(decoded.text) : decoded.text;
    if (text === undefined) return { reason: "broken notebook" };
    if (text === "") return { reason: "empty" };
    return largest !== Number.POSITIVE_INFINITY && !isWritten(text) ? { reason: "generated" } : { text };
  } catch {
    return { reason: "unreadable" };
  }
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(count);
    const { bytesRead } = await file.read(buffer, 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function nothingLeft(paths: readonly string[], skipped: Choice["skipped"]): MurmurError {
  const reasons = describeSkipped(skipped);
  const why = reasons === "" ? "there is no file" : `every file was left out (${reasons})`;
  return new MurmurError(
    "no-text",
    `There is no text to learn from in ${paths.join(", ")}: ${why}. Choose a folder with text files, or exclude fewer.`,
  );
}
