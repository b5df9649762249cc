import { type FileHandle, open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { decodeMemory, encodeMemory, type LocalMemory, type StoredBytes } from "../completion/memory/local-memory.ts";
import { TextReader } from "../completion/memory/text-reader.ts";
import { loadParameters } from "../completion/prediction/mixing-parameters.ts";
import { Mixture } from "../completion/prediction/mixture.ts";
import { describeSkipped } from "../corpus/skipped.ts";
import { messageOf } from "../errors.ts";
import { deleteFile, removeUnfinished, writeWhole } from "../output-file.ts";
import type { ReadingResult, Rehearser } from "./workspace-reader.ts";
import { type FollowedFiles, type ReadingReason, WorkspaceReading } from "./workspace-reading.ts";

/** Bytes of text that are worth a file of some megabytes, written while one types or when the server ends. */
const worthSaving = 2_000;

const saveInterval = 5 * 60 * 1000;

/** Milliseconds between two reports of what was read. */
const tellInterval = 1_000;

/** Milliseconds after which a file that is being written is one that nobody writes any more. */
const abandoned = 10 * 60 * 1000;

/** Milliseconds that saving may hold up the server's end: editors wait for two seconds. */
const longestFarewell = 1_500;

export interface MemoryOptions {
  /** The file that it is kept in; undefined: it is not kept. */
  readonly path: string | undefined;
  /** Makes the file's folder. @throws MurmurError ("storage") */
  readonly prepare: () => Promise<void>;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** Is told whenever {@link WorkspaceMemory.description} changes. */
  readonly onChange: () => void;
}

/** What the workspace has taught the local model: loaded, kept as its files are in the background, and saved. */
export class WorkspaceMemory implements LocalMemory {
  readonly mixture: Mixture;
  readonly reader: TextReader;
  /** For a person: what was read; undefined before. */
  description: string | undefined;
  readonly #options: MemoryOptions;
  /** When what was saved is loaded; undefined before anything was to be read. */
  #loaded: Promise<void> | undefined;
  readonly #reading: WorkspaceReading;
  /** When it was last said how much was read. */
  #told = 0;
  #saving = new AbortController();
  #saved: Promise<void> = Promise.resolve();
  /** Whether nothing may be saved. */
  #mayNotSave = false;
  /** The history's length when it was saved; 0 if something was taken back since. */
  #savedLength = 1;
  readonly #timer: NodeJS.Timeout;

  private constructor(mixture: Mixture, options: MemoryOptions) {
    this.mixture = mixture;
    this.reader = new TextReader(mixture);
    this.#options = options;
    this.#reading = new WorkspaceReading(this.reader, {
      ready: () => this.#load(),
      onFile: ({ length }) => this.#tell(length),
      onEnd: (result, reason, start) => this.#end(result, reason, start),
      warn: (message) => options.log.warn(message),
    });
    this.#timer = setInterval(() => void this.#save(worthSaving), saveInterval).unref();
  }

  /**
   * A memory that can be mixed with at once; what was saved of it is loaded when the workspace is read.
   * @throws MurmurError ("not-found", "bad-model") if Murmur's mixing weights are missing or bad
   */
  static async open(options: MemoryOptions): Promise<WorkspaceMemory> {
    const mixture = new Mixture();
    await loadParameters(mixture);
    return new WorkspaceMemory(mixture, options);
  }

  /** Whether what is learned outlasts this process. */
  get isKept(): boolean {
    return this.#options.path !== undefined;
  }

  /**
   * Loads what was saved, reads what is new in the workspace's files, takes back what is gone or left out now, and saves that, all in
   * the background. Ends the reading before it. From then on, what becomes of the files is followed.
   */
  readWorkspace(rehearser: Rehearser, options: FollowedFiles): void {
    this.reader.yieldTo(this.#load());
    this.#told = performance.now();
    this.#reading.start(rehearser, options);
  }

  /** Reads files again that were added or changed, and takes back those that are gone, soon. */
  follow(paths: readonly string[]): void {
    this.#reading.follow(paths);
  }

  /** Looks soon at which files have changed, where nobody says. It is cheap to ask for it often. */
  lookAgain(): void {
    this.#reading.lookAgain();
  }

  /** Ends reading, and follows no files any more. */
  async stopReading(): Promise<void> {
    await this.#reading.stop();
    await this.reader.idle();
  }

  /** Forgets all that was learned, and deletes the file. */
  async reset(): Promise<void> {
    await this.stopReading();
    await this.#stopSaving();
    const { path } = this.#options;
    if (path) {
      await deleteFile(path);
      await removeUnfinished(path, 0);
    }
    this.mixture.local.forget();
    this.reader.known = [];
    this.#reading.reset();
    this.#savedLength = this.mixture.local.history.length;
    await loadParameters(this.mixture);
    this.#mayNotSave = false;
    this.#describe(undefined);
  }

  /** Ends reading and, if much was learned since it was saved last, saves it if that can be done in a moment. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const end = setTimeout(longestFarewell);
    await Promise.race([this.stopReading().then(() => this.#save(worthSaving)), end]);
    await this.#stopSaving();
  }

  /** Loads what was saved, the first time. */
  #load(): Promise<void> {
    this.#loaded ??= this.#loadSaved();
    return this.#loaded;
  }

  async #loadSaved(): Promise<void> {
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

  #tell(length: number): void {
    if (performance.now() - this.#told < tellInterval) return;
    this.#told = performance.now();
    this.#describe(`has read ${kilobytes(length)} of the workspace so far`);
  }

  async #end(result: ReadingResult, reason: ReadingReason, start: number): Promise<void> {
    const { files, length, known, forgotten, total, skipped } = result;
    const isNew = files > 0 || forgotten > 0;
    const isWhole = reason !== "followed";
    if (isNew || reason === "asked") {
      const others = known > 0 && isWhole ? `; ${known} more were known` : "";
      const gone = forgotten > 0 ? `; took back ${forgotten} that are gone or left out` : "";
      this.#options.log.info(`read ${files} files, ${kilobytes(length)}, in ${seconds(start)}${others}${gone}`);
      const leftOut = describeSkipped(skipped);
      if (leftOut) this.#options.log.info(`left out ${leftOut}`);
    }
    if (isWhole) this.#describe(`knows ${files + known} files of the workspace, ${kilobytes(total)}`);
    if (forgotten > 0) this.#savedLength = 0;
    if (isWhole && isNew) await this.#save(1);
  }

  #describe(description: string | undefined): void {
    this.description = description;
    this.#options.onChange();
  }

  /** Saves if so many bytes were learned since. */
  #save(least: number): Promise<void> {
    this.#saved = this.#saved.then(async () => {
      const { length } = this.mixture.local.history;
      const { path, prepare, log } = this.#options;
      if (!path || this.#mayNotSave || !this.#loaded || length - this.#savedLength < least) return;
      const start = performance.now();
      this.#saving = new AbortController();
      const { signal } = this.#saving;
      try {
        await prepare();
        await removeUnfinished(path, abandoned);
        await writeWhole(path, encodeMemory(this), signal);
        this.#savedLength = length;
        log.info(`saved what was learned of this workspace in ${seconds(start)}`);
      } catch (error) {
        if (!signal.aborted) log.warn(`What was learned of this workspace can't be saved: ${messageOf(error)}`);
      }
    });
    return this.#saved;
  }

  /** Ends what is being saved, and begins nothing more. */
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
