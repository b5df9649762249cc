import { realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { isBinaryFile } from "isbinaryfile";
import picomatch from "picomatch";
import { MurmurError } from "../errors.ts";
import { isFolder } from "../output-file.ts";
import { isGenerated } from "./generated.ts";
import { openRegular } from "./regular-file.ts";
import { counter, describeSkipped, type Skip, type Skipped, type SkipReason } from "./skipped.ts";
import { type FoundFile, isReached, placeOf, walk } from "./walk.ts";

export type ChosenFile = FoundFile;

export interface Choice {
  /** In the order of their names. */
  readonly files: readonly ChosenFile[];
  readonly skipped: Readonly<Skipped>;
}

interface ChoosingOptions {
  /** Globs of files to leave out, relative to the folder that they are found in. */
  readonly exclude: readonly string[];
}

const largestFile = 1 << 20;
/** Bytes or characters at a file's start that show what it is. */
const sampled = 65_536;
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
/** Files that are likely to hold secrets: a model can say what it has read. */
const secretNames = picomatch(
  [
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.keystore",
    "*.jks",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".npmrc",
    ".netrc",
    ".pypirc",
    ".htpasswd",
    "credentials",
    "credentials.*",
    "secrets.*",
  ],
  { dot: true, nocase: true },
);

/**
 * The text files to learn from, each once, however many of the paths lead to it. In a folder these are all but what git ignores,
 * `exclude` and common sense leave out: binaries, large, generated and minified files, likely secrets. A file that is named itself
 * is taken if it is text; so is a folder, even where git ignores it as a whole.
 * @throws MurmurError "not-found" if a path does not exist, "no-text" if nothing is left
 */
export async function chooseFiles(paths: readonly string[], options: ChoosingOptions): Promise<Choice> {
  /** By their real paths. */
  const files = new Map<string, ChosenFile>();
  const skipped: Skipped = {};
  const skip = counter(skipped);
  for (const path of paths) {
    const real = await realpath(path).catch((cause: unknown) => {
      throw new MurmurError("not-found", `There is no file or folder ${path}. Check the path.`, { cause });
    });
    const isWhole = await isFolder(real);
    const candidates = isWhole ? candidateFiles(path, options, skip) : [{ path, name: basename(path) }];
    for await (const candidate of candidates) {
      const key = isWhole ? join(real, candidate.name) : real;
      if (files.has(key)) continue;
      const reason = await contentReason(candidate.path, isWhole ? largestFile : Number.POSITIVE_INFINITY);
      if (reason) skip(reason);
      else files.set(key, candidate);
    }
  }
  if (files.size === 0) throw nothingLeft(paths, skipped);
  const sorted = [...files.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { files: sorted, skipped };
}

/** The files of a folder that {@link chooseFiles} takes if their contents are text; these are not looked at. */
export async function* candidateFiles(
  folder: string,
  { exclude }: ChoosingOptions,
  skip: Skip = () => undefined,
): AsyncGenerator<ChosenFile, void, undefined> {
  for await (const file of walk(folder, excluder(exclude), skip)) {
    const reason = nameReason(file.path);
    if (reason) skip(reason);
    else yield file;
  }
}

/** The files that {@link candidateFiles} gives of some folders, each once: one folder may be in another, or a link to it. */
export async function* candidateFilesIn(
  folders: readonly string[],
  options: ChoosingOptions,
  skip?: Skip,
): AsyncGenerator<ChosenFile, void, undefined> {
  const seen = new Set<string>();
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => folder);
    for await (const file of candidateFiles(folder, options, skip)) {
      const path = join(real, file.name);
      if (!seen.has(path)) yield file;
      seen.add(path);
    }
  }
}

/** Whether {@link candidateFiles} of a folder gives a file, if it exists. */
export async function isCandidate(folder: string, path: string, { exclude }: ChoosingOptions): Promise<boolean> {
  return nameReason(path) === undefined && (await isReached(folder, path, excluder(exclude)));
}

/** Whether a file that is in no open folder may be learned, by the rules of the repository that it is in. */
export async function isCandidateAlone(path: string): Promise<boolean> {
  const place = await placeOf(path).catch(() => undefined);
  return place !== undefined && (await isCandidate(place.root, place.path, { exclude: [] }));
}

/**
 * The text of a file; undefined if its contents are none to learn from, by the rules of {@link chooseFiles}.
 * @param skip takes the reason why it is left out
 */
export async function readTextFile(path: string, skip: Skip = () => undefined): Promise<string | undefined> {
  const content = await contentOf(path, largestFile, largestFile);
  if ("text" in content) return content.text;
  skip(content.reason);
  return undefined;
}

/** Whether a document's text, by its size and its lines, is what {@link chooseFiles} takes: no data, nothing generated. */
export function isWritten(text: string): boolean {
  return Buffer.byteLength(text) <= largestFile && !isGenerated(text.slice(0, sampled));
}

function excluder(exclude: readonly string[]): (name: string) => boolean {
  return exclude.length > 0 ? picomatch([...exclude], { dot: true }) : () => false;
}

/** Whether a file, by its path or URI, is likely to hold secrets. */
export function isLikelySecret(path: string): boolean {
  return secretNames(basename(path));
}

function nameReason(path: string): SkipReason | undefined {
  const name = basename(path);
  if (isLikelySecret(path)) return "secret";
  return generatedNames(name) ? "generated" : undefined;
}

/** @param largest size in bytes; what may be of any size was named by the user, and may look generated too */
async function contentReason(path: string, largest: number): Promise<SkipReason | undefined> {
  const content = await contentOf(path, largest, sampled);
  return "reason" in content ? content.reason : undefined;
}

/**
 * The text of a file, or why it is left out.
 * @param largest size in bytes
 * @param length bytes that are read, at most
 */
async function contentOf(
  path: string,
  largest: number,
  length: number,
): Promise<{ readonly text: string } | { readonly reason: SkipReason }> {
  try {
    await using file = await openRegular(path);
    if (!file) return { reason: "not a file" };
    if (file.size === 0) return { reason: "empty" };
    if (file.size > largest) return { reason: "too large" };
    const bytes = await file.first(Math.min(file.size, length));
    if (await isBinaryFile(bytes.subarray(0, sampled))) return { reason: "binary" };
    // The decoder takes a byte order mark away, as editors do; of a character that is cut in two it gives nothing.
    const text = new TextDecoder().decode(bytes, { stream: bytes.length < file.size });
    const isData = largest !== Number.POSITIVE_INFINITY && isGenerated(text.slice(0, sampled));
    return isData ? { reason: "generated" } : { text };
  } catch {
    return { reason: "unreadable" };
  }
}

function nothingLeft(paths: readonly string[], skipped: Skipped): MurmurError {
  const reasons = describeSkipped(skipped);
  const why = reasons === "" ? "there is no file" : `every file was left out (${reasons})`;
  return new MurmurError(
    "no-text",
    `There is no text to learn from in ${paths.join(", ")}: ${why}. Choose a folder with text files, or exclude fewer.`,
  );
}
