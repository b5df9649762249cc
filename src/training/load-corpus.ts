import { type Corpus, splitCorpus } from "./corpus.ts";
import type { TrainingOptions } from "./events.ts";
import { chooseFiles } from "./files.ts";
import { fileSource, type TextFile, type TextSource, textFile } from "./text-source.ts";

/** Chooses the files of a run and holds a part of them out. @throws MurmurError if there is no text. */
export async function loadCorpus(options: Pick<TrainingOptions, "paths" | "exclude" | "heldOut">): Promise<Corpus> {
  const { heldOut, exclude } = options;
  const sources = await readSources(options.paths, exclude);
  if (typeof heldOut === "number") return splitCorpus(sources, heldOut);
  const measured = await readSources([heldOut], exclude);
  const hashes = new Set(measured.map((source) => source.hash));
  return { train: sources.filter((source) => !hashes.has(source.hash)), heldOut: measured };
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
