import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { MurmurError } from "../errors.ts";

const run = promisify(execFile);

/** The trees of two commits, checked out into temporary folders that are deleted when this is disposed of. */
export interface CommitTrees extends AsyncDisposable {
  readonly before: string;
  readonly after: string;
}

/**
 * Checks out the trees of two commits. The repository, its index and its work tree are not touched.
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
  const commits = await Promise.all([from, to || "HEAD"].map((name) => commitOf(root, name)));
  const temporary = await mkdtemp(join(tmpdir(), "murmur-commits-"));
  const dispose = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const trees = { before: join(temporary, "before"), after: join(temporary, "after") };
  try {
    for (const [i, tree] of [trees.before, trees.after].entries()) {
      const index = { GIT_INDEX_FILE: join(temporary, `index-${i}`) };
      await git(root, ["read-tree", commits[i] ?? ""], index);
      await git(root, ["checkout-index", "--all", `--prefix=${tree}${sep}`], index);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { ...trees, [Symbol.asyncDispose]: dispose };
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
