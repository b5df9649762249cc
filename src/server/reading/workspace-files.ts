import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type ChosenFile,
  candidateFilesIn,
  candidateReach,
  type FileFilter,
  readTextFile,
} from "../../corpus/files.ts";
import type { Reach } from "../../corpus/reach.ts";
import type { Skip } from "../../corpus/skipped.ts";
import { languageOf } from "../../languages.ts";

/** At most this many files are considered: in a larger workspace, most files are data or generated. */
const mostCandidates = 50_000;

/** How many files are examined (stat) at once. */
const statsAtOnce = 32;

export interface WorkspaceText {
  readonly file: Candidate;
  /** Undefined if the file can no longer be read or its contents are not suitable for learning. */
  readonly text: string | undefined;
  /** The language of a notebook's kernel, if the file is a notebook and names it. */
  readonly languageId: string | undefined;
  /** Whether the file is probably in the language of an open document. True for all files if no document is open. */
  readonly isRelated: boolean;
}

/** Which files of a workspace may be read. */
export interface WorkspaceFiles extends FileFilter {
  readonly folders: readonly string[];
}

export interface ReadingOptions extends WorkspaceFiles {
  /** Returns the paths of the documents that are open now. */
  readonly open: () => readonly string[];
  /** Called for each file or line that is left out. */
  readonly skip: Skip;
  readonly signal: AbortSignal;
}

export interface Candidate extends ChosenFile {
  /** When the file was last modified, in milliseconds. */
  readonly time: number;
  /** In bytes. */
  readonly size: number;
}

export interface Candidates {
  /** In no particular order. */
  readonly files: readonly Candidate[];
  /** Whether the list is complete. */
  readonly areAll: boolean;
}

/**
 * Finds the files of a workspace that may be read, with the same rules as training.
 * @throws the signal's reason if it is aborted
 */
export async function findCandidates({ folders, exclude, only, skip, signal }: ReadingOptions): Promise<Candidates> {
  const files: ChosenFile[] = [];
  for await (const file of candidateFilesIn(folders, { exclude, only }, skip)) {
    signal.throwIfAborted();
    files.push(file);
    if (files.length >= mostCandidates) break;
  }
  const candidates: Candidate[] = [];
  for (let i = 0; i < files.length; i += statsAtOnce) {
    const some = files.slice(i, i + statsAtOnce);
    candidates.push(...(await Promise.all(some.map(async (file) => ({ ...file, ...(await statusOf(file.path)) })))));
    signal.throwIfAborted();
  }
  return { files: candidates, areAll: files.length < mostCandidates };
}

/** Gives what {@link findCandidates} would do with a path: return it as a file, if it exists, or enter it as a folder. */
export function workspaceReach({ folders, ...filter }: WorkspaceFiles): Reach {
  const reaches = folders.map((folder) => candidateReach(folder, filter));
  return async (path) => {
    for (const reach of reaches) {
      const kind = await reach(path);
      if (kind) return kind;
    }
    return undefined;
  };
}

/**
 * Yields the texts of files, the most relevant to what is typed next first: files in the languages of the open documents, then files in
 * their folders, then those modified last. Each file is opened only when its turn comes.
 * @param turn awaited before each file is opened
 * @throws the signal's reason if it is aborted
 */
export async function* textsOf(
  files: readonly Candidate[],
  { open, skip, signal }: Pick<ReadingOptions, "open" | "skip" | "signal">,
  turn: () => Promise<void>,
): AsyncGenerator<WorkspaceText> {
  const left = [...files];
  let sortedFor: string | undefined;
  while (left.length > 0) {
    await turn();
    const documents = open();
    const focus = focusOf(documents);
    const key = documents.join("\n");
    if (key !== sortedFor) left.sort((a, b) => relevance(a, focus) - relevance(b, focus) || a.time - b.time);
    sortedFor = key;
    const next = left.pop();
    if (!next) return;
    const { text, languageId } = (await readTextFile(next.path, skip)) ?? {};
    signal.throwIfAborted();
    yield { file: next, text, languageId, isRelated: focus.languages.size === 0 || isRelated(next, focus) };
  }
}

async function statusOf(path: string): Promise<Pick<Candidate, "time" | "size">> {
  return await stat(path).then(
    ({ mtimeMs, size }) => ({ time: mtimeMs, size }),
    () => ({ time: 0, size: 0 }),
  );
}

/** What the user is working on. */
interface Focus {
  readonly languages: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

function focusOf(documents: readonly string[]): Focus {
  return { languages: new Set(documents.map(languageOfPath)), folders: new Set(documents.map(dirname)) };
}

function relevance(file: Candidate, focus: Focus): number {
  return (isRelated(file, focus) ? 2 : 0) + (focus.folders.has(dirname(file.path)) ? 1 : 0);
}

function isRelated({ path }: Candidate, { languages }: Focus): boolean {
  return languages.has(languageOfPath(path));
}

function languageOfPath(path: string): string {
  return languageOf({ name: path }) ?? "";
}
