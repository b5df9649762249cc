import { type FileHandle, open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import {
  decodeMemory,
  encodeMemory,
  type LocalMemory,
  type StoredBytes,
} from "../../completion/memory/local-memory.ts";
import { TextReader } from "../../completion/memory/text-reader.ts";
import { loadParameters } from "../../completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../completion/prediction/mixture.ts";
import { describeSkipped, type Skipped } from "../../corpus/skipped.ts";
import { messageOf } from "../../errors.ts";
import { formatNumber, t } from "../../l10n.ts";
import { deleteFile, removeUnfinished, writeWhole } from "../../output-file.ts";
import { filesOf, sizeOf } from "../../wording.ts";
import type { FilesRead } from "../training-protocol.ts";
import type { ReadingResult, Rehearser } from "./reading-result.ts";
import { type FollowedFiles, type ReadingReason, WorkspaceReading } from "./workspace-reading.ts";

/** The bytes of new text that justify writing a file of some megabytes while the user types or when the server ends. */
const worthSaving = 2_000;

const saveInterval = 5 * 60 * 1000;

/** Milliseconds between two reports of how much was read. */
const reportInterval = 1_000;

/** Milliseconds without a change after which an unfinished file counts as abandoned. */
const abandoned = 10 * 60 * 1000;

/** Milliseconds by which saving may delay shutdown. Editors wait two seconds. */
const longestFarewell = 1_500;

export interface MemoryOptions {
  /** The file that the memory is saved in; undefined: it is not saved. */
  readonly path: string | undefined;
  /** Creates the file's folder. @throws MurmurError ("storage") */
  readonly prepare: () => Promise<void>;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** Called whenever {@link WorkspaceMemory.description} or {@link WorkspaceMemory.isReading} changes. */
  readonly onChange: () => void;
}

/** The local model of a workspace: loaded, kept up to date with the files in the background, and saved. */
export class WorkspaceMemory implements LocalMemory {
  readonly mixture: Mixture;
  readonly reader: TextReader;
  /** How much was read, as shown to the user; undefined before anything is read. */
  description: string | undefined;
  /** Whether the workspace's files are being read, and it takes more than a moment. */
  isReading = false;
  readonly #options: MemoryOptions;
  /** Resolves when the saved memory is loaded. */
  readonly #loaded: Promise<void>;
  readonly #reading: WorkspaceReading;
  /** Whether all files of the folders were looked at. */
  #hasReadAll = false;
  /** Whether the last look at all files left some unread, because there are more than the memory holds. */
  #isCutOff = false;
  /** What the last look at all files left out. */
  #skipped: Readonly<Skipped> = {};
  /** When the progress of reading was last reported. */
  #reported = 0;
  #saving = new AbortController();
  #saved: Promise<void> = Promise.resolve();
  /** Whether saving is disabled. */
  #mayNotSave = false;
  /** The history's length when it was last saved; 0 if something was forgotten since. */
  #savedLength = 1;
  /** The texts that had been taken back when it was saved. */
  #savedForgotten = 0;
  readonly #timer: NodeJS.Timeout;

  private constructor(mixture: Mixture, options: MemoryOptions) {
    this.mixture = mixture;
    this.reader = new TextReader(mixture);
    this.#options = options;
    this.#reading = new WorkspaceReading(this.reader, {
      ready: () => this.#loaded,
      onFile: (result) => this.#reportProgress(result),
      onEnd: (result, reason, start) => this.#end(result, reason, start),
      onFailure: () => {
        this.isReading = false;
        options.onChange();
      },
      warn: (message) => options.log.warn(message),
    });
    this.#loaded = this.#load();
    // Nothing is learned before that: loading replaces everything.
    this.reader.yieldTo(this.#loaded);
    this.#timer = setInterval(() => void this.#save(worthSaving), saveInterval).unref();
  }

  /**
   * Creates a memory that can be used at once. The saved memory is loaded in the background; what is to be learned waits for that.
   * @throws MurmurError ("not-found", "bad-model") if Murmur's mixing weights are missing or damaged
   */
  static async open(options: MemoryOptions): Promise<WorkspaceMemory> {
    const mixture = new Mixture();
    await loadParameters(mixture);
    return new WorkspaceMemory(mixture, options);
  }

  /** What was read of the workspace's files. */
  get filesRead(): Omit<FilesRead, "isTrained"> {
    const leftOut = describeSkipped(this.#skipped);
    return { languages: this.#reading.languages, leftOut, isComplete: this.#hasReadAll && !this.#isCutOff };
  }

  /** Whether the memory is saved. */
  get isKept(): boolean {
    return this.#options.path !== undefined;
  }

  /**
   * Reads new and changed files of the workspace, forgets files that are gone or now excluded, and saves the result, all in the
   * background. Ends an earlier reading. Changes of the files are followed from then on.
   */
  readWorkspace(rehearser: Rehearser, options: FollowedFiles): void {
    this.#reported = performance.now();
    this.#hasReadAll = false;
    this.#reading.start(rehearser, options);
  }

  /** Soon reads files that were added or changed, and forgets those that are gone. */
  follow(paths: readonly string[]): void {
    this.#reading.follow(paths);
  }

  /** Soon checks which files have changed, for clients that do not watch files. Cheap to call often. */
  lookAgain(): void {
    this.#reading.lookAgain();
  }

  /** Ends reading and stops following files. Does not wait for open documents, which may take minutes to be read. */
  async stopReading(): Promise<void> {
    await this.#reading.stop();
  }

  /** The same, and waits for the open documents too: learning from them must have been stopped. Nothing is learned or taken back then. */
  async #stopAll(): Promise<void> {
    await this.stopReading();
    await this.reader.idle();
  }

  /** Forgets everything that was learned and deletes the file. Learning must have been stopped. @throws MurmurError ("storage") if the file can't be deleted */
  async reset(): Promise<void> {
    await this.#loaded;
    await this.#stopAll();
    await this.#stopSaving();
    const { path } = this.#options;
    if (path) {
      await deleteFile(path);
      await removeUnfinished(path, 0);
    }
    this.mixture.forget();
    this.reader.known = [];
    this.#reading.reset();
    this.#savedLength = this.mixture.local.history.length;
    this.#savedForgotten = this.reader.forgotten;
    await loadParameters(this.mixture);
    this.#mayNotSave = false;
    this.isReading = false;
    this.#describe(undefined);
  }

  /** Ends reading. Saves the memory if much was learned since the last save and saving is quick. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const end = setTimeout(longestFarewell);
    await Promise.race([this.#stopAll().then(() => this.#save(worthSaving)), end]);
    await this.#stopSaving();
  }

  async #load(): Promise<void> {
    const { path, log } = this.#options;
    const start = performance.now();
    await using file = path ? await open(path).catch(() => undefined) : undefined;
    if (!path || !file) return;
    try {
      await decodeMemory(this, await stored(file), path);
      const { length } = this.mixture.local.history;
      log.info(`remembers ${kilobytes(length)} of this workspace, loaded in ${seconds(start)}`);
      this.#savedLength = length;
    } catch (error) {
      log.warn(messageOf(error));
    }
  }

  #reportProgress({ done, toRead }: ReadingResult): void {
    if (performance.now() - this.#reported < reportInterval) return;
    this.#reported = performance.now();
    this.isReading = true;
    const read = formatNumber(Math.round(Math.min(done, toRead) / 1000));
    this.#describe(t("Learning your files: {0} of {1} KB", read, formatNumber(Math.ceil(toRead / 1000))));
  }

  async #end(result: ReadingResult, reason: ReadingReason, start: number): Promise<void> {
    const { files, length, known, forgotten, total, skipped, isCutOff } = result;
    const isNew = files > 0 || forgotten > 0;
    const isWhole = reason !== "followed";
    if (isWhole) {
      this.#skipped = skipped;
      this.#isCutOff = isCutOff;
    }
    if (isNew || reason === "asked") {
      const others = known > 0 && isWhole ? `; ${known} more were already known` : "";
      const gone = forgotten > 0 ? `; forgot ${forgotten} that are gone or excluded` : "";
      this.#options.log.info(`read ${filesOf(files)}, ${kilobytes(length)}, in ${seconds(start)}${others}${gone}`);
      const leftOut = describeSkipped(skipped);
      if (leftOut) this.#options.log.info(`left out ${leftOut}`);
    }
    this.#hasReadAll ||= isWhole;
    this.isReading = false;
    if (this.#hasReadAll) this.#describe(t("Knows {0} of the workspace, {1}", filesOf(files + known), sizeOf(total)));
    if (isWhole && isNew) await this.#save(1);
  }

  #describe(description: string | undefined): void {
    this.description = description;
    this.#options.onChange();
  }

  /** Saves if at least this many bytes were learned since the last save, or anything was taken back: that must not stay in the file. */
  #save(least: number): Promise<void> {
    this.#saved = Promise.all([this.#saved, this.#loaded]).then(async () => {
      const { length } = this.mixture.local.history;
      const { path, prepare, log } = this.#options;
      const { forgotten } = this.reader;
      const isDue = length - this.#savedLength >= least || forgotten > this.#savedForgotten;
      if (!path || this.#mayNotSave || !isDue) return;
      const start = performance.now();
      this.#saving = new AbortController();
      const { signal } = this.#saving;
      try {
        await prepare();
        await removeUnfinished(path, abandoned);
        await writeWhole(path, encodeMemory(this), { signal, isPrivate: true });
        this.#savedLength = length;
        this.#savedForgotten = forgotten;
        log.info(`saved what was learned from this workspace in ${seconds(start)}`);
      } catch (error) {
        if (!signal.aborted) log.warn(`What was learned from this workspace can't be saved: ${messageOf(error)}`);
      }
    });
    return this.#saved;
  }

  /** Aborts saving, and disables it. */
  async #stopSaving(): Promise<void> {
    this.#mayNotSave = true;
    this.#saving.abort();
    await this.#saved;
  }
}

async function stored(file: FileHandle): Promise<StoredBytes> {
  const { size } = await file.stat();
  return {
    size,
    read: async (from, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead);
    },
  };
}

function kilobytes(count: number): string {
  return `${Math.ceil(count / 1000)} KB`;
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
