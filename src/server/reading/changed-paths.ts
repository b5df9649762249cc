import { basename, dirname } from "node:path";
import { type WorkspaceFiles, workspaceReach } from "./workspace-files.ts";

/** If more files than this change at once, as when a branch is checked out, all files are examined. */
const mostFollowed = 200;

export interface ChangedPath {
  readonly path: string;
  /** Whether it may be read, if it is a file; otherwise what is known by this path is to be forgotten. */
  readonly mayBeRead: boolean;
}

/**
 * The paths, among changed ones, of files that may be read or of which something is known. Most changes may be in files that are left
 * out, such as those that a build writes; they count for nothing here.
 * @param names the names of the known texts
 * @returns undefined if all files must be examined, because many files, a whole folder or the ignore rules have changed
 */
export async function pathsToFollow(
  paths: readonly string[],
  files: WorkspaceFiles,
  names: readonly string[],
): Promise<readonly ChangedPath[] | undefined> {
  // If no folder is open, a file was learned because it was open.
  if (files.folders.length === 0) {
    return paths.filter((path) => names.includes(path)).map((path) => ({ path, mayBeRead: true }));
  }
  const known = withFolders(names);
  const reached = workspaceReach(files);
  const changed: ChangedPath[] = [];
  for (const path of paths) {
    // The rules may exclude their own file.
    if (basename(path) === ".gitignore" && (await reached(dirname(path))) === "folder") return undefined;
    const kind = await reached(path);
    if (kind === "folder") return undefined;
    if (kind === "file" || known.has(path)) changed.push({ path, mayBeRead: kind === "file" });
    if (changed.length > mostFollowed) return undefined;
  }
  return changed;
}

/** Paths, and the folders that contain them. */
function withFolders(names: readonly string[]): ReadonlySet<string> {
  const all = new Set(names);
  for (const name of names) {
    for (let folder = dirname(name); !all.has(folder); folder = dirname(folder)) all.add(folder);
  }
  return all;
}
