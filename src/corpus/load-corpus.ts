import { setImmediate } from "node:timers/promises";
import { type Corpus, splitCorpus, withoutCopies } from "./corpus.ts";
import { chooseFiles, type FileFilter } from "./files.ts";
import type { Skip, SkipReason } from "./skipped.ts";
import { fileSource, type TextFile, type TextSource, textFile } from "./text-source.ts";

/** The options for choosing a corpus. */
export interface CorpusOptions {
  /** Files and folders; see chooseFiles for which files are taken. */
  readonly paths: readonly string[];
  /** Globs of files to leave out, relative to each folder of `paths`. */
  readonly exclude: readonly string[];
  /** Globs of the only files of a folder to take; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** The share of the text to hold out (0 to 0.9), or a file or folder to hold out. */
  readonly heldOut: number | string;
}

/** Records that a file was read, and how many there are to read. */
export type Read = (source: TextSource, files: number) => void;

/**
 * Chooses the files of a run and holds out a part of them. Of files with the same text, one is kept, so that no text is on both sides.
 * @param skip called for what is left out
 * @param read called after each file that is read, for a corpus that takes long
 * @throws MurmurError if there is no text
 */
export async function loadCorpus(options: CorpusOptions, skip: Skip = () => undefined, read?: Read): Promise<Corpus> {
  const { paths, heldOut, exclude, only } = options;
  const all = await sourcesOf(paths, { exclude, only }, skip, read);
  const sources = withoutCopies(all);
  skip("duplicate", all.length - sources.length);
  if (typeof heldOut === "number") return splitCorpus(sources, heldOut);
  const measured = withoutCopies(await sourcesOf([heldOut], { exclude }, undefined, read));
  const hashes = new Set(measured.map((source) => source.hash));
  return { train: sources.filter((source) => !hashes.has(source.hash)), heldOut: measured };
}

/** The text files at some paths, whose texts are read when needed. @param skip called for what is left out */
export function readSources(paths: readonly string[], exclude: readonly string[], skip?: Skip): Promise<TextSource[]> {
  return sourcesOf(paths, { exclude }, skip);
}

/** The text files at some paths, with their texts. @param skip called for what is left out */
export async function readFiles(
  paths: readonly string[],
  exclude: readonly string[],
  skip?: Skip,
): Promise<TextFile[]> {
  return (await readSources(paths, exclude, skip)).map(textFile);
}

async function sourcesOf(
  paths: readonly string[],
  filter: FileFilter,
  skip: Skip = () => undefined,
  read: Read = () => undefined,
): Promise<TextSource[]> {
  const { files, skipped } = await chooseFiles(paths, filter);
  for (const [reason, count] of Object.entries(skipped)) skip(reason as SkipReason, count);
  const sources: TextSource[] = [];
  for (const file of files) {
    const source = await fileSource(file);
    skip("secret line", source.secretLines);
    read(source, files.length);
    sources.push(source);
    // Reading a file takes milliseconds, so let signals and timers through.
    await setImmediate();
  }
  return sources;
}
