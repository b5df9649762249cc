import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * The set of processes that this process can see, in the system's own terms; empty where the system has only one, or does not say. A
 * container has a set of its own, in which the id of a process outside means nothing.
 */
export async function visibleProcesses(): Promise<string> {
  return await readlink("/proc/self/ns/pid").catch(() => "");
}

/**
 * When a running process of this machine was started, in the system's own terms: another process has the same id only at another time.
 * Undefined if there is no such process, or if it is a zombie, which has ended but whose exit code its parent has not read. Empty
 * where the system does not say.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (!exists(pid)) return undefined;
  const { state, start } = await (process.platform === "linux" ? onLinux(pid) : onOther(pid));
  return /^[ZX]/.test(state) ? undefined : start;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A process's state, as the letter that the system uses for it, and its start. Each is empty where it is unknown. */
interface ProcessRecord {
  readonly state: string;
  readonly start: string;
}

const unknown: ProcessRecord = { state: "", start: "" };

async function onLinux(pid: number): Promise<ProcessRecord> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // The fields follow the name of the program, which may contain parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", ticks = ""] = [fields[0], fields[19]];
  // The start counts from when the machine was started.
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1").catch(() => "");
  return { state, start: ticks && `${boot.trim()} ${ticks}` };
}

/** macOS and the BSDs. Windows has no zombies, and no quick way to ask. */
async function onOther(pid: number): Promise<ProcessRecord> {
  if (process.platform === "win32") return unknown;
  const args = ["-o", "stat=,lstart=", "-p", `${pid}`];
  const options = { env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
  return await promisify(execFile)("ps", args, options).then(
    ({ stdout }) => {
      const [state = "", ...start] = stdout.trim().split(/\s+/);
      return { state, start: start.join(" ") };
    },
    () => unknown,
  );
}
