import { readFile } from "node:fs/promises";
import { normalizeText } from "../model/tokenizer.ts";
import { type Corpus, splitCorpus, type TextFile } from "./corpus.ts";
import type { TrainingOptions } from "./events.ts";
import { type ChosenFile, chooseFiles } from "./files.ts";

/** Chooses and reads the files of a run and holds a part of them out. @throws MurmurError if there is no text. */
export async function loadCorpus(options: Pick<TrainingOptions, "paths" | "exclude" | "heldOut">): Promise<Corpus> {
  const { heldOut, exclude } = options;
  const files = await readFiles(options.paths, exclude);
  if (typeof heldOut === "number") return splitCorpus(files, heldOut);
  const measured = await readFiles([heldOut], exclude);
  const texts = new Set(measured.map((file) => file.text));
  return { train: files.filter((file) => !texts.has(file.text)), heldOut: measured };
}

/** Files that are read side by side; all at once would run out of file handles. */
const filesAtOnce = 64;

/** The text files among some paths. */
export async function readFiles(paths: readonly string[], exclude: readonly string[]): Promise<TextFile[]> {
  const { files } = await chooseFiles(paths, { exclude });
  const texts: TextFile[] = [];
  for (let i = 0; i < files.length; i += filesAtOnce) {
    texts.push(...(await Promise.all(files.slice(i, i + filesAtOnce).map(readText))));
  }
  return texts;
}

async function readText({ path, name }: ChosenFile): Promise<TextFile> {
  return { name, text: normalizeText(await readFile(path, "utf8")) };
}
