import { realpath } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import picomatch from "picomatch";
import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import { isFolder } from "../output-file.ts";
import { openRegular } from "../regular-file.ts";
import { decodeBytes, judgedLength } from "./decode.ts";
import { isGenerated } from "./generated.ts";
import { globMatcher } from "./ignore/globs.ts";
import { learnableParts } from "./learnable-text.ts";
import { isNotebook, type NotebookContent, notebookContent } from "./notebook.ts";
import { type Reach, reachIn } from "./reach.ts";
import { isLikelySecret } from "./secrets/secret-names.ts";
import { counter, describeSkipped, type Skip, type Skipped, type SkipReason } from "./skipped.ts";
import { type FoundFile, placeOf, walk } from "./walk.ts";

export type ChosenFile = FoundFile;

/** A file whose contents are suitable for learning. It is read later, and may be another by then. */
export interface SuitableFile extends ChosenFile {
  /** The real path: if the file or a folder above it becomes a link, the file is gone. */
  readonly path: string;
  /** The number of bytes that are read at most, however long the file has become. */
  readonly limit: number;
}

export interface Choice {
  /** Sorted by name. */
  readonly files: readonly SuitableFile[];
  readonly skipped: Readonly<Skipped>;
}

/** Which files of a folder to take, by their names relative to the folder. */
export interface FileFilter {
  /** Globs of files and folders to leave out. */
  readonly exclude: readonly string[];
  /** Globs of the only files to take; undefined: all. */
  readonly only?: readonly string[] | undefined;
}

const largestFile = 1 << 20;
/** The largest notebook. Most of a notebook is output, such as pictures, which is not learned. */
const largestNotebook = 8 << 20;
/** The number of characters at a text's start that decide whether it looks generated. */
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
/**
 * Chooses the text files to learn from, each once, even if several paths lead to it. A folder's files are taken except those that git
 * ignores, those that `exclude` matches, binaries, large, generated and minified files, and likely secrets. A path that names a file is
 * taken if the file is text. A path that names a folder is read even if git ignores the folder.
 * @throws MurmurError ("not-found") if a path does not exist; ("no-text") if nothing is left
 */
