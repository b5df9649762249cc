import type { TextReader } from "../../completion/memory/text-reader.ts";
import { messageOf } from "../../errors.ts";
import type { LanguageRead } from "../training-protocol.ts";
import type { ReadingResult, Rehearser } from "./reading-result.ts";
import type { ReadingOptions } from "./workspace-files.ts";
import { WorkspaceReader } from "./workspace-reader.ts";

/** Changed files are read after this many milliseconds without a further change, and after `longestQuiet` in any case. */
const quiet = 200;
const longestQuiet = 2_000;

/** The pause between two examinations of all files is this many times the time that the last one took. */
const restBetweenLooks = 20;

export type FollowedFiles = Omit<ReadingOptions, "signal" | "skip">;

/** Why files were read: all on request, all because a check was due, or some that had changed. */
export type ReadingReason = "asked" | "again" | "followed";

export interface ReadingHooks {
  /** Awaited before anything is read. */
  readonly ready: () => Promise<void>;
  /** Called after each file while all files are read. */
  readonly onFile: (result: ReadingResult) => void;
  /** Called when reading has ended. @param start when reading began */
  readonly onEnd: (result: ReadingResult, reason: ReadingReason, start: number) => Promise<void>;
  /** Called when reading has ended before its end. */
  readonly onFailure: () => void;
  readonly warn: (message: string) => void;
}

/** What to read. */
interface Followed {
  readonly rehearser: Rehearser;
  readonly options: FollowedFiles;
}

/** Reads a workspace's files in the background, one reading after another, and follows their changes. */
export class WorkspaceReading {
  readonly #reader: TextReader;
  readonly #files: WorkspaceReader;
  readonly #hooks: ReadingHooks;
  /** Undefined while nothing may be read. */
  #followed: Followed | undefined;
  #reading = new AbortController();
  /** Resolves when the last reading has ended. */
  #ended: Promise<void> = Promise.resolve();
  /** Changed files that were not read yet. */
  readonly #changed = new Set<string>();
  /** When the first of them changed. */
  #changedSince = 0;
  #followTimer: NodeJS.Timeout | undefined;
  /** Whether all files will be examined again, once that is due. */
  #isToLook = false;
  /** All files are not examined again before this time, unless that is requested. */
  #nextLook = 0;
  #lookTimer: NodeJS.Timeout | undefined;

  constructor(reader: TextReader, hooks: ReadingHooks) {
    this.#reader = reader;
    this.#files = new WorkspaceReader(reader);
    this.#hooks = hooks;
  }

  /** Reads new and changed files, and follows changes from now on. Ends an earlier reading. */
  start(rehearser: Rehearser, options: FollowedFiles): void {
    this.#end();
    this.#followed = { rehearser, options };
    this.#reading = new AbortController();
    this.#look("asked");
    // A look does not reach single files outside all folders.
    if (this.#changed.size > 0) this.#followSoon();
  }

  /** Ends reading and stops following files. */
  async stop(): Promise<void> {
    this.#end();
    await this.#ended;
  }

  /** The languages of the files that were read. */
  get languages(): LanguageRead[] {
    return this.#files.languages;
  }

  /** Makes the next reading examine all files again, after the memory was cleared. */
  reset(): void {
    this.#files.reset();
  }

  /**
   * Reads changed files and forgets deleted ones once changes pause. If they are many, all files are examined when that is due. While
   * nothing may be read, changes of known files are kept until it may.
   */
  follow(paths: readonly string[]): void {
    if (this.#changed.size === 0) this.#changedSince = performance.now();
    for (const path of paths) {
      if (this.#followed || this.#reader.knows(path)) this.#changed.add(path);
      this.#files.mistrust(path);
    }
    if (this.#followed) this.#followSoon();
  }

  /** Checks which files have changed when that is due, for clients that do not watch files. Cheap to call often. */
  lookAgain(): void {
    // Without a folder there is nothing to look at: only single files are followed.
    if (!this.#followed || this.#isToLook || this.#followed.options.folders.length === 0) return;
    this.#isToLook = true;
    this.#lookWhenDue();
  }

  #followSoon(): void {
    const left = this.#changedSince + longestQuiet - performance.now();
    clearTimeout(this.#followTimer);
    this.#followTimer = setTimeout(() => this.#readChanged(), Math.min(quiet, Math.max(left, 0))).unref();
  }

  #lookWhenDue(): void {
    const delay = Math.max(this.#nextLook - performance.now(), quiet);
    this.#lookTimer = setTimeout(() => this.#look("again"), delay).unref();
  }

  #readChanged(): void {
    this.#inBackground(async ({ options }, signal, start) => {
      const paths = [...this.#changed];
      this.#changed.clear();
      try {
        const result = await this.#files.follow(paths, { ...options, signal });
        if (result) await this.#hooks.onEnd(result, "followed", start);
        else this.lookAgain();
      } catch (error) {
        for (const path of paths) this.#changed.add(path);
        throw error;
      }
    });
  }

  #look(reason: "asked" | "again"): void {
    this.#inBackground(async ({ rehearser, options }, signal, start) => {
      // The look before this one may have ended only now.
      if (reason === "again" && start < this.#nextLook) return this.#lookWhenDue();
      this.#isToLook = false;
      const result = await this.#files.readAll(rehearser, { ...options, signal }, this.#hooks.onFile);
      this.#nextLook = performance.now() + restBetweenLooks * result.looking;
      if (options.folders.length > 0 || result.forgotten > 0) await this.#hooks.onEnd(result, reason, start);
    });
  }

  #end(): void {
    this.#followed = undefined;
    clearTimeout(this.#followTimer);
    clearTimeout(this.#lookTimer);
    this.#isToLook = false;
    this.#reading.abort();
  }

  /** Runs a reading after the current one. */
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
        this.#hooks.onFailure();
        if (!signal.aborted) this.#hooks.warn(`The workspace could not be read completely: ${messageOf(error)}`);
      }
    })();
  }
}
