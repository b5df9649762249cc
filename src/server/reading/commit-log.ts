import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { repositoryAt } from "../../corpus/ignore/git-repository.ts";
import { learnableText } from "../../corpus/learnable-text.ts";
import { type GitError, git } from "../../git.ts";

/** The last commits that are read; merges, whose subjects Git writes, do not count. */
const mostCommits = 500;
/** Longer subjects, in UTF-16 units, are cut: a program wrote them. */
const longestSubject = 200;
/** With more staged files, as when an archive is unpacked, the first ones are known. */
const mostStaged = 200;
/** Milliseconds to wait for Git. */
const longestAnswer = 5_000;
/** Bytes of an answer; of a longer one, the rest is not read. */
const largestAnswer = 1 << 22;

/** What of a repository shows how its next commit may be described. */
export interface CommitLog {
  /** The subjects of the last commits, a line each, the latest one last. */
  readonly subjects: string;
  /** The paths of the files with staged changes in the repository. */
  readonly staged: readonly string[];
}

/**
 * Reads a repository's last commits and its staged changes. Nothing is written or fetched, and nothing runs that the repository's
 * settings name. Subjects with likely secrets are left out.
 * @param root the repository's folder
 * @returns undefined if it can't be read: Git is missing or refuses, or it takes too long
 */
export async function readCommitLog(root: string): Promise<CommitLog | undefined> {
  const ofLog = ["--no-merges", "--no-show-signature", "--encoding=UTF-8", "--format=%s", `--max-count=${mostCommits}`];
  const ofDiff = ["--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "-O/dev/null"];
  try {
    const [staged, subjects] = await Promise.all([
      answerOf(root, "diff", ...ofDiff, "--ignore-submodules=all"),
      // Without any commit, Git says that there is no HEAD.
      answerOf(root, "log", ...ofLog, "HEAD", "--").catch(() => ""),
    ]);
    const lines = subjects.split("\n").filter((line) => line.trim() !== "");
    const cut = lines.reverse().map((line) => `${line.slice(0, longestSubject)}\n`);
    const names = staged.split("\0").filter((name) => name !== "");
    return { subjects: learnableText(cut.join("")), staged: names.slice(0, mostStaged) };
  } catch {
    return undefined;
  }
}

/**
 * Differs if commits were made or changes staged since. Costs no process.
 * @returns undefined if the folder is not that of a repository
 */
export async function commitStamp(root: string): Promise<string | undefined> {
  if (!isAbsolute(root)) return undefined;
  const { gitDirectory } = (await repositoryAt(root).catch(() => undefined)) ?? {};
  if (gitDirectory === undefined) return undefined;
  const stamps = ["HEAD", "logs/HEAD", "index"].map((name) =>
    stat(join(gitDirectory, name)).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => "",
    ),
  );
  return (await Promise.all(stamps)).join(", ");
}

/** What Git answers, or its beginning if the answer is too long. */
async function answerOf(root: string, command: string, ...args: readonly string[]): Promise<string> {
  const answer = await git(root, [command, ...args], { largest: largestAnswer, longest: longestAnswer }).catch(
    (error: GitError) => {
      if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return error.stdout;
      throw error;
    },
  );
  return answer.toString();
}
