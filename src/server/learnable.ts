import { isCandidate, isCandidateAlone } from "../corpus/files.ts";
import { isNotebook } from "../corpus/notebook.ts";
import { isLikelySecret } from "../corpus/secret-names.ts";
import { pathOf } from "./uris.ts";

export interface LearnableOptions {
  readonly folders: readonly string[];
  /** Globs of files that are left out, as for training. */
  readonly exclude: readonly string[];
  /** Whether what is learned outlasts the window. */
  readonly isKept: boolean;
}

/** A document that was never saved, or a cell of such a notebook. */
const hasNoFile = /^(?:untitled|vscode-notebook-cell):/;

/**
 * Whether Murmur may learn from an open document: where a folder is open, only if it is a file in it that training would read, for
 * what is learned is kept, and may be suggested in another file. Where none is, and nothing is kept, a file may be learned that its
 * repository does not ignore, and what has no file yet.
 */
export async function isLearnable(uri: string, { folders, exclude, isKept }: LearnableOptions): Promise<boolean> {
  // Open as text, a notebook is JSON; where it is open as a notebook, its cells are documents of their own.
  if (uri.startsWith("file:") && isNotebook(uri)) return false;
  const path = pathOf(uri);
  if (folders.length === 0) {
    if (isKept) return false;
    return path === undefined ? hasNoFile.test(uri) && !isLikelySecret(uri) : await isCandidateAlone(path);
  }
  if (path === undefined) return false;
  for (const folder of folders) if (await isCandidate(folder, path, { exclude })) return true;
  return false;
}
