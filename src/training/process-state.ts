import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Whether a process of this machine is running. A zombie, which has ended but whose exit code its parent has not read, is not. */
export async function isRunning(pid: number): Promise<boolean> {
  return exists(pid) && !/^[ZX]/.test(await stateOf(pid));
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

/** The state of a process, as the letter that the system uses for it; "" where that is unknown. */
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
  // The state follows the name of the program, which may contain parentheses itself.
  return stat.slice(stat.lastIndexOf(")") + 2);
}
