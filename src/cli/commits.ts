import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { MurmurError } from "../errors.ts";
import { type GitError, git, isMissing } from "../git.ts";
import type { Trees } from "./measuring.ts";

/** The trees of two commits, written into temporary folders that are deleted when this is disposed of. */
export interface CommitTrees extends Trees, AsyncDisposable {}

/** A file in a commit. */
interface Blob {
  /** Relative to the folder. */
  readonly path: string;
  readonly id: string;
  readonly size: number;
}

/** Larger files are left out, as chooseFiles would leave them out. */
const largestBlob = 1 << 24;

/** The bytes of blobs that are read at once. */
const mostAtOnce = 1 << 25;

/** In bytes; of a million files, for example. */
const largestList = 1 << 28;

/**
 * Writes the files of a folder as they are in two commits; it is empty where a commit lacks it. Links and submodules are left out. Nothing is
 * checked out, because that would run the filters that the repository's settings name. The repository, its index and its work tree are not
 * touched.
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
  const commits = await Promise.all([from, to || "HEAD"].map((name) => commitOf(folder, name)));
  const temporary = await mkdtemp(join(tmpdir(), "murmur-commits-"));
  const dispose = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const [before, after] = [join(temporary, "before"), join(temporary, "after")];
  try {
    for (const [i, tree] of [before, after].entries()) {
      await mkdir(tree);
      for (const some of batches(await blobsOf(folder, commits[i] ?? ""))) await write(folder, some, tree);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  const name = `${from} and ${to || "HEAD"} in ${folder}`;
  return { before, after, name, [Symbol.asyncDispose]: dispose };
}

async function commitOf(folder: string, name: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--end-of-options", `${name}^{commit}`];
  return (await answerOf(folder, args, largestList)).toString().trimEnd();
}

/** The files of a folder in a commit. */
async function blobsOf(folder: string, commit: string): Promise<Blob[]> {
  const list = (await answerOf(folder, ["ls-tree", "-r", "-z", "--long", commit], largestList)).toString();
  const blobs = Array.from(list.matchAll(/100\d+ blob ([0-9a-f]+) +(\d+)\t([^\0]+)\0/g), ([, id, size, path]) => {
    return { id: id ?? "", size: Number(size), path: path ?? "" };
  });
  return blobs.filter(({ path, size }) => size <= largestBlob && isInside(path));
}

/** Whether a path stays in its folder. Git makes no other trees, but anyone can. */
function isInside(path: string): boolean {
  return !/(^|\/)\.{0,2}(\/|$)/.test(path) && (sep === "/" || !/[\\:]/.test(path));
}

/** Divides blobs into lists of which none is too large to be read at once. */
function* batches(blobs: readonly Blob[]): Generator<Blob[]> {
  let [batch, size]: [Blob[], number] = [[], 0];
  for (const blob of blobs) {
    if (size + blob.size > mostAtOnce) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(blob);
    size += blob.size;
  }
  if (batch.length > 0) yield batch;
}

async function write(folder: string, blobs: readonly Blob[], tree: string): Promise<void> {
  const input = blobs.map(({ id }) => `${id}\n`).join("");
  // Before each blob stands a line, and after it the end of a line.
  const headers = blobs.map(({ id, size }) => `${id} blob ${size}\n`);
  const largest = blobs.reduce((sum, { size }, i) => sum + (headers[i] ?? "").length + size + 1, 0);
  // Git may print a warning besides.
  const answer = await answerOf(folder, ["cat-file", "--batch"], largest + (1 << 16), input);
  let at = 0;
  for (const [i, { path, size }] of blobs.entries()) {
    const header = headers[i] ?? "";
    if (answer.toString("latin1", at, at + header.length) !== header) throw unreadable(folder, `${path} is not there.`);
    at += header.length;
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), answer.subarray(at, at + size));
    at += size + 1;
  }
}

async function answerOf(folder: string, args: readonly string[], largest: number, input = ""): Promise<Buffer> {
  return await git(folder, args, { largest, input }).catch((cause: GitError) => {
    const why = isMissing(cause) ? "Git is not installed, or not on the PATH." : cause.stderr.toString().trim();
    throw unreadable(folder, why, cause);
  });
}

function unreadable(folder: string, why: string, cause?: unknown): MurmurError {
  return new MurmurError("not-found", `The commits of ${folder} can't be read. ${why}`.trim(), { cause });
}
