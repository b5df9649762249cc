import { isCandidate } from "../corpus/files.ts";
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

/** Where no folder is open and nothing is kept, what is written may be learned. */
const schemesWithoutFolder = ["file:", "untitled:"];

/**
 * Whether Murmur may learn from an open document: where a folder is open, only if it is a file in it that training would read;
 * what is learned is kept, and may be suggested in another file.
 */
export async function isLearnable(uri: string, { folders, exclude, isKept }: LearnableOptions): Promise<boolean> {
  // Open as text, a notebook is JSON; where it is open as a notebook, its cells are documents of their own.
  if (uri.startsWith("file:") && isNotebook(uri)) return false;
  if (folders.length === 0) {
    return !isKept && schemesWithoutFolder.some((scheme) => uri.startsWith(scheme)) && !isLikelySecret(uri);
  }
  const path = pathOf(uri);
  if (path === undefined) return false;
  for (const folder of folders) if (await isCandidate(folder, path, { exclude })) return true;
  return false;
}
