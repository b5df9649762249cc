import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isBinaryFile } from "isbinaryfile";
import picomatch from "picomatch";
import { cleanText, isGenerated, isProse, mentionsCopyleft, proseOfPage } from "./clean.ts";
import type { Deduplicator } from "./dedupe.ts";
import { isUnusual, languageOf } from "./languages.ts";
import type { PackageEntry } from "./manifest.ts";
import { digest, pathsOf } from "./paths.ts";

/** At most this many bytes of one package in one language, so that no package drowns the others. */
const largestShare = 4_000_000;
/** The range of sizes, in bytes, in which a file is neither a stub nor data. */
const [smallestFile, largestFile] = [200, 800_000];
/** A larger file of JSON, in characters, is data rather than a configuration. */
const largestJson = 40_000;
/** Of a text that is mostly words, the share of characters outside ASCII from which it is hardly in English. */
const foreignShare = 0.05;

export interface SelectedFile {
  readonly language: string;
  /** Its path in the package, "/" written as "__". */
  readonly name: string;
  readonly text: string;
}

/** The files of an extracted package that are worth learning from, cleaned and without duplicates. */
export async function* selectFiles(
  entry: PackageEntry,
  folder: string,
  seen: Deduplicator,
): AsyncGenerator<SelectedFile> {
  const [isExcluded, isIncluded, isPage] = [matcher(entry.exclude), matcher(entry.include), matcher(entry.prose)];
  const used = new Map<string, number>();
  for (const path of await pathsOf(folder)) {
    if (isExcluded(path) || (isUnusual(path) && !isIncluded(path))) continue;
    const raw = await readText(join(folder, path));
    if (raw === undefined || mentionsCopyleft(raw)) continue;
    const language = isPage(path) ? "prose" : languageOf(path.replace(/\.gz$/, ""), () => raw);
    if (!language) continue;
    const text = isPage(path) ? proseOfPage(raw) : cleanText(raw);
    if (language === "prose" && !isProse(text)) continue;
    if (language === "json" && text.length > largestJson) continue;
    if ((language === "prose" || language === "markdown") && isForeign(text)) continue;
    if (isGenerated(text) || !seen.isNew(text)) continue;
    const total = (used.get(language) ?? 0) + Buffer.byteLength(text);
    if (total > largestShare) continue;
    used.set(language, total);
    yield { language, name: flatName(path), text };
  }
}

function isForeign(text: string): boolean {
  return (text.match(/[^\p{ASCII}]/gu)?.length ?? 0) > foreignShare * text.length;
}

function matcher(globs: readonly string[] | undefined): (path: string) => boolean {
  return globs ? picomatch([...globs], { dot: true }) : () => false;
}

/**
 * The content of a text file, decompressed if needed; undefined if it is not text, or too small or too large, or has a name that is
 * not in UTF-8.
 */
async function readText(path: string): Promise<string | undefined> {
  const stored = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stored === undefined || stored.length > largestFile) return undefined;
  const bytes = path.endsWith(".gz") ? gunzipSync(stored) : stored;
  if (bytes.length < smallestFile || bytes.length > largestFile || (await isBinaryFile(bytes))) return undefined;
  return bytes.toString("utf8");
}

/** The longest file name that every file system accepts, in characters. */
const longestName = 200;

function flatName(path: string): string {
  const name = path.replace(/\.gz$/, "").replaceAll("/", "__");
  return name.length <= longestName ? name : `${digest(path).slice(0, 8)}-${name.slice(-longestName)}`;
}
