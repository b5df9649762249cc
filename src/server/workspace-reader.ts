import { isAbsolute, sep } from "node:path";
import type { CompletionEngine } from "../completion/engine.ts";
import { mostRehearsed, type TextReader } from "../completion/memory/text-reader.ts";
import { readTextFile } from "../corpus/files.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { pathsToFollow } from "./changed-paths.ts";
import {
  type Candidate,
  findCandidates,
  type ReadingOptions,
  textsOf,
  type WorkspaceText,
  workspaceReach,
} from "./workspace-files.ts";

/** At most this many characters of a workspace are read, which about fills the local model's tables. More would only evict earlier text. */
const mostText = 1_500_000;

/** Reads a text as if it were typed. */
export type Rehearser = Pick<CompletionEngine, "rehearse">;

/** The result of reading a workspace's files. */
export interface ReadingResult {
  /** The number of new or changed files, and of their characters. */
  files: number;
  length: number;
  /** The number of files that were already known unchanged. */
  known: number;
  /** The number of files that were forgotten because they are gone or now excluded. */
  forgotten: number;
  /** The number of characters of all files. */
  total: number;
  /** Milliseconds that it took to find out what changed. */
  looking: number;
  /** What was left out. */
  readonly skipped: Skipped;
}

/** The options of a reading, without those that it sets itself. */
export type FileOptions = Omit<ReadingOptions, "skip">;

interface Look {
  /** The file's modification time and size. */
  readonly stamp: string;
  /** The characters that were read of it; undefined if it was looked at and not read. */
  readonly length?: number | undefined;
}

/** Keeps the memory of a workspace in step with the files on disk: reads new and changed files, and forgets those that are gone. */
export class WorkspaceReader {
  readonly #reader: TextReader;
  /** By path, the files that were examined, as they were then. */
  readonly #seen = new Map<string, Look>();

  constructor(reader: TextReader) {
    this.#reader = reader;
  }

  /** Makes the next reading examine all files again. */
  reset(): void {
    this.#seen.clear();
  }

  /** Makes the next reading examine a file again, because the memory may differ from the disk. */
  mistrust(path: string): void {
    this.#seen.delete(path);
  }

