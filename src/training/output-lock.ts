import { createHash, randomUUID } from "node:crypto";
import { readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { MurmurError, messageOf } from "../errors.ts";
import { targetOf } from "../output-file.ts";
import { isRunning } from "./process-state.ts";

/** The files that this process has locked, or is about to. */
const held = new Set<string>();

/** The owner touches its claim this often. A claim that was not touched for long is abandoned, even if a process with that id runs. */
const millisecondsBetweenTouches = 30_000;
const abandonedAfter = 10 * millisecondsBetweenTouches;

/** A claim that is seen in this many attempts is taken for the holder's; one that is seen in fewer may have been withdrawn since. */
const looksAtHolder = 3;
const mostAttempts = 30;
const shortestPause = 10;
const longestPause = 40;

/**
 * Keeps other runs, in this process and others, from writing to the same file until it is disposed of. What a killed process leaves
 * behind locks nothing.
 *
 * Each process that wants the lock creates a claim, a file of its own next to the output, and then looks for claims of others. It
 * holds the lock if there is none; else it withdraws its claim and tries again a little later. Of two processes, the one that creates
 * its claim second sees that of the other, so there are never two holders. A claim is deleted by its owner, or by anyone once
 * the owner is dead; its name is never used again, so nobody can delete the claim of a later owner by mistake.
 * @throws MurmurError ("storage") that names the file if another run is writing to it, or it can't be written
 */
export async function lockOutput(path: string): Promise<AsyncDisposable> {
  const target = await targetOf(path);
  if (held.has(target)) throw busy(path, process.pid, target);
  held.add(target);
  try {
    const claim = await claimed(path, target);
    const touch = setInterval(() => {
      void utimes(claim, new Date(), new Date()).catch(() => undefined);
    }, millisecondsBetweenTouches).unref();
    let isMine = true;
    return {
      [Symbol.asyncDispose]: async () => {
        if (!isMine) return;
        isMine = false;
        clearInterval(touch);
        await rm(claim, { force: true }).finally(() => held.delete(target));
      },
    };
  } catch (error) {
    held.delete(target);
    throw error;
  }
}

/** The path of a claim to the file that no other process claims. */
async function claimed(path: string, target: string): Promise<string> {
  const looks = new Map<string, number>();
  for (let attempt = 1; ; attempt++) {
    const own = `${target}.${process.pid}-${thisHost}-${randomUUID()}.lock`;
    await create(own);
    let others: Claim[];
    try {
      others = await otherClaims(target, own);
    } catch (error) {
      await rm(own, { force: true });
      throw error;
    }
    const [other] = others;
    if (!other) return own;
    await rm(own, { force: true });
    for (const claim of others) looks.set(claim.path, (looks.get(claim.path) ?? 0) + 1);
    const holder = others.find((claim) => (looks.get(claim.path) ?? 0) >= looksAtHolder);
    if (holder) throw busy(path, holder.pid, holder.path);
    if (attempt === mostAttempts) throw busy(path, other.pid, other.path);
    // For a random time, so that two processes that saw each other do not meet again.
    await setTimeout(shortestPause + Math.random() * (longestPause - shortestPause));
  }
}

interface Claim {
  readonly path: string;
  readonly pid: number;
}

/** Identifies this machine: the id of a process means nothing on another machine that shares the folder. */
const thisHost = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const claimEnding = /^\.(\d+)-([0-9a-f]{8})-[0-9a-f-]{36}\.lock$/;

/** The claims of other owners who are alive; those of dead ones are deleted. */
async function otherClaims(target: string, own: string): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(basename(target))) continue;
    const [, pid, host] = claimEnding.exec(name.slice(basename(target).length)) ?? [];
    const claim = { path: join(dirname(target), name), pid: Number(pid) };
    if (host === undefined || claim.path === own) continue;
    if (await isAlive(claim, host)) claims.push(claim);
    else await rm(claim.path, { force: true }).catch(() => undefined);
  }
  return claims;
}

async function isAlive({ path, pid }: Claim, host: string): Promise<boolean> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  if (age >= abandonedAfter) return false;
  // A claim with the id of this process that this process did not make was left by an earlier process with the same id.
  return host !== thisHost || (pid !== process.pid && (await isRunning(pid)));
}

async function create(claim: string): Promise<void> {
  try {
    await writeFile(claim, `${process.pid}\n`, { flag: "wx" });
  } catch (cause) {
    throw new MurmurError(
      "storage",
      `${claim}, which keeps other runs from writing to the same file, can't be written (${messageOf(cause)}). Choose another place.`,
      { cause },
    );
  }
}

function busy(path: string, pid: number, claim: string): MurmurError {
  const cure = pid === process.pid ? "" : ` If there is no such run, delete ${claim}.`;
  return new MurmurError(
    "storage",
    `Another run (process ${pid}) is writing to ${path}. Wait until it ends, or choose another file.${cure}`,
  );
}
