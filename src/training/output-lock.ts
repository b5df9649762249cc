import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { MurmurError, messageOf } from "../errors.ts";

/** The locks that this process holds. */
const held = new Set<string>();

/**
 * Keeps other runs from writing to the same file until it is disposed of; what a process that was killed has left does not.
 * @throws MurmurError ("storage") that names the file if another process is writing to it, or it can't be written
 */
export async function lockOutput(path: string): Promise<AsyncDisposable> {
  const lock = `${path}.lock`;
  if (!(await create(lock))) {
    const owner = Number(await readFile(lock, "utf8").catch(() => ""));
    // A process of before may have had this one's number, as the first one of a container has each time.
    const isHeld = owner === process.pid ? held.has(lock) : owner > 0 ? isAlive(owner) : await isBeingWritten(lock);
    if (isHeld) throw busy(path, lock, owner);
    await rm(lock, { force: true });
    if (!(await create(lock))) throw busy(path, lock, owner);
  }
  held.add(lock);
  let isMine = true;
  return {
    [Symbol.asyncDispose]: async () => {
      if (!isMine) return;
      isMine = false;
      held.delete(lock);
      await rm(lock, { force: true });
    },
  };
}

/** @returns false if it is there already */
async function create(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new MurmurError(
      "storage",
      `${lock}, which keeps other runs away, can't be written (${messageOf(cause)}). Choose another place.`,
      {
        cause,
      },
    );
  }
}

/** Whether a lock that does not say yet whose it is was made just now. */
async function isBeingWritten(lock: string): Promise<boolean> {
  return await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs < 2000,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function busy(path: string, lock: string, owner: number): MurmurError {
  return new MurmurError(
    "storage",
    `Another run (process ${owner}) is writing to ${path}. Wait for its end, or choose another file. If there is no such run, delete ${lock}.`,
  );
}
