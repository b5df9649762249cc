import { isAbsolute, sep } from "node:path";
import { mostRehearsed, type ReadOptions, type TextReader } from "../../completion/memory/text-reader.ts";
import { isNotebook } from "../../corpus/notebook.ts";
import { counter } from "../../corpus/skipped.ts";
import { pathOf } from "../../uris.ts";
import { type FileOptions, isOpen, nothingYet, type ReadingResult, type Rehearser } from "./reading-result.ts";
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

/** A file as it was when it was examined. */
export interface Examined {
  /** The file's modification time and size. */
  readonly stamp: string;
  /** The characters that were read of it; undefined if it was examined and not read. */
  readonly length?: number | undefined;
}

/** A file whose text is known, and that the next look examines again. */
export function examinedAgain({ length }: { readonly length: number }): Examined {
  return { stamp: "", length };
}

export interface LookOptions {
  readonly reader: TextReader;
  readonly rehearser: Rehearser;
  readonly files: FileOptions;
  /** By path, the files that were examined before. The look brings them up to date. */
  readonly examined: Map<string, Examined>;
  /** The folders of the look before. */
  readonly former: readonly string[];
  /** Called after each file with the result so far. */
  readonly onFile: (result: ReadingResult) => void;
}

/** The text of a file, before it is read into the memory. */
interface FoundText extends Pick<WorkspaceText, "file" | "languageId"> {
  readonly text: string;
}

/** One look at all files of a workspace. Reads new and changed files, the most relevant first, and forgets those that are gone. */
export class WorkspaceLook {
  readonly #reader: TextReader;
  readonly #rehearser: Rehearser;
  readonly #examined: Map<string, Examined>;
  readonly #former: readonly string[];
  readonly #onFile: (result: ReadingResult) => void;
  readonly #result = nothingYet();
  readonly #files: ReadingOptions;
  /** The last related texts, in the order in which they were read from disk: as many as can be rehearsed. */
  readonly #held: FoundText[] = [];
  #heldLength = 0;

  constructor({ reader, rehearser, files, examined, former, onFile }: LookOptions) {
    this.#reader = reader;
    this.#rehearser = rehearser;
    this.#examined = examined;
    this.#former = former;
    this.#onFile = onFile;
    this.#files = { ...files, skip: counter(this.#result.skipped) };
  }

