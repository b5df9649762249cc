import { createHash, randomUUID } from "node:crypto";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { MurmurError, messageOf } from "../errors.ts";
import { t } from "../l10n.ts";
import { targetOf } from "../output-file.ts";
import { startOf, visibleProcesses } from "./process-state.ts";

/** The files that this process has locked, or is about to. */
const held = new Set<string>();

/**
 * The owner touches its claim this often. On another machine or in a container, where its process can't be seen, a claim that was not touched for long is
 * abandoned.
 */
const millisecondsBetweenTouches = 30_000;
const abandonedAfter = 10 * millisecondsBetweenTouches;

/** A claim that is seen in this many attempts is taken for the holder's; one that is seen in fewer may have been withdrawn since. */
const looksAtHolder = 3;
const mostAttempts = 30;
const shortestPause = 10;
const longestPause = 40;

/**
 * Keeps other runs, in this process and others, from writing to the same file until it is disposed of. The claim of a killed process does
 * not lock the file.
 *
 * Each process that wants the lock creates a claim, a file of its own next to the output, and then looks for claims of others. It
 * holds the lock if there is none; else it withdraws its claim and tries again a little later. Of two processes, the one that creates
 * its claim second sees that of the other, so there are never two holders. A claim is deleted by its owner, or by anyone once
 * the owner is dead; its name is never used again, so nobody can delete the claim of a later owner by mistake. An owner on this machine
 * is alive as long as its process runs, however long the machine slept meanwhile.
 * @throws MurmurError that names the file: ("busy") if another run is writing to it, ("storage") if it can't be written
 */
export async function lockOutput(path: string): Promise<AsyncDisposable> {
  const target = await targetOf(path);
  if (held.has(target)) throw busy(path, process.pid, target);
  held.add(target);
  try {
    const claim = await claimed(path, target);
    // Writing sets the time by the clock of the file system, which all machines that share it can compare.
    const touch = setInterval(() => {
      void writeFile(claim, contents, { flag: "r+" }).catch(() => undefined);
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
  const start = keyOf((await startOf(process.pid)) ?? "");
  for (let attempt = 1; ; attempt++) {
    const own = `${target}.${process.pid}-${start}-${await thisHost}-${randomUUID()}.lock`;
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
  /** Keys of when the process was started, and of its machine. */
  readonly start: string;
  readonly host: string;
}

/** Identifies this machine, or this container: the id of a process means nothing in another one that shares the folder. */
const thisHost = visibleProcesses().then((set) => keyOf(`${hostname()} ${set}`));
const claimEnding = /^\.(\d+)-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f-]{36}\.lock$/;
const contents = `${process.pid}\n`;

/** A short text that stands for a longer one in a file's name. */
function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The claims of other owners who are alive; those of dead ones are deleted. */
async function otherClaims(target: string, own: string): Promise<Claim[]> {
  const claims: Claim[] = [];
  const now = await touchedAt(own);
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(basename(target))) continue;
    const [, pid, start, host] = claimEnding.exec(name.slice(basename(target).length)) ?? [];
    const path = join(dirname(target), name);
    if (start === undefined || host === undefined || path === own) continue;
    const claim = { path, pid: Number(pid), start, host };
    if (await isAlive(claim, now)) claims.push(claim);
    else await rm(path, { force: true }).catch(() => undefined);
  }
  return claims;
}

/** @param now the time by the clock of the file system */
async function isAlive({ path, pid, start, host }: Claim, now: number): Promise<boolean> {
  if (host === (await thisHost)) {
    // A claim with the id of this process that this process did not make was left by an earlier process with the same id.
    const running = pid === process.pid ? undefined : await startOf(pid);
    if (running === undefined) return false;
    if (running !== "") return keyOf(running) === start;
  }
  return now - (await touchedAt(path)) < abandonedAfter;
}

/** When a claim was last touched, in milliseconds; -Infinity if it is gone. */
async function touchedAt(claim: string): Promise<number> {
  return await stat(claim).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
}

async function create(claim: string): Promise<void> {
  try {
    await writeFile(claim, contents, { flag: "wx" });
  } catch (cause) {
    throw new MurmurError(
      "storage",
      t(
        "{0}, which keeps other runs from writing to the same file, can't be written ({1}). Choose another place, or a shorter name.",
        claim,
        messageOf(cause),
      ),
      { cause },
    );
  }
}

function busy(path: string, pid: number, claim: string): MurmurError {
  return new MurmurError(
    "busy",
    pid === process.pid
      ? t("Another run (process {0}) is writing to {1}. Wait until it ends, or choose another file.", pid, path)
      : t(
          "Another run (process {0}) is writing to {1}. Wait until it ends, or choose another file. If there is no such run, delete {2}.",
          pid,
          path,
          claim,
        ),
  );
}
