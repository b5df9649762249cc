import { type Corpus, splitCorpus, withoutCopies } from "./corpus.ts";
import { chooseFiles } from "./files.ts";
import type { Skipped } from "./skipped.ts";
import { fileSource, type TextFile, type TextSource, textFile } from "./text-source.ts";

/** What a corpus is made of. */
export interface CorpusOptions {
  /** Files and folders; see chooseFiles for what is taken of them. */
  readonly paths: readonly string[];
  /** Globs of files to leave out, relative to each folder of `paths`. */
  readonly exclude: readonly string[];
  /** Share of the text to hold out (0 to 0.9), or a file or folder that is held out. */
  readonly heldOut: number | string;
}

export interface LoadedCorpus extends Corpus {
  /** How many files of `paths` are left out, by reason. */
  readonly skipped: Readonly<Skipped>;
}

/**
 * Chooses the files of a run and holds a part of them out. Of files with the same text, one stays.
 * @throws MurmurError if there is no text
 */
export async function loadCorpus(options: CorpusOptions): Promise<LoadedCorpus> {
  const { heldOut, exclude } = options;
  const { files, skipped } = await chooseFiles(options.paths, { exclude });
  const all = files.map(fileSource);
  const sources = withoutCopies(all);
  const copies = all.length - sources.length;
  const counted = copies > 0 ? { ...skipped, duplicate: copies } : skipped;
  if (typeof heldOut === "number") return { ...splitCorpus(sources, heldOut), skipped: counted };
  const measured = withoutCopies(await readSources([heldOut], exclude));
  const hashes = new Set(measured.map((source) => source.hash));
  return { train: sources.filter((source) => !hashes.has(source.hash)), heldOut: measured, skipped: counted };
}

/** The text files among some paths, to be read when they are needed. */
export async function readSources(paths: readonly string[], exclude: readonly string[]): Promise<TextSource[]> {
  const { files } = await chooseFiles(paths, { exclude });
  return files.map(fileSource);
}

/** The text files among some paths. */
export async function readFiles(paths: readonly string[], exclude: readonly string[]): Promise<TextFile[]> {
  return (await readSources(paths, exclude)).map(textFile);
}