  /** @throws the signal's reason if it is aborted */
  async run(): Promise<ReadingResult> {
    const start = performance.now();
    const { files, areAll } = await findCandidates(this.#files);
    const changed = files.filter((file) => !this.#isUnchanged(file));
    this.#result.looking = performance.now() - start;
    for (const file of files) if (this.#isUnchanged(file)) this.#countUnchanged(file);
    const size = changed.reduce((sum, file) => sum + file.size, 0);
    this.#result.toRead = Math.min(size, mostText - this.#result.total);
    // What is known of a file follows it, however much there is; new files are read as long as there is room.
    const isKnown = changed.map(({ path }) => this.#reader.knows(path));
    for await (const file of this.#textsOf(changed.filter((_, i) => isKnown[i]))) await this.#take(file);
    for await (const file of this.#textsOf(changed.filter((_, i) => !isKnown[i]))) {
      if (this.#result.total + (file.text?.length ?? 0) > mostText) {
        this.#result.isCutOff = true;
        break;
      }
      await this.#take(file);
    }
    await this.#rehearseHeld();
    this.#result.isCutOff ||= !areAll;
    if (areAll) await this.#forgetOthers(new Set(files.map(({ path }) => path)));
    return this.#result;
  }

  #textsOf(files: readonly Candidate[]): AsyncIterable<WorkspaceText> {
    return textsOf(files, this.#files, () => this.#reader.turn());
  }

  #isUnchanged(file: Candidate): boolean {
    const former = this.#examined.get(file.path);
    return former?.stamp === stampOf(file) && (former.length === undefined || this.#reader.knows(file.path));
  }

  #countUnchanged({ path }: Candidate): void {
    const length = this.#examined.get(path)?.length;
    if (length === undefined) return;
    this.#result.known++;
    this.#result.total += length;
  }

  /** Takes a file that is new or has changed. */
  async #take({ file, text, languageId, isRelated }: WorkspaceText): Promise<void> {
    const { path } = file;
    if (text === undefined) {
      if (this.#reader.knows(path)) await this.#forget(path);
      this.#examined.set(path, { stamp: stampOf(file) });
      this.#result.done += file.size;
      return;
    }
    this.#result.total += text.length;
    if (this.#isLearnedAsEdited(path)) this.#countAsEdited({ file, text });
    else if (isRelated) await this.#hold({ file, text, languageId });
    else await this.#read({ file, text, languageId });
  }

  /** Keeps a text to be rehearsed, and reads the first ones that are too much for that. */
  async #hold(found: FoundText): Promise<void> {
    this.#held.push(found);
    this.#heldLength += found.text.length;
    while (this.#heldLength > mostRehearsed) {
      const first = this.#held.shift();
      if (!first) break;
      this.#heldLength -= first.text.length;
      await this.#read(first);
    }
  }

  async #read(found: FoundText): Promise<void> {
    this.#count(found, await this.#reader.read(found.text, this.#named(found)));
  }

  async #rehearseHeld(): Promise<void> {
    if (this.#held.length === 0) return;
    await using rehearsal = this.#rehearser.rehearsal();
    for (const found of this.#held) {
      // It may have been opened, and saved with another text, since it was read from disk.
      if (this.#isLearnedAsEdited(found.file.path)) this.#countAsEdited(found);
      else if (rehearsal) this.#count(found, await rehearsal.read(found.text, this.#named(found)));
      else await this.#read(found);
    }
  }

  #named({ file, languageId }: FoundText): ReadOptions {
    return { name: file.path, languageId, signal: this.#files.signal };
  }

  #count({ file, text }: FoundText, isNew: boolean): void {
    this.#examined.set(file.path, { stamp: stampOf(file), length: text.length });
    if (isNew) {
      this.#result.files++;
      this.#result.length += text.length;
    } else this.#result.known++;
    this.#result.done += file.size;
    this.#onFile(this.#result);
  }

  #countAsEdited({ file, text }: Pick<FoundText, "file" | "text">): void {
    this.#examined.set(file.path, examinedAgain(text));
    this.#result.known++;
    this.#result.done += file.size;
  }

  #isLearnedAsEdited(path: string): boolean {
    return isOpen(path, this.#files) && (this.#reader.knows(path) || this.#knowsCells(path));
  }

  /** Whether the cells of a notebook are known by themselves, as they are while it is edited. */
  #knowsCells(path: string): boolean {
    return isNotebook(path) && this.#reader.names.some((name) => name !== path && pathOf(name) === path);
  }

  async #forgetOthers(found: ReadonlySet<string>): Promise<void> {
    const { folders } = this.#files;
    const reached = workspaceReach(this.#files);
    for (const name of this.#reader.names) {
      const notebook = isAbsolute(name) ? undefined : pathOf(name);
      // The cells of a notebook that was open when an earlier session ended.
      if (notebook !== undefined && !isOpen(notebook, this.#files)) await this.#forget(name);
      if (!isAbsolute(name) || found.has(name)) continue;
      // Without a folder, single files are learned: those that were not in a folder that is now closed.
      if (folders.length === 0 && !isInAny(this.#former, name)) continue;
      // An open file may not be on disk yet, and without a folder it is learned alone.
      if (isOpen(name, this.#files) && (folders.length === 0 || (await reached(name)) === "file")) continue;
      await this.#forget(name);
    }
  }

  async #forget(path: string): Promise<void> {
    this.#examined.delete(path);
    await this.#reader.forget(path, this.#files.signal);
    this.#result.forgotten++;
  }
}

function isInAny(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

function stampOf({ time, size }: Candidate): string {
  return `${time} ${size}`;
}
