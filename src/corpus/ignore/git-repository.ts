import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSmallText } from "../../regular-file.ts";
import { namedPath } from "./named-path.ts";

/** A git work tree. */
export interface Repository {
  readonly root: string;
  /** The git directory that ".git" is or names; undefined if it does not exist, or is on another machine. */
  readonly gitDirectory: string | undefined;
  /** The git directory shared by all work trees of the repository. */
  readonly commonDirectory: string | undefined;
}

/**
 * The work tree that contains a folder, if any. Like git, this does not look beyond the folder's file system.
 * @param folder the folder's real path
 */
export async function repositoryOf(folder: string): Promise<Repository | undefined> {
  let at = folder;
  const { dev } = await stat(at);
  for (;;) {
    const found = await repositoryAt(at);
    if (found) return found;
    const parent = dirname(at);
    if (parent === at || (await stat(parent)).dev !== dev) return undefined;
    at = parent;
  }
}

/** The work tree whose root is this folder, if any. In a linked work tree or a submodule, ".git" is a file. */
export async function repositoryAt(folder: string): Promise<Repository | undefined> {
  const path = join(folder, ".git");
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    return (await isGitDirectory(path)) ? withCommon(folder, path) : undefined;
  }
  if (!found?.isFile()) return undefined;
  const named = /^gitdir: ([^\r\n]+)/.exec((await readSmallText(path).catch(() => undefined)) ?? "")?.[1];
  if (named === undefined) return undefined;
  const directory = namedPath(folder, named);
  if (directory !== undefined && (await isGitDirectory(directory))) return withCommon(folder, directory);
  return { root: folder, gitDirectory: undefined, commonDirectory: undefined };
}

async function withCommon(root: string, gitDirectory: string): Promise<Repository> {
  const shared = await readSmallText(join(gitDirectory, "commondir")).catch(() => undefined);
  return { root, gitDirectory, commonDirectory: namedPath(gitDirectory, shared?.trimEnd() ?? ".") };
}

async function isGitDirectory(path: string): Promise<boolean> {
  return await stat(join(path, "HEAD")).then(
    () => true,
    () => false,
  );
}
