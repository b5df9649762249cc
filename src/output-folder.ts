import { randomUUID } from "node:crypto";
import { access, constants, lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { MurmurError, messageOf } from "./errors.ts";
import { targetOf } from "./output-file.ts";

/** A folder that is being filled beside the place where it will stand. It is removed when it is disposed of before it is put there. */
export interface UnfinishedFolder extends AsyncDisposable {
  /** Where to write its files. */
  readonly path: string;
  /**
   * Puts the folder in its place. A folder that was there is moved aside first and then deleted, so the place never has half of
   * either. @throws MurmurError ("storage") if that fails; the former folder stays
   */
  finish(): Promise<void>;
}

/**
 * Begins a folder that will stand at `path` completely or not at all.
 * @throws MurmurError ("storage") if it can't be created
 */
export async function beginFolder(path: string): Promise<UnfinishedFolder> {
  const target = await targetOf(path);
  const unfinished = `${target}.${randomUUID()}`;
  await stored(path, mkdir(unfinished));
  return {
    path: unfinished,
    finish: () => stored(path, replace(target, unfinished)),
    // After it was put in its place, there is nothing of this name.
    [Symbol.asyncDispose]: () => rm(unfinished, { recursive: true, force: true }).catch(() => undefined),
  };
}

/** @throws MurmurError ("storage") that names the output, if an operation of the file system fails */
export async function stored<T>(path: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    throw new MurmurError(
      "storage",
      `${path} can't be written (${messageOf(cause)}). Free some space or choose another place. The old folder, if there was one, is unchanged.`,
      { cause },
    );
  }
}

/** Checks, before a long run, that a folder can be created at a path. @throws MurmurError ("storage") if it can't */
export async function assertFolderWritable(path: string): Promise<void> {
  const target = await targetOf(path);
  const [own, parent] = await Promise.all([target, dirname(target)].map((one) => stat(one).catch(() => undefined)));
  if (own && parent && own.dev !== parent.dev) {
    throw new MurmurError(
      "storage",
      `${path} is where a disk is mounted, so it can't be replaced by another folder. Name a folder in it.`,
    );
  }
  try {
    await access(dirname(target), constants.W_OK);
  } catch (cause) {
    throw new MurmurError(
      "storage",
      `The folder that ${path} would be in does not exist or can't be written. Choose another place.`,
      { cause },
    );
  }
}

async function replace(target: string, finished: string): Promise<void> {
  const former = `${target}.${randomUUID()}`;
  const isThere = await lstat(target).then(
    () => true,
    () => false,
  );
  if (isThere) await rename(target, former);
  try {
    await rename(finished, target);
  } catch (error) {
    if (isThere) await rename(former, target);
    throw error;
  }
  // If it can't be deleted, the new folder is still whole. removeUnfinished deletes the rest before the next run.
  await rm(former, { recursive: true, force: true }).catch(() => undefined);
}