  /**
   * Reads new and changed files, the most relevant first, and forgets those that are gone.
   * @param onFile called after each file with the result so far
   * @throws the signal's reason if it is aborted
   */
  async readAll(
    rehearser: Rehearser,
    options: FileOptions,
    onFile: (result: ReadingResult) => void,
  ): Promise<ReadingResult> {
    const { signal } = options;
    const start = performance.now();
    const result = nothingYet();
    const reading: ReadingOptions = { ...options, skip: counter(result.skipped) };
    const { files, areAll } = await findCandidates(reading);
    const changed = files.filter((file) => !this.#isSeen(file));
    const stamps = new Map(changed.map((file) => [file.path, stampOf(file)]));
    result.looking = performance.now() - start;
    const unchanged = files
      .filter((file) => this.#isSeen(file))
      .flatMap(({ path }) => this.#seen.get(path)?.length ?? []);
    result.known = unchanged.length;
    result.total = unchanged.reduce((sum, length) => sum + length, 0);
    const count = (path: string, text: string, isNew: boolean): void => {
      this.#seen.set(path, { stamp: stamps.get(path) ?? "", length: text.length });
      if (isNew) {
        result.files++;
        result.length += text.length;
      } else result.known++;
      onFile(result);
    };
    const read = async (path: string, text: string): Promise<void> =>
      count(path, text, await this.#reader.read(text, { name: path, signal }));
    /** The last related texts; as many as can be rehearsed. */
    const held: { readonly path: string; readonly text: string }[] = [];
    let heldLength = 0;
    const take = async ({ path, text, isRelated }: WorkspaceText): Promise<void> => {
      if (text === undefined) {
        if (this.#reader.knows(path)) await this.#forget(path, result, signal);
        this.#seen.set(path, { stamp: stamps.get(path) ?? "" });
        return;
      }
      result.total += text.length;
      if (this.#reader.knows(path) && isOpen(path, options)) {
        result.known++;
        return;
      }
      if (!isRelated) return await read(path, text);
      held.push({ path, text });
      heldLength += text.length;
      while (heldLength > mostRehearsed) {
        const first = held.shift();
        if (!first) break;
        heldLength -= first.text.length;
        await read(first.path, first.text);
      }
    };
    // What is known of a file follows it, however much there is; new files are read as long as there is room.
    const isKnown = ({ path }: Candidate): boolean => this.#reader.knows(path);
    const turn = () => this.#turn(signal);
    for await (const file of textsOf(changed.filter(isKnown), reading, turn)) await take(file);
    const unknown = changed.filter((file) => !isKnown(file));
    for await (const file of textsOf(unknown, reading, turn)) {
      if (result.total + (file.text?.length ?? 0) > mostText) break;
      await take(file);
    }
    for (const { path, text } of held) {
      // It may have been opened, and saved with another text, since it was read from disk.
      if (this.#reader.knows(path) && isOpen(path, options)) result.known++;
      else count(path, text, await rehearser.rehearse(text, { name: path, signal }));
    }
    if (areAll && options.folders.length > 0) await this.#forgetOthers(files, options, result);
    return result;
  }

  /**
   * Reads files that have changed, and forgets those that are gone.
   * @returns undefined if all files must be examined (see {@link pathsToFollow})
   * @throws the signal's reason if it is aborted
   */
  async follow(paths: readonly string[], options: FileOptions): Promise<ReadingResult | undefined> {
    const changed = await pathsToFollow(paths, options, this.#reader.names);
    if (!changed) return undefined;
    const result = nothingYet();
    const skip = counter(result.skipped);
    const gone: string[] = [];
    for (const { path, mayBeRead } of changed) {
      await this.#turn(options.signal);
      if (isOpen(path, options)) continue;
      const text = mayBeRead ? await readTextFile(path, skip) : undefined;
      this.#seen.delete(path);
      if (text === undefined) {
        gone.push(...this.#reader.names.filter((name) => name === path || name.startsWith(path + sep)));
      } else if (await this.#reader.read(text, { name: path, signal: options.signal })) {
        result.files++;
        result.length += text.length;
      } else result.known++;
    }
    // Forgetting comes last, so that a moved file is already known by its new name and stays.
    for (const path of gone) await this.#forget(path, result, options.signal);
    return result;
  }

  async #forgetOthers(files: readonly Candidate[], options: FileOptions, result: ReadingResult): Promise<void> {
    const kept = new Set(files.map(({ path }) => path));
    const reached = workspaceReach(options);
    for (const name of this.#reader.names) {
      if (!isAbsolute(name) || kept.has(name)) continue;
      // An open file may not be on disk yet.
      if (isOpen(name, options) && (await reached(name)) === "file") continue;
      await this.#forget(name, result, options.signal);
    }
  }

  /**
   * Waits for requests that are being answered. Decoding a long file takes some milliseconds, and the first time that an encoding is
   * detected, a tenth of a second.
   */
  async #turn(signal: AbortSignal): Promise<void> {
    await this.#reader.turn();
    signal.throwIfAborted();
  }

  #isSeen(file: Candidate): boolean {
    const look = this.#seen.get(file.path);
    return look?.stamp === stampOf(file) && (look.length === undefined || this.#reader.knows(file.path));
  }

  async #forget(path: string, result: ReadingResult, signal: AbortSignal): Promise<void> {
    this.#seen.delete(path);
    await this.#reader.forget(path, signal);
    result.forgotten++;
  }
}

/** Whether a file is open in the editor. Then it is learned as it is edited, not as it is on disk. */
function isOpen(path: string, { open }: FileOptions): boolean {
  return open().includes(path);
}

function nothingYet(): ReadingResult {
  return { files: 0, length: 0, known: 0, forgotten: 0, total: 0, looking: 0, skipped: {} };
}

function stampOf({ time, size }: Candidate): string {
  return `${time} ${size}`;
}
