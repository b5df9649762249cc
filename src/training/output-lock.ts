import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { MurmurError, messageOf } from "../errors.ts";
import { targetOf } from "../output-file.ts";

/** The locks that this process holds. */
const held = new Set<string>();

/** A lock is touched this often, and one that was not for long is abandoned, whichever process has its owner's number now. */
const millisecondsBetweenTouches = 30_000;
const abandonedAfter = 10 * millisecondsBetweenTouches;

/**
 * Keeps other runs from writing to the same file until it is disposed of; what a process that was killed has left does not.
 * @throws MurmurError ("storage") that names the file if another run is writing to it, or it can't be written
 */
export async function lockOutput(path: string): Promise<AsyncDisposable> {
  const lock = `${await targetOf(path)}.lock`;
  if (held.has(lock)) throw busy(path, lock, process.pid);
  held.add(lock);
  try {
    await take(path, lock);
  } catch (error) {
    held.delete(lock);
    throw error;
  }
  const touch = setInterval(() => {
    void utimes(lock, new Date(), new Date()).catch(() => undefined);
  }, millisecondsBetweenTouches).unref();
  let isMine = true;
  return {
    [Symbol.asyncDispose]: async () => {
      if (!isMine) return;
      isMine = false;
      clearInterval(touch);
      await rm(lock, { force: true }).finally(() => held.delete(lock));
    },
  };
}

async function take(path: string, lock: string): Promise<void> {
  if (await create(lock)) return;
  const owner = Number(await readFile(lock, "utf8").catch(() => ""));
  if (await isHeldBy(owner, lock)) throw busy(path, lock, owner);
  await rm(lock, { force: true });
  if (!(await create(lock))) throw busy(path, lock, owner);
}

/** Whether another process holds the lock. One that names this process is of another that had its number. */
async function isHeldBy(owner: number, lock: string): Promise<boolean> {
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  // One that does not say yet whose it is was perhaps made just now.
  if (!(owner > 0)) return age < 2000;
  return owner !== process.pid && age < abandonedAfter && isAlive(owner);
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