export async function chooseFiles(paths: readonly string[], options: FileFilter): Promise<Choice> {
  /** By their real paths. */
  const files = new Map<string, SuitableFile>();
  const skipped: Skipped = {};
  const skip = counter(skipped);
  for (const path of paths) {
    const real = await realpath(path).catch((cause: unknown) => {
      throw new MurmurError("not-found", t("There is no file or folder {0}. Check the path.", path), { cause });
    });
    const isWhole = await isFolder(real);
    const candidates = isWhole ? candidateFiles(path, options, skip) : [{ path, name: basename(path) }];
    for await (const { name } of candidates) {
      const file = { path: isWhole ? join(real, name) : real, name };
      if (files.has(file.path)) continue;
      const content = await contentOf(file, isWhole ? largestFile : Number.POSITIVE_INFINITY);
      if ("reason" in content) skip(content.reason);
      else files.set(file.path, { ...file, limit: Math.max(content.size, largestOf(name, largestFile)) });
    }
  }
  if (files.size === 0) throw nothingLeft(paths, skipped);
  const sorted = [...files.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { files: sorted, skipped };
}

/** The files of a folder that {@link chooseFiles} takes if their contents are suitable. The contents are not examined here. */
export async function* candidateFiles(
  folder: string,
  { exclude, only }: FileFilter,
  skip: Skip = () => undefined,
): AsyncGenerator<ChosenFile, void, undefined> {
  const isTaken = only ? globMatcher(only) : () => true;
  for await (const file of walk(folder, globMatcher(exclude), skip)) {
    const reason = isTaken(file.name) ? nameReason(file.path) : "excluded";
    if (reason) skip(reason);
    else yield file;
  }
}

/** The {@link candidateFiles} of several folders, each once, even if a folder lies in another or is a link to it. */
export async function* candidateFilesIn(
  folders: readonly string[],
  options: FileFilter,
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

/** What {@link candidateFiles} of a folder would do with a path, as {@link reachIn} says it for the walk. */
export function candidateReach(folder: string, { exclude, only }: FileFilter): Reach {
  const reached = reachIn(folder, globMatcher(exclude));
  const isTaken = only ? globMatcher(only) : () => true;
  return async (path) => {
    const kind = await reached(path);
    if (kind !== "file") return kind;
    const isCandidate = nameReason(path) === undefined && isTaken(relative(folder, path).split(sep).join("/"));
    return isCandidate ? "file" : undefined;
  };
}

/** Whether {@link candidateFiles} would yield a file of a folder if it exists. */
export async function isCandidate(folder: string, path: string, filter: FileFilter): Promise<boolean> {
  return (await candidateReach(folder, filter)(path)) === "file";
}

/** Whether a file outside all open folders may be learned, by the rules of its own repository. */
export async function isCandidateAlone(path: string): Promise<boolean> {
  const place = await placeOf(path).catch(() => undefined);
  return place !== undefined && (await isCandidate(place.root, place.path, { exclude: [] }));
}

/** A file's text as it is learned, and, if the file is a notebook, its kernel's language. */
export type FileText = NotebookContent;

/**
 * The text of a file as it is learned (see {@link learnableParts}); undefined if {@link chooseFiles} would reject its contents.
 * @param skip called for the file or the lines that are left out
 */
export async function readTextFile(path: string, skip: Skip = () => undefined): Promise<FileText | undefined> {
  const content = await contentOf({ path, name: path }, largestFile);
  if ("reason" in content) {
    skip(content.reason);
    return undefined;
  }
  let text = "";
  for (const part of learnableParts([content.text])) {
    text += part.text;
    skip("secret line", part.secretLines);
    // Scanning a part takes milliseconds, so let waiting requests run.
    await setImmediate();
  }
  return { text, languageId: content.languageId };
}

/** Whether {@link chooseFiles} would take a document's text, by its size and lines: it is neither data nor generated. */
export function isWritten(text: string): boolean {
  return Buffer.byteLength(text) <= largestFile && !isGenerated(text.slice(0, sampled));
}

function nameReason(path: string): SkipReason | undefined {
  const name = basename(path);
  if (isLikelySecret(path)) return "secret";
  return generatedNames(name) ? "generated" : undefined;
}

/** The size limit in bytes. @param largest that of a file that is not a notebook */
function largestOf(name: string, largest: number): number {
  return isNotebook(name) ? largestNotebook : largest;
}

/**
 * The beginning of a file's text, which is the whole text unless the file is very large; or why the file is left out.
 * @param file.path where a link is not followed: the walk chooses none, and of a file that the user named, this is the real path
 * @param largest the size limit in bytes; infinite for a file that the user named, which may also look generated
 */
async function contentOf(
  { path, name }: ChosenFile,
  largest: number,
): Promise<(FileText & { readonly size: number }) | { readonly reason: SkipReason }> {
  try {
    await using file = await openRegular(path, { followLinks: false });
    if (!file) return { reason: "not a file" };
    const { size } = file;
    if (size === 0) return { reason: "empty" };
    if (size > largestOf(name, largest)) return { reason: "too large" };
    const bytes = await file.first(isNotebook(name) ? size : Math.min(size, judgedLength));
    const decoded = await decodeBytes(bytes, bytes.length === size);
    if ("reason" in decoded) return decoded;
    const content = isNotebook(name) ? notebookContent(decoded.text) : { text: decoded.text, languageId: undefined };
    if (content === undefined) return { reason: "broken notebook" };
    const { text } = content;
    if (text === "") return { reason: "empty" };
    const isData = largest !== Number.POSITIVE_INFINITY && isGenerated(text.slice(0, sampled));
    return isData ? { reason: "generated" } : { ...content, size };
  } catch {
    return { reason: "unreadable" };
  }
}

function nothingLeft(paths: readonly string[], skipped: Skipped): MurmurError {
  const reasons = describeSkipped(skipped);
  const where = paths.join(", ");
  return new MurmurError(
    "no-text",
    reasons === ""
      ? t("There is no text to learn from in {0}: there is no file. Choose a folder with text files.", where)
      : t(
          "There is no text to learn from in {0}: every file was left out ({1}). Choose a folder with text files, or exclude fewer.",
          where,
          reasons,
        ),
  );
}
