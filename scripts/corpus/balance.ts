import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";

export interface StoredFile {
  readonly language: string;
  /** The folder of its package. */
  readonly package: string;
  readonly path: string;
  readonly bytes: number;
}

/** The files of a corpus, FOLDER/LANGUAGE/PACKAGE/FILE, in an order unrelated to their names. */
export async function storedFiles(folder: string): Promise<StoredFile[]> {
  const files: (StoredFile & { key: string })[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const parts = relative(folder, path).split("/");
    const [language = "", name = ""] = parts;
    const key = createHash("sha256").update(parts.join("/")).digest("hex");
    files.push({ language, package: name, path, bytes: (await stat(path)).size, key });
  }
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
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
