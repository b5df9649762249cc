import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Whether a process of this machine runs. One that has ended, but whose parent has not asked for its exit code (a zombie), does not. */
export async function isRunning(pid: number): Promise<boolean> {
  return exists(pid) && !/^[ZX]/.test(await stateOf(pid));
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The letter by which the system names the state of a process; "" where it has none or does not say. */
async function stateOf(pid: number): Promise<string> {
  // Windows has no zombies.
  if (process.platform === "win32") return "";
  if (process.platform !== "linux") {
    return await promisify(execFile)("ps", ["-o", "stat=", "-p", `${pid}`]).then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
  }
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // After the program's name, which may hold parentheses itself.
  return stat.slice(stat.lastIndexOf(")") + 2);
}
