import { randomUUID } from "node:crypto";
import {
  access,
  chmod,
  constants,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MurmurError, messageOf } from "./errors.ts";
import { t } from "./l10n.ts";

/** The bits of a file's mode that let others do something with it. */
const others = 0o077;

/** The mode of new files before {@link writePrivately}; undefined: that of this process. */
let usualMode: number | undefined;

/**
 * From now on nobody else on the machine can read the files and folders that this process makes, nor those of the processes that it
 * starts, which inherit this. See writeWhole for the exception. (Windows has no such modes.)
 */
export function writePrivately(): void {
  usualMode ??= 0o666 & ~process.umask(others);
}

/**
 * Takes from everyone else on the machine what they may do with a folder and some files in it.
 * @param isOwn says of a file's name whether it is one of them
 * @throws Error from the file system if something stays open to others
 */
export async function closeToOthers(folder: string, isOwn: (name: string) => boolean): Promise<void> {
  if (process.platform === "win32") return;
  const names = (await readdir(folder).catch(() => [])).filter(isOwn);
  const closing = [folder, ...names.map((name) => join(folder, name))].map(async (path) => {
    const found = await (path === folder ? stat : lstat)(path).catch(() => undefined);
    if (!(found?.isFile() || (found?.isDirectory() && path === folder)) || (found.mode & others) === 0) return;
    await chmod(path, found.mode & 0o7777 & ~others);
  });
  for (const result of await Promise.allSettled(closing)) {
    // A file that is gone by now is no failure.
    if (result.status === "rejected" && result.reason.code !== "ENOENT") throw result.reason;
  }
}

/**
 * Writes a file completely or not at all: the old file stays until the new one is complete on disk. Only a regular file is ever replaced.
 * (The npm package write-file-atomic treats a write that a full disk cut short as complete, and replaces the old file with it.)
 * @param options.signal cancels writing and leaves the old file unchanged
 * @param options.isPrivate whether nobody else on the machine may read the file
 * @param options.isForUser whether it is the user's, at a place of their own: others may read it as usual, even after {@link writePrivately}
 * @throws MurmurError ("storage") that names the file, for example if the disk is full; the signal's reason if it is aborted
 */
export async function writeWhole(
  path: string,
  contents: Uint8Array | string | AsyncIterable<Uint8Array>,
  {
    signal,
    isPrivate = false,
    isForUser = false,
  }: { readonly signal?: AbortSignal; readonly isPrivate?: boolean; readonly isForUser?: boolean } = {},
): Promise<void> {
  await assertRegular(path);
  const target = await targetOf(path);
  const unfinished = `${target}.${randomUUID()}`;
  try {
    await using file = await open(unfinished, "wx", isPrivate ? 0o600 : 0o666);
    // Not all file systems have modes.
    if (isForUser && usualMode !== undefined) await file.chmod(usualMode).catch(() => undefined);
    await file.writeFile(contents, signal ? { signal } : {});
    await file.sync();
    await rename(unfinished, target);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    signal?.throwIfAborted();
    throw new MurmurError(
      "storage",
      t(
        "{0} can't be written ({1}). Free some space or choose another place. The old file, if there was one, is unchanged.",
        path,
        messageOf(cause),
      ),
      { cause },
    );
  }
}

/** The real path of a file, which is the same for all paths that lead to it. Writing to it keeps symbolic links. */
export async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // The file does not exist yet, so resolve its folder, which may have several names.
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  }
}

/**
 * Removes, as far as possible, the unfinished files or folders that killed processes left next to a file or a folder.
 * @param age only those unchanged for this many milliseconds are removed, because another process may be writing the others
 */
export async function removeUnfinished(path: string, age: number): Promise<void> {
  for (const unfinished of await unfinishedOf(path)) {
    const isOld = await stat(unfinished).then(
      ({ mtimeMs }) => Date.now() - mtimeMs >= age,
      () => false,
    );
    if (isOld) await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The paths of unfinished files or folders next to a file or a folder: those that are being written, and those that killed processes left. */
export async function unfinishedOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const start = `${basename(path)}.`;
  return names
    .filter((name) => name.startsWith(start) && uuid.test(name.slice(start.length)))
    .map((name) => join(dirname(path), name));
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Creates a folder and any missing folders above it. (Node's recursive mkdir never returns for a path in /proc.)
 * @throws Error from the file system
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Another process may have created it.
    if (!(await isFolder(path))) throw error;
  }
}

/** Deletes a file, if it exists. @throws MurmurError ("storage") if it can't be deleted */
export async function deleteFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw new MurmurError(
      "storage",
      t(
        "{0} can't be deleted ({1}). Delete it by hand, or check who may write to its folder, and try again.",
        path,
        messageOf(cause),
      ),
      { cause },
    );
  }
}

/** Whether a path is an existing folder. */
export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Matches paths to devices and to files that processes have open. /dev/shm holds ordinary files. */
const isSystemPath = /^\/(?:proc|dev(?!\/shm\/))\//;

/** The most links that are followed from a path, as in Linux. */
const mostLinks = 40;

/**
 * Whether a path leads into /dev or /proc, directly or over links, as /dev/stdout does: it names what a process has open, and never a file
 * of its own, although it may end at a regular file.
 */
async function leadsToSystem(path: string): Promise<boolean> {
  let at = resolve(path);
  for (let link = 0; link <= mostLinks; link++) {
    const folder = await realpath(dirname(at)).catch(() => dirname(at));
    at = join(folder, basename(at));
    if (isSystemPath.test(at)) return true;
    const next = await readlink(at).catch(() => undefined);
    if (next === undefined) return false;
    at = resolve(folder, next);
  }
  return false;
}

/** @throws MurmurError ("storage") if something other than a regular file, such as a device, has this path: replacing it would destroy it */
async function assertRegular(path: string): Promise<void> {
  if (await leadsToSystem(path)) {
    throw new MurmurError("storage", t("{0} is a device or an open file of a process. Name a regular file.", path));
  }
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return;
  if (found?.isDirectory()) throw new MurmurError("storage", t("{0} is a folder. Name a file in it.", path));
  throw new MurmurError(
    "storage",
    found
      ? t("{0} is a device, a pipe or a socket. Name a regular file.", path)
      : t("{0} is a link to a file that does not exist. Name a regular file.", path),
  );
}

/** Checks, before a long run, that a path can be written. @throws MurmurError ("storage") if it can't */
export async function assertWritable(path: string): Promise<void> {
  await assertRegular(path);
  try {
    await access(dirname(await targetOf(path)), constants.W_OK);
  } catch (cause) {
    throw new MurmurError(
      "storage",
      t("The folder of {0} does not exist or can't be written. Choose another place for the file.", path),
      { cause },
    );
  }
}
