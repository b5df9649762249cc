import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** What strace is to record, in a file for each thread: sockets, and whatever makes, opens, changes or removes a file. */
const calls = [
  ...["socket", "open", "openat", "creat", "mkdir", "mkdirat", "mknod", "mknodat", "truncate"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "rmdir"],
];

/** A command line that records what a program and the processes that it starts do. @param record the start of the files' path */
export function traced(record: string, command: readonly string[]): [program: string, ...args: string[]] {
  // A call marked with a question mark may be missing on this processor.
  const filter = `trace=${calls.map((call) => `?${call}`).join(",")}`;
  return ["strace", "-ff", "-y", "-qq", "--seccomp-bpf", "-e", filter, "-o", record, ...command];
}

/** What a program and the processes that it started did. */
export interface Trace {
  /** Calls that made a socket which can leave the machine: of any family but the local ones. */
  readonly sockets: readonly string[];
  /** Paths that were written to, made or removed, devices aside. */
  readonly written: readonly string[];
  /** Threads that loaded ONNX Runtime's library. */
  readonly loads: number;
}

/** Reads what {@link traced} has recorded. @param folder that the program was started in */
export async function readTrace(record: string, folder: string): Promise<Trace> {
  const sockets: string[] = [];
  const written = new Set<string>();
  let loads = 0;
  for (const name of await readdir(dirname(record))) {
    if (!name.startsWith(`${basename(record)}.`)) continue;
    const lines = (await readFile(join(dirname(record), name), "utf8")).split("\n");
    // A call that failed did nothing.
    for (const line of lines.filter((line) => line.includes("(") && !/ = -1 E\w+ \(/.test(line))) {
      if (line.startsWith("socket(")) {
        if (!/^socket\((AF_UNIX|AF_NETLINK),/.test(line)) sockets.push(line);
      } else for (const path of writtenBy(line, folder)) written.add(path);
    }
    if (lines.some((line) => /libonnxruntime[^"]*".* = \d/.test(line))) loads++;
  }
  return { sockets, written: [...written].filter((path) => !/^\/dev\/(null|tty|pts\/)/.test(path)), loads };
}

/** The paths that a call wrote to, made or removed. */
function writtenBy(line: string, folder: string): string[] {
  if (/^open(at)?\(/.test(line)) {
    if (!/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(line)) return [];
    const opened = / = \d+<(.*)>$/.exec(line)?.[1];
    if (opened === undefined) throw new Error(`This call can't be read: ${line}`);
    return [opened];
  }
  // Each path may have the folder that it is relative to before it, as in mkdirat(AT_FDCWD</home>, "a", 0777).
  const paths = line.matchAll(/(?:<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g);
  return Array.from(paths, ([, base = folder, path = ""]) => resolve(base, path));
}
