import { type FileHandle, open, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { CompletionEngine } from "../completion/engine.ts";
import { decodeMemory, encodeMemory, type LocalMemory, type StoredBytes } from "../completion/memory/local-memory.ts";
import { mostRehearsed, TextReader } from "../completion/memory/text-reader.ts";
import { loadParameters } from "../completion/prediction/mixing-parameters.ts";
import { Mixture } from "../completion/prediction/mixture.ts";
import { counter, describeSkipped, type Skipped } from "../corpus/skipped.ts";
import { messageOf } from "../errors.ts";
import { removeUnfinished, writeWhole } from "../output-file.ts";
import { type ReadingOptions, workspaceTexts } from "./workspace-files.ts";

/** Characters of a workspace that are read: about what fills the local model's tables. More would only drive out what came first. */
const mostText = 1_500_000;

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

type Reader = Pick<CompletionEngine, "read" | "rehearse">;

/** What the workspace has taught the local model: loaded, filled from its files in the background, and saved. */
export class WorkspaceMemory implements LocalMemory {
  readonly mixture: Mixture;
  readonly reader: TextReader;
  /** For a person: what was read; undefined before. */
  description: string | undefined;
  readonly #options: MemoryOptions;
  /** When what was saved is loaded; undefined before anything was to be read. */
  #loaded: Promise<void> | undefined;
  #reading = new AbortController();
  /** When the last reading has ended. */
  #read: Promise<void> = Promise.resolve();
  #saving = new AbortController();
  #saved: Promise<void> = Promise.resolve();
  /** Whether nothing may be saved. */
  #mayNotSave = false;
  /** The history's length when it was saved. */
  #savedLength = 1;
  readonly #timer: NodeJS.Timeout;

  private constructor(mixture: Mixture, options: MemoryOptions) {
    this.mixture = mixture;
    this.reader = new TextReader(mixture);
    this.#options = options;
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

  /** Loads what was saved, reads what is new in the workspace's files, and saves it, all in the background. Ends the reading before it. */
  readWorkspace(reader: Reader, options: Omit<ReadingOptions, "signal" | "skip">): void {
    if (!this.#loaded) {
      this.#loaded = this.#load();
      this.reader.yieldTo(this.#loaded);
    }
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const former = this.#read;
    this.#read = (async () => {
      await former;
      await this.#loaded;
      if (signal.aborted) return;
      try {
        const isNew = await this.#readAll(reader, { ...options, signal });
        if (isNew) await this.#save(1);
      } catch (error) {
        if (!signal.aborted) this.#options.log.warn(`The workspace was not read to its end: ${messageOf(error)}`);
      }
    })();
  }

  /** Ends reading. */
  async stopReading(): Promise<void> {
    this.#reading.abort();
    await this.#read;
  }

  /** Forgets all that was learned, and deletes the file. */
  async reset(): Promise<void> {
    await this.stopReading();
    await this.#stopSaving();
    const { path } = this.#options;
    if (path) {
      await rm(path, { force: true });
      await removeUnfinished(path, 0);
    }
    this.mixture.local.forget();
    this.reader.known = [];
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

  /** @returns whether anything was new */
  async #readAll(reader: Reader, options: Omit<ReadingOptions, "skip">): Promise<boolean> {
    const { signal } = options;
    const start = performance.now();
    let [files, knownFiles, length, left] = [0, 0, 0, mostText];
    let told = start;
    const count = (text: string, isNew: boolean): void => {
      if (!isNew) knownFiles++;
      else {
        files++;
        length += text.length;
      }
      if (performance.now() - told < tellInterval) return;
      told = performance.now();
      this.#describe(`has read ${kilobytes(length)} of the workspace so far`);
    };
    /** Related texts, to be rehearsed if no more come than can be. */
    const held: string[] = [];
    let heldLength = 0;
    const skipped: Skipped = {};
    for await (const { text, isRelated } of workspaceTexts({ ...options, skip: counter(skipped) })) {
      left -= text.length;
      if (left < 0) break;
      if (!isRelated) {
        count(text, await reader.read(text, signal));
        continue;
      }
      held.push(text);
      heldLength += text.length;
      while (heldLength > mostRehearsed) {
        const first = held.shift() ?? "";
        heldLength -= first.length;
        count(first, await reader.read(first, signal));
      }
    }
    for (const text of held) count(text, await reader.rehearse(text, signal));
    const others = knownFiles > 0 ? `; ${knownFiles} more were known` : "";
    this.#options.log.info(`read ${files} files, ${kilobytes(length)}, in ${seconds(start)}${others}`);
    const leftOut = describeSkipped(skipped);
    if (leftOut) this.#options.log.info(`left out ${leftOut}`);
    this.#describe(`knows ${files + knownFiles} files of the workspace, ${kilobytes(mostText - Math.max(left, 0))}`);
    return files > 0;
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
