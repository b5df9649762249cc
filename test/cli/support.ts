import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";

export const main = join(import.meta.dirname, "../../src/cli/main.ts");

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in a process of its own. */
export function murmur(...args: string[]): Promise<Run> {
  return run(process.execPath, main, ...args);
}

/** Runs the command line where no file can grow over some KiB, as on a disk that is almost full. Needs a POSIX shell. */
export function murmurOnFullDisk(kibibytes: number, ...args: string[]): Promise<Run> {
  return nodeOnFullDisk(kibibytes, main, ...args);
}

/** The same for any program that Node runs. */
export function nodeOnFullDisk(kibibytes: number, ...args: string[]): Promise<Run> {
  // Without the trap the process is killed, as no full disk does.
  const script = `trap '' XFSZ; ulimit -f ${kibibytes}; exec "$0" "$@"`;
  return run("bash", "-c", script, process.execPath, ...args);
}

function run(program: string, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(program, args, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err });
    });
  });
}

/** Defines a test for each wrong usage: its arguments, and what the message says. */
export function refuses(usages: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>>): void {
  for (const [name, [args, message]] of Object.entries(usages)) {
    it(`exits with 2 for ${name}, and says what is valid`, async () => {
      const { code, out, err } = await murmur(...args);
      assert.equal(code, 2, err);
      assert.match(err, message);
      assert.equal(out, "");
    });
  }
}

/** The JSON that a command prints, which must be done. */
export async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await murmur(...args, "--json");
  assert.equal(code, 0, err);
  assert.equal(out.trim().split("\n").length, 1, "one JSON object, and nothing else");
  return JSON.parse(out) as Record<string, unknown>;
}
