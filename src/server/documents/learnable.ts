import { isCandidate, isCandidateAlone } from "../../corpus/files.ts";
import { isNotebook } from "../../corpus/notebook.ts";
import { isLikelySecret } from "../../corpus/secrets/secret-names.ts";
import { pathOf } from "../../uris.ts";

export interface LearnableOptions {
  readonly folders: readonly string[];
  /** Globs of files to leave out, as for training. */
  readonly exclude: readonly string[];
  /** Whether the memory is saved. */
  readonly isKept: boolean;
}

/** Whether a document is a notebook that is open as text: JSON. In a notebook editor, its cells are separate documents. */
export function isNotebookText(uri: string): boolean {
  return uri.startsWith("file:") && isNotebook(uri);
}

/** Matches a document that was never saved, or a cell of such a notebook. */
const hasNoFile = /^(?:untitled|vscode-notebook-cell):/;

/**
 * Whether Murmur may learn from an open document. If a folder is open, only a file that training would read may be learned, because the
 * memory is saved and may be suggested in other files. If no folder is open and nothing is saved, Murmur also learns any file that
 * its repository does not ignore, and documents that have no file yet.
 */
export async function isLearnable(uri: string, { folders, exclude, isKept }: LearnableOptions): Promise<boolean> {
  if (isNotebookText(uri)) return false;
  const path = pathOf(uri);
  if (folders.length === 0) {
    if (isKept) return false;
    return path === undefined ? hasNoFile.test(uri) && !isLikelySecret(uri) : await isCandidateAlone(path);
  }
  if (path === undefined) return false;
  for (const folder of folders) if (await isCandidate(folder, path, { exclude })) return true;
  return false;
}
