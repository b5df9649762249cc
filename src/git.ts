import { type ExecFileException, execFile } from "node:child_process";
import { homedir } from "node:os";
import { resolve } from "node:path";

/** Settings that count for more than those of the repository. */
const settings = [
  // Programs that Git would run.
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "protocol.allow=never",
  // A file that Git would read, however long it is.
  "log.mailmap=false",
].flatMap((setting) => ["-c", setting]);

/** The memory that Git may allocate, in KiB. A reference, for example, may be a link to a file without an end. */
const mostMemory = 1 << 20;

/** Limits the memory and becomes Git. Where the shell knows no such limit, there is none. */
const limited = `ulimit -d ${mostMemory} 2>/dev/null; exec git "$@"`;

export interface GitOptions {
  /** What Git reads on its standard input. */
  readonly input?: string;
  /** In bytes of its answer. With more, it is stopped. */
  readonly largest: number;
  /** In milliseconds; by default, it may take any time. */
  readonly longest?: number;
}

/** Why Git failed. */
export type GitError = Omit<ExecFileException, "stdout" | "stderr"> & {
  /** The answer up to there. */
  readonly stdout: Buffer;
  readonly stderr: Buffer;
};

/**
 * Asks Git about a repository. Nothing is written or fetched, and nothing runs that the repository's settings name, as long as the command
 * applies no filters: no files are checked out, and no contents compared.
 * @throws GitError
 */
export function git(
  folder: string,
  args: readonly string[],
  { input, largest, longest = 0 }: GitOptions,
): Promise<Buffer> {
  const all = ["--no-pager", "--no-optional-locks", ...settings, "-C", resolve(folder), ...args];
  const [program, ...rest] = process.platform === "win32" ? ["git", ...all] : ["/bin/sh", "-c", limited, "git", ...all];
  const options = {
    encoding: "buffer",
    // Windows would look for a program named git in the working directory first.
    cwd: process.platform === "win32" ? homedir() : "/",
    // A repository that allows one protocol by its name would have it in spite of the settings above. Nothing overrides the variable.
    env: { ...withoutGit(process.env), GIT_ALLOW_PROTOCOL: "none", GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0" },
    timeout: longest,
    maxBuffer: largest,
    windowsHide: true,
  } as const;
  return new Promise((done, fail) => {
    const child = execFile(program, rest, options, (error, stdout, stderr) => {
      if (error) fail(Object.assign(error, { stdout, stderr }));
      else done(stdout);
    });
    // Git may end before it has read all; its exit status says why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** Whether Git could not be started. */
export function isMissing({ code }: GitError): boolean {
  return code === "ENOENT" || code === 127;
}

/** The environment without Git's own variables: started from a hook, they name that hook's repository. */
function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^git_/i.test(name)));
}
