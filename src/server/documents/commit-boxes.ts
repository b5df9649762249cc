import { join } from "node:path";
import type { TextReader } from "../../completion/memory/text-reader.ts";
import { learnableText } from "../../corpus/learnable-text.ts";
import { messageOf } from "../../errors.ts";
import { pathOf } from "../../uris.ts";
import { exclusiveQueue } from "../exclusive.ts";
import { type CommitLog, commitStamp, readCommitLog } from "../reading/commit-log.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/** The input boxes of source control in VS Code. The query names the repository: `rootUri=` and its URI, encoded. */
const scheme = "vscode-scm:";

/** The names by which the subjects and the staged files of a repository are known; its folder follows. */
const prefixes = { subjects: "commit-subjects:", staged: "staged-files:" } as const;
/** Both are in the language of commit messages. */
const languageId = "git-commit";

/** The last subjects before a message, in UTF-16 units. They show the network how messages are written here. */
const mostBefore = 600;

/** Milliseconds in which a repository is not examined again while somebody types. */
const rest = 1_000;

export interface CommitBoxesOptions {
  readonly log: { debug(message: string): void; error(message: string): void };
  /** Returns the reader of texts; undefined until there is one. */
  readonly reader: () => TextReader | undefined;
  /** Whether completions are on in a document. */
  readonly isOn: (document: TrackedDocument) => Promise<boolean>;
  /** Whether the commits of a repository may be read, given its folder; undefined: not known yet. */
  readonly mayReadCommits: (root: string) => Promise<boolean | undefined>;
  /** Whether a file is one that nothing is learned from, given its path. */
  readonly isLeftOut: (path: string) => boolean;
}

/** What is known of a repository. */
interface KnownLog {
  readonly stamp: string;
  readonly hasSubjects: boolean;
  /** The last subjects, in whole lines. */
  readonly before: string;
}

/** Whether a document is the box in which a commit's message is written. */
export function isCommitBox(uri: string): boolean {
  return uri.startsWith(scheme);
}

/**
 * The boxes for commit messages. What is written there is not learned; the subjects of the commits that were made are, with the names of
 * the staged files. They are read again when the box is used and commits or staged files have changed.
 */
export class CommitBoxes {
  readonly #options: CommitBoxesOptions;
  readonly #oneAtATime = exclusiveQueue();
  /** By the repository's folder. */
  readonly #known = new Map<string, KnownLog>();
  /** When repositories were last examined. */
  readonly #examined = new Map<string, number>();

  constructor(options: CommitBoxesOptions) {
    this.#options = options;
  }

  /** The text before a message: the subjects of the last commits. Empty if the document is no box, or nothing is known. */
  before({ uri }: TrackedDocument): string {
    const root = rootOf(uri);
    return (root !== undefined && this.#known.get(root)?.before) || "";
  }

  /** Handles an edit of a document. If it is a box, its repository is examined unless that was done a moment ago. */
  noteEdit(document: TrackedDocument): void {
    const root = rootOf(document.uri);
    if (root === undefined) return;
    const passed = performance.now() - (this.#examined.get(root) ?? Number.NEGATIVE_INFINITY);
    if (passed > rest) void this.follow(document);
  }

  /** Reads the repository of a box if it has changed, and takes back what is known of it if it may not be read. */
  async follow(document: TrackedDocument): Promise<void> {
    const root = rootOf(document.uri);
    if (root === undefined) return;
    this.#examined.set(root, performance.now());
    const { mayReadCommits, isOn, log } = this.#options;
    await this.#oneAtATime(async () => {
      const mayRead = await mayReadCommits(root);
      if (mayRead === undefined) return;
      if (mayRead && (await isOn(document))) await this.#read(root);
      else await this.#forget(root);
    }).catch((error) => log.error(`The commits of ${root} could not be read: ${messageOf(error)}`));
  }

  /** Takes back what is known of all repositories that may not be read, also what was learned in an earlier session. */
  async prune(): Promise<void> {
    const { reader, mayReadCommits } = this.#options;
    // Until its turn has come, what was learned earlier is being loaded.
    await reader()?.turn();
    for (const name of reader()?.names ?? []) {
      const prefix = Object.values(prefixes).find((one) => name.startsWith(one));
      const root = prefix && name.slice(prefix.length);
      if (root && (await mayReadCommits(root)) === false) await this.#oneAtATime(() => this.#forget(root));
    }
  }

  async #read(root: string): Promise<void> {
    const { reader, log } = this.#options;
    const memory = reader();
    const stamp = await commitStamp(root);
    if (!memory || stamp === undefined) return;
    const name = prefixes.subjects + root;
    const known = this.#known.get(root);
    // They may have been forgotten since, with all that was learned.
    if (known?.stamp === stamp && (!known.hasSubjects || memory.knows(name))) return;
    const read = await readCommitLog(root);
    const subjects = read?.subjects ?? "";
    this.#known.set(root, { stamp, hasSubjects: subjects !== "", before: lastLines(subjects) });
    if (!read) return;
    await memory.read(subjects, { name, languageId });
    await memory.read(this.#namesOf(root, read), { name: prefixes.staged + root, languageId });
    log.debug(`knows the last commits of ${root} and the names of its ${read.staged.length} staged files`);
  }

  #namesOf(root: string, { staged }: CommitLog): string {
    const { isLeftOut } = this.#options;
    const names = staged.filter((name) => !/[\r\n]/.test(name) && !isLeftOut(join(root, name)));
    return learnableText(names.map((name) => `${name}\n`).join(""));
  }

  async #forget(root: string): Promise<void> {
    const { reader, log } = this.#options;
    const memory = reader();
    const names = Object.values(prefixes).map((prefix) => prefix + root);
    this.#known.delete(root);
    if (!memory || !names.some((name) => memory.knows(name))) return;
    for (const name of names) await memory.forget(name);
    log.debug(`has forgotten the commits of ${root}`);
  }
}

/** The folder of a box's repository; undefined if the document is no box, or the repository is not on this machine. */
function rootOf(uri: string): string | undefined {
  if (!isCommitBox(uri)) return undefined;
  const query = uri.replace(/^[^?]*\??/, "");
  try {
    // VS Code encodes the query as a whole, too.
    const [, encoded] = /^rootUri=([^&#]*)/.exec(query.includes("=") ? query : decodeURIComponent(query)) ?? [];
    return encoded === undefined ? undefined : pathOf(decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}

function lastLines(text: string): string {
  return text.length <= mostBefore ? text : text.slice(-mostBefore).replace(/^[^\n]*\n/, "");
}
