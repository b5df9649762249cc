import { randomUUID } from "node:crypto";
import { access, constants, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MurmurError, messageOf } from "./errors.ts";

/**
 * Writes a file whole or not at all: what was there before stays until all is on the disk. (npm's write-file-atomic takes a write
 * that a full disk cut short for a whole one, and puts it in the place of the old file.)
 * @param signal ends it, and nothing is changed
 * @throws MurmurError ("storage") that names the file, for example when the disk is full; the signal's reason if it is aborted
 */
export async function writeWhole(
  path: string,
  contents: Uint8Array | string | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const target = await targetOf(path);
  const unfinished = `${target}.${randomUUID()}`;
  try {
    await using file = await open(unfinished, "wx");
    await file.writeFile(contents, signal ? { signal } : {});
    await file.sync();
    await rename(unfinished, target);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    signal?.throwIfAborted();
    throw new MurmurError(
      "storage",
      `${path} can't be written (${messageOf(cause)}). Free some space or choose another place; what was there before is untouched.`,
      { cause },
    );
  }
}

/** Where a file is written, one path of all that lead there: a link to a file stays one. */
export async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // There is none yet: the same of however many names of its folder.
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  }
}

/**
 * Removes, as far as that can be done, what processes that were killed have begun to write in the place of a file.
 * @param age milliseconds since it was changed last, so that what another process is writing stays
 */
export async function removeUnfinished(path: string, age: number): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(`${basename(path)}.`) || !uuid.test(name.slice(basename(path).length + 1))) continue;
    const unfinished = join(dirname(path), name);
    const isOld = await stat(unfinished).then(
      ({ mtimeMs }) => Date.now() - mtimeMs >= age,
      () => false,
    );
    if (isOld) await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a path is that of a folder that exists. */
export async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Fails before a long run, not after it. @throws MurmurError ("storage") if there can be no file of this path. */
export async function assertWritable(path: string): Promise<void> {
  if (await isFolder(path)) throw new MurmurError("storage", `${path} is a folder. Give the name of a file in it.`);
  try {
    await access(dirname(await targetOf(path)), constants.W_OK);
  } catch (cause) {
    throw new MurmurError(
      "storage",
      `The folder of ${path} does not exist or can't be written. Choose another place for the file.`,
      { cause },
    );
  }
}
