import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { MurmurError } from "../errors.ts";
import type { Trees } from "./measuring.ts";

const run = promisify(execFile);

/** The trees of two commits, checked out into temporary folders that are deleted when this is disposed of. */
export interface CommitTrees extends Trees, AsyncDisposable {}

/**
 * Checks out a folder as it is in two commits; it is empty where a commit lacks it. The repository, its index and its work tree are not touched.
 * @param folder a folder of the repository
 * @param range "A..B"; without B, up to HEAD
 * @throws MurmurError ("bad-option") if the range is not of this form; ("not-found") if git is missing, or the folder is in no
 *   repository, or a commit is not there
 */
export async function commitTrees(folder: string, range: string): Promise<CommitTrees> {
  const [, from, to] = /^(.+?)\.\.(?!\.)(.*)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) {
    throw new MurmurError("bad-option", `--commits is ${JSON.stringify(range)}; it must be two commits: A..B.`);
  }
  const root = (await git(folder, ["rev-parse", "--show-toplevel"])).trimEnd();
  const inside = (await git(folder, ["rev-parse", "--show-prefix"])).trimEnd();
  const commits = await Promise.all([from, to || "HEAD"].map((name) => commitOf(root, name)));
  const temporary = await mkdtemp(join(tmpdir(), "murmur-commits-"));
  const dispose = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const trees = [join(temporary, "before"), join(temporary, "after")] as const;
  const [before, after] = [join(trees[0], inside), join(trees[1], inside)];
  try {
    for (const [i, tree] of trees.entries()) {
      const index = { GIT_INDEX_FILE: join(temporary, `index-${i}`) };
      await git(root, ["read-tree", commits[i] ?? ""], index);
      await git(root, ["checkout-index", "--all", `--prefix=${tree}${sep}`], index);
    }
    for (const path of [before, after]) await mkdir(path, { recursive: true });
  } catch (error) {
    await dispose();
    throw error;
  }
  const name = `${from} and ${to || "HEAD"} in ${folder}`;
  return { before, after, name, [Symbol.asyncDispose]: dispose };
}

async function commitOf(root: string, name: string): Promise<string> {
  return (await git(root, ["rev-parse", "--verify", "--end-of-options", `${name}^{commit}`])).trimEnd();
}

async function git(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await run("git", ["-C", folder, ...args], {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (cause) {
    const { code, stderr } = cause as NodeJS.ErrnoException & { stderr?: string };
    const why = code === "ENOENT" ? "Git is not installed, or not on the PATH." : (stderr?.trim() ?? "");
    throw new MurmurError("not-found", `The commits of ${folder} can't be read. ${why}`.trim(), { cause });
  }
}
