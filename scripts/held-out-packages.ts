import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { charsOf, splitCorpus } from "../src/corpus/corpus.ts";
import { readSources } from "../src/corpus/load-corpus.ts";
import { type TextFile, textFile } from "../src/corpus/text-source.ts";

/** A smaller package, in characters, has no files to spare. */
const leastPackage = 30_000;
const typedShare = 0.25;

/** A package that the default model was not trained on, split by whole files. */
export interface HeldOutPackage {
  /** Its language and its name. */
  readonly name: string;
  /** What a workspace has before. */
  readonly given: readonly TextFile[];
  /** What is typed in it. */
  readonly typed: readonly TextFile[];
}

const heldOut = join(import.meta.dirname, "../.cache/corpus/heldout");

/**
 * The packages that are held out from the default model's training, in the order of their names.
 * @param mostTyped characters of each that are typed, at most
 * @throws Error if there is no corpus
 */
export async function heldOutPackages(mostTyped: number): Promise<HeldOutPackage[]> {
  if (!existsSync(heldOut)) throw new Error("There is no corpus. Make it first: npm run train:corpus");
  const found: HeldOutPackage[] = [];
  for (const language of (await readdir(heldOut)).sort()) {
    for (const folder of (await readdir(join(heldOut, language))).sort()) {
      const sources = await readSources([join(heldOut, language, folder)], []);
      if (charsOf(sources) < leastPackage) continue;
      const { train, heldOut: typed } = splitCorpus(sources, typedShare);
      const name = `${language}/${folder}`;
      found.push({ name, given: train.map(textFile), typed: limited(typed.map(textFile), mostTyped) });
    }
  }
  return found;
}

/** The beginnings of the texts, up to a number of characters in all and of each. */
export function limited(files: readonly TextFile[], most: number, mostOfEach = most): TextFile[] {
  let left = most;
  return files.flatMap(({ name, text }) => {
    const part = text.slice(0, Math.max(0, Math.min(left, mostOfEach)));
    left -= part.length;
    return part === "" ? [] : [{ name, text: part }];
  });
}
