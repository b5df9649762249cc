import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { MurmurError, messageOf } from "../errors.ts";

/**
 * Keeps other runs from writing to the same file until it is disposed of; what a process that was killed has left does not.
 * @throws MurmurError ("storage") that names the file if another process is writing to it, or it can't be written
 */
export async function lockOutput(path: string): Promise<AsyncDisposable> {
  const lock = `${path}.lock`;
  if (!(await create(lock))) {
    const owner = Number(await readFile(lock, "utf8").catch(() => ""));
    if (owner > 0 ? isAlive(owner) : await isBeingWritten(lock)) throw busy(path, lock, owner);
    await rm(lock, { force: true });
    if (!(await create(lock))) throw busy(path, lock, owner);
  }
  let isMine = true;
  return {
    [Symbol.asyncDispose]: async () => {
      if (isMine) await rm(lock, { force: true });
      isMine = false;
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
