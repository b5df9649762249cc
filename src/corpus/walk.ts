import type { Dirent } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { repositoryOf } from "./ignore/git-repository.ts";
import { type IgnoreScope, isIgnored, scopeOf, scopeWithin } from "./ignore/ignore-scope.ts";
import type { Skip, SkipReason } from "./skipped.ts";

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

/** Milliseconds after which the walk yields to the process's other work. */
const longestTurn = 5;

/** Whether an entry of a folder is left out by its name alone. In linked work trees and submodules, ".git" is a file. */
export function isLeftOutByName(name: string, isFolder: boolean): boolean {
  return name === ".git" || (isFolder && skippedFolders.has(name));
}

/** A file found in a folder. */
export interface FoundFile {
  readonly path: string;
  /** The path relative to the folder that the walk began in, with "/" between its parts. */
  readonly name: string;
}

/** A folder to read. */
interface Pending extends FoundFile {
  /** The rules of the folder that contains it; undefined for the first folder. */
  readonly outer: IgnoreScope | undefined;
  readonly ancestors: Ancestors | undefined;
}

/** The folders that contain a folder, innermost first, by the file system's identifiers. */
interface Ancestors {
  readonly id: string;
  readonly above: Ancestors | undefined;
}

/**
 * Yields the regular files of a folder that neither git's rules nor `isExcluded` exclude. Links are not followed. A folder that can't be read,
 * has vanished, or leads back to a folder that contains it is skipped and counted once. Folders of dependencies and of version control are
 * left out without being counted.
 */
export async function* walk(
  root: string,
  isExcluded: (name: string) => boolean,
  skip: Skip,
): AsyncGenerator<FoundFile, void, undefined> {
  const pending: Pending[] = [{ path: root, name: "", outer: undefined, ancestors: undefined }];
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    let resumed = performance.now();
    const listed = await list(folder).catch(() => "unreadable" as const);
    if (typeof listed === "string") {
      skip(listed);
      continue;
    }
    const { entries, scope, ancestors } = listed;
    const folders: Pending[] = [];
    for (const entry of entries) {
      if (performance.now() - resumed > longestTurn) {
        await setImmediate();
        resumed = performance.now();
      }
      const isFolder = entry.isDirectory();
      if (isLeftOutByName(entry.name, isFolder)) continue;
      const name = folder.name === "" ? entry.name : `${folder.name}/${entry.name}`;
      const reason = kindReason(entry) ?? placeReason({ name: entry.name, path: name, isFolder }, scope, isExcluded);
      if (reason) skip(reason);
      else if (isFolder) folders.push({ path: join(folder.path, entry.name), name, outer: scope, ancestors });
      else yield { path: join(folder.path, entry.name), name };
    }
    for (const inner of folders.reverse()) pending.push(inner);
  }
}

/**
 * Lists a folder and reads its rules.
 * @throws Error if the folder or its rules can't be read
 */
async function list(
  folder: Pending,
): Promise<"looping" | { entries: Dirent[]; scope: IgnoreScope; ancestors: Ancestors }> {
  const { path, outer } = folder;
  const { dev, ino } = await (outer ? lstat : stat)(path, { bigint: true });
  const id = `${dev} ${ino}`;
  // A folder that is mounted inside itself can't be recognised by its path, which contains no links.
  for (let at = folder.ancestors; at; at = at.above) if (at.id === id) return "looping";
  const entries = await readdir(path, { withFileTypes: true });
  const has = (name: string): boolean => entries.some((entry) => isNamed(entry.name, name));
  const scope = outer ? await scopeWithin(outer, path, has) : await scopeOf(path);
  return { entries, scope, ancestors: { id, above: folder.ancestors } };
}

/** Whether a name equals another, ignoring case, as some file systems do. */
function isNamed(name: string, other: string): boolean {
  return name.length === other.length && name.toLowerCase() === other;
}

/** Why an entry of a folder is left out because of its kind. */
function kindReason(entry: Dirent): SkipReason | undefined {
  if (entry.isSymbolicLink()) return "link";
  // Node returns a name that is not UTF-8 with U+FFFD in it, and no file has that name.
  if (entry.name.includes("\uFFFD")) return "unreadable";
  return entry.isDirectory() || entry.isFile() ? undefined : "not a file";
}

/** Why a file or a folder is left out because of its path. */
export function placeReason(
  { name, path, isFolder }: { readonly name: string; readonly path: string; readonly isFolder: boolean },
  scope: IgnoreScope,
  isExcluded: (name: string) => boolean,
): SkipReason | undefined {
  if (isIgnored(scope, name, isFolder)) return "ignored";
  return isExcluded(path) || (isFolder && isExcluded(`${path}/`)) ? "excluded" : undefined;
}

/** A file's real path, and the folder whose rules apply if no folder is open: the root of its repository, or else the file's own folder. */
export async function placeOf(path: string): Promise<{ readonly root: string; readonly path: string }> {
  const folder = await realpath(dirname(path));
  return { root: (await repositoryOf(folder))?.root ?? folder, path: join(folder, basename(path)) };
}
