import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathsOf } from "./paths.ts";

export interface StoredFile {
  readonly language: string;
  /** The folder of its package. */
  readonly package: string;
  readonly path: string;
  readonly bytes: number;
}

/** The files of a corpus, FOLDER/LANGUAGE/PACKAGE/FILE, in an order unrelated to their names. */
export async function storedFiles(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const name of await pathsOf(folder)) {
    const [language = "", owner = ""] = name.split("/");
    const path = join(folder, name);
    files.push({ language, package: owner, path, bytes: (await stat(path)).size });
  }
  return files;
}

/** Deletes files of each language that has more than `most` bytes until it has no more, so that no language drowns the others. */
export async function balance(folder: string, most: number): Promise<void> {
  const used = new Map<string, number>();
  for (const { language, path, bytes } of await storedFiles(folder)) {
    const total = (used.get(language) ?? 0) + bytes;
    if (total > most) await rm(path);
    else used.set(language, total);
  }
}
