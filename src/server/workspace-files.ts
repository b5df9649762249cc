import { stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { type ChosenFile, candidateFilesIn, type FileFilter, readTextFile } from "../corpus/files.ts";
import type { Skip } from "../corpus/skipped.ts";

/** More files than this are not looked at: most of a workspace so large are data or generated. */
const mostCandidates = 50_000;

/** Files whose times are asked for side by side. */
const statsAtOnce = 32;

export interface WorkspaceText {
  readonly text: string;
  /** Whether it is likely to be in the language of an open document; all are where none is open. */
  readonly isRelated: boolean;
}

export interface ReadingOptions extends FileFilter {
  readonly folders: readonly string[];
  /** Gives the paths of the documents that are open now. */
  readonly open: () => readonly string[];
  /** Is told of what is left out. */
  readonly skip: Skip;
  readonly signal: AbortSignal;
}

/**
 * The texts of a workspace's files, chosen as for training, those first that are likeliest to say what is typed next: of the
 * languages of the open documents, in their folders, modified last. Each file is opened only when its turn comes.
 * @throws the signal's reason if it is aborted
 */
export async function* workspaceTexts(options: ReadingOptions): AsyncGenerator<WorkspaceText> {
  const { open, signal, skip } = options;
  const candidates = await findCandidates(options);
  let sortedFor: string | undefined;
  while (candidates.length > 0) {
    const documents = open();
    const focus = focusOf(documents);
    const key = documents.join("\n");
    if (key !== sortedFor) candidates.sort((a, b) => relevance(a, focus) - relevance(b, focus) || a.time - b.time);
    sortedFor = key;
    const next = candidates.pop();
    if (!next) return;
    const text = await readTextFile(next.path, skip);
    signal.throwIfAborted();
    if (text !== undefined) yield { text, isRelated: focus.extensions.size === 0 || isRelated(next, focus) };
  }
}

interface Candidate extends ChosenFile {
  /** When it was modified last, in milliseconds. */
  readonly time: number;
}

/** The files that may be read, in no order. */
async function findCandidates({ folders, exclude, only, skip, signal }: ReadingOptions): Promise<Candidate[]> {
  const files: ChosenFile[] = [];
  for await (const file of candidateFilesIn(folders, { exclude, only }, skip)) {
    signal.throwIfAborted();
    files.push(file);
    if (files.length >= mostCandidates) break;
  }
  const candidates: Candidate[] = [];
  for (let i = 0; i < files.length; i += statsAtOnce) {
    const some = files.slice(i, i + statsAtOnce);
    candidates.push(...(await Promise.all(some.map(async (file) => ({ ...file, time: await modifiedAt(file.path) })))));
    signal.throwIfAborted();
  }
  return candidates;
}

async function modifiedAt(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** What the user is at. */
interface Focus {
  readonly extensions: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

function focusOf(documents: readonly string[]): Focus {
  return { extensions: new Set(documents.map((path) => extname(path))), folders: new Set(documents.map(dirname)) };
}

function relevance(file: Candidate, focus: Focus): number {
  return (isRelated(file, focus) ? 2 : 0) + (focus.folders.has(dirname(file.path)) ? 1 : 0);
}

function isRelated({ path }: Candidate, { extensions }: Focus): boolean {
  return extensions.has(extname(path));
}
