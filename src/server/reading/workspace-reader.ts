import { existsSync } from "node:fs";
import { sep } from "node:path";
import type { TextReader } from "../../completion/memory/text-reader.ts";
import { readTextFile } from "../../corpus/files.ts";
import { counter } from "../../corpus/skipped.ts";
import { groupBy } from "../../group-by.ts";
import { languageOf } from "../../languages.ts";
import type { LanguageRead } from "../training-protocol.ts";
import { pathsToFollow } from "./changed-paths.ts";
import { type FileOptions, isOpen, nothingYet, type ReadingResult, type Rehearser } from "./reading-result.ts";
import { type Examined, examinedAgain, WorkspaceLook } from "./workspace-look.ts";

/** Keeps the memory of a workspace in step with the files on disk: reads new and changed files, and forgets those that are gone. */
export class WorkspaceReader {
  readonly #reader: TextReader;
  /** By path, the files that were examined, as they were then. */
  readonly #examined = new Map<string, Examined>();
  /** The folders of the last look at all files. */
  #folders: readonly string[] = [];

  constructor(reader: TextReader) {
    this.#reader = reader;
  }

  /** The languages of the files that are known, the one with the most characters first. */
  get languages(): LanguageRead[] {
    const known = [...this.#examined].flatMap(([path, { length }]) =>
      length !== undefined && this.#reader.knows(path)
        ? [{ languageId: languageOf({ name: path }) ?? "", length }]
        : [],
    );
    return [...groupBy(known, ({ languageId }) => languageId)]
      .map(([languageId, files]) => ({
        languageId,
        files: files.length,
        characters: files.reduce((sum, { length }) => sum + length, 0),
      }))
      .sort((a, b) => b.characters - a.characters);
  }

  /** Makes the next reading examine all files again. */
  reset(): void {
    this.#examined.clear();
  }

  /** Makes the next reading examine a file again, because the memory may differ from the disk. */
  mistrust(path: string): void {
    const { length } = this.#examined.get(path) ?? {};
    if (length !== undefined) this.#examined.set(path, examinedAgain({ length }));
    else this.#examined.delete(path);
  }

  /**
   * Reads new and changed files, the most relevant first, and forgets those that are gone.
   * @param onFile called after each file with the result so far
   * @throws the signal's reason if it is aborted
   */
  async readAll(
    rehearser: Rehearser,
    files: FileOptions,
    onFile: (result: ReadingResult) => void,
  ): Promise<ReadingResult> {
    const [reader, examined] = [this.#reader, this.#examined];
    const former = this.#folders;
    // A look that is aborted may have read some of the new folders.
    this.#folders = [...former, ...files.folders];
    const look = new WorkspaceLook({ reader, rehearser, files, examined, former, onFile });
    const result = await look.run();
    this.#folders = files.folders;
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
      // What is simply gone was not left out.
      const file = mayBeRead && existsSync(path) ? await readTextFile(path, skip) : undefined;
      this.#examined.delete(path);
      if (file) this.#examined.set(path, examinedAgain(file.text));
      if (file === undefined) {
        gone.push(...this.#reader.names.filter((name) => name === path || name.startsWith(path + sep)));
      } else if (
        await this.#reader.read(file.text, { name: path, languageId: file.languageId, signal: options.signal })
      ) {
        result.files++;
        result.length += file.text.length;
      }
    }
    // Forgetting comes last, so that a moved file is already known by its new name and stays.
    for (const path of gone) await this.#forget(path, result, options.signal);
    const lengths = [...this.#examined].flatMap(([path, { length }]) =>
      length !== undefined && this.#reader.knows(path) ? [length] : [],
    );
    result.known = Math.max(0, lengths.length - result.files);
    result.total = lengths.reduce((sum, length) => sum + length, 0);
    return result;
  }

  /**
   * Waits for requests that are being answered. Decoding a long file takes some milliseconds, and the first time that an encoding is
   * detected, a tenth of a second.
   */
  async #turn(signal: AbortSignal): Promise<void> {
    await this.#reader.turn();
    signal.throwIfAborted();
  }

  async #forget(path: string, result: ReadingResult, signal: AbortSignal): Promise<void> {
    this.#examined.delete(path);
    await this.#reader.forget(path, signal);
    result.forgotten++;
  }
}
