import type { TextReader } from "../completion/memory/text-reader.ts";
import { messageOf } from "../errors.ts";
import type { ReadingOptions } from "./workspace-files.ts";
import { type ReadingResult, type Rehearser, WorkspaceReader } from "./workspace-reader.ts";

/** Milliseconds without a further change of files after which they are read, and after which they are read in any case. */
const quiet = 200;
const longestQuiet = 2_000;

/** Where more files change at once, as when a branch is checked out, all are looked at. */
const mostFollowed = 200;

/** All files are looked at again after so many times the time that looking took. */
const restBetweenLooks = 20;

export type FollowedFiles = Omit<ReadingOptions, "signal" | "skip">;

/** Why files were read: all, because that was asked for or may be due, or some that had changed. */
export type ReadingReason = "asked" | "again" | "followed";

export interface ReadingHooks {
  /** What is awaited before anything is read. */
  readonly ready: () => Promise<void>;
  /** Is told after each file, while all are looked at. */
  readonly onFile: (result: ReadingResult) => void;
  /** Is told when reading has ended. @param start when it began */
  readonly onEnd: (result: ReadingResult, reason: ReadingReason, start: number) => Promise<void>;
  readonly warn: (message: string) => void;
}

/** What is read. */
interface Followed {
  readonly rehearser: Rehearser;
  readonly options: FollowedFiles;
}

/** Reads a workspace's files in the background, one reading after the other, and follows what becomes of them. */
export class WorkspaceReading {
  readonly #files: WorkspaceReader;
  readonly #hooks: ReadingHooks;
  /** Undefined while nothing is read. */
  #followed: Followed | undefined;
  #reading = new AbortController();
  /** When the last reading has ended. */
  #ended: Promise<void> = Promise.resolve();
  /** Files that have changed and were not read since. */
  readonly #changed = new Set<string>();
  /** When the first of them changed. */
  #changedSince = 0;
  /** Whether all files are to be looked at again, soon or after what is read now. */
  #isToLook = false;
  /** Before this time, all files are not looked at again without need. */
  #nextLook = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(reader: TextReader, hooks: ReadingHooks) {
    this.#files = new WorkspaceReader(reader);
    this.#hooks = hooks;
  }

  /** Reads what is new in all files, and follows them from now on. What was read until now ends. */
  start(rehearser: Rehearser, options: FollowedFiles): void {
    this.#followed = { rehearser, options };
    this.#isToLook = false;
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#look("asked");
  }

  /** Ends reading, and follows no files any more. */
  async stop(): Promise<void> {
    this.#followed = undefined;
    clearTimeout(this.#timer);
    this.#reading.abort();
    await this.#ended;
  }

  /** Looks at all files anew when they are read the next time: what was known of them is forgotten. */
  reset(): void {
    this.#files.reset();
  }

  /** Reads files that have changed, or are gone, as soon as no more change; where they are many, looks at all. */
  follow(paths: readonly string[]): void {
    if (!this.#followed) return;
    if (this.#changed.size === 0) this.#changedSince = performance.now();
    for (const path of paths) {
      this.#changed.add(path);
      this.#files.mistrust(path);
    }
    this.#readIn(Math.min(quiet, Math.max(this.#changedSince + longestQuiet - performance.now(), 0)));
  }

  /** Looks soon at which files have changed, where nobody says. It is cheap to ask for it often. */
  lookAgain(): void {
    if (!this.#followed || this.#isToLook) return;
    this.#isToLook = true;
    this.#readIn(Math.max(this.#nextLook - performance.now(), quiet));
  }

  #readIn(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#readChanged(), delay).unref();
  }

  #readChanged(): void {
    if (this.#isToLook || this.#changed.size > mostFollowed) {
      this.#isToLook = true;
      this.#look("again");
    } else {
      const paths = [...this.#changed];
      this.#changed.clear();
      this.#inBackground(async ({ options }, signal, start) => {
        const result = await this.#files.follow(paths, { ...options, signal });
        if (result) await this.#hooks.onEnd(result, "followed", start);
        else this.#look("again");
      });
    }
  }

  #look(reason: "asked" | "again"): void {
    this.#changed.clear();
    this.#inBackground(async ({ rehearser, options }, signal, start) => {
      this.#isToLook = false;
      const result = await this.#files.readAll(rehearser, { ...options, signal }, this.#hooks.onFile);
      this.#nextLook = performance.now() + restBetweenLooks * result.looking;
      await this.#hooks.onEnd(result, reason, start);
    });
  }

  /** After what is read now. */
  #inBackground(read: (followed: Followed, signal: AbortSignal, start: number) => Promise<void>): void {
    const { signal } = this.#reading;
    const former = this.#ended;
    this.#ended = (async () => {
      await former;
      await this.#hooks.ready();
      const followed = this.#followed;
      if (signal.aborted || !followed) return;
      try {
        await read(followed, signal, performance.now());
      } catch (error) {
        if (!signal.aborted) this.#hooks.warn(`The workspace was not read to its end: ${messageOf(error)}`);
      }
    })();
  }
}
