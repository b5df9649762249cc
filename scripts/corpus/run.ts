import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs a program to its end. @param env variables beside this process's @throws Error with its stderr if it fails */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    await execute(program, args, { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...env } });
  } catch (cause) {
    const written = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`${program} failed: ${written || "it wrote no reason"}`, { cause });
  }
}
