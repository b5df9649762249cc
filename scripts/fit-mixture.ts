import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Place } from "../src/completion/prediction/local/place.ts";
import { encodeParameters } from "../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../src/completion/prediction/mixture.ts";
import { byteCosts } from "../src/completion/prediction/text-cost.ts";
import { bytesOf } from "../src/completion/text.ts";
import { charsOf, splitCorpus } from "../src/corpus/corpus.ts";
import { readSources } from "../src/corpus/load-corpus.ts";
import { type TextFile, textFile } from "../src/corpus/text-source.ts";
import { LanguageModel } from "../src/model/language-model.ts";

// npm run fit:mixture: fits the mixing weights, models/mixing.bin, on the packages that are held out from the default model's
// training. Each package is typed like a workspace: some of its files, each from the same state, once after reading the rest of the
// package and once after reading nothing. What is learned about mixing is carried from one package to the next.

const root = join(import.meta.dirname, "..");
const heldOut = join(root, ".cache/corpus/heldout");
const passes = 2;
/** A smaller package, in bytes, has no files to spare. */
const leastPackage = 30_000;
const typedShare = 0.25;
/** At most this many bytes of a package are typed. */
const mostTyped = 60_000;

if (!existsSync(heldOut)) throw new Error("There is no corpus. Make it first: npm run train:corpus");
const model = await LanguageModel.load(join(root, "models/default.onnx"), { threads: availableParallelism() });
const mixture = new Mixture();
const empty = mixture.snapshot();
for (let pass = 0; pass < passes; pass++) {
  for (const { name, given, typed } of await packages()) {
    for (const read of [given, []]) {
      mixture.restoreContents(empty);
      for (const { text } of read) learn(text);
      const before = mixture.snapshot();
      let [bits, bytes] = [0, 0];
      for (const file of typed) {
        mixture.restoreContents(before);
        const costs = await byteCosts(mixture, bytesOf(file.text), { model });
        bits += costs.reduce((sum, cost) => sum + cost, 0);
        bytes += costs.length;
      }
      const what = read.length > 0 ? "the rest given" : "nothing given";
      console.error(`${pass + 1}: ${name}, ${what}: ${(bits / bytes).toFixed(3)} bits per byte`);
    }
  }
}
await model.release();
await writeFile(join(root, "models/mixing.bin"), encodeParameters(mixture));

interface Package {
  readonly name: string;
  readonly given: readonly TextFile[];
  readonly typed: readonly TextFile[];
}

async function packages(): Promise<Package[]> {
  const found: Package[] = [];
  for (const language of (await readdir(heldOut)).sort()) {
    for (const folder of (await readdir(join(heldOut, language))).sort()) {
      const sources = await readSources([join(heldOut, language, folder)], []);
      if (charsOf(sources) < leastPackage) continue;
      const { train, heldOut: typed } = splitCorpus(sources, typedShare);
      const name = `${language}/${folder}`;
      found.push({ name, given: train.map(textFile), typed: limited(typed.map(textFile)) });
    }
  }
  return found;
}

function limited(files: readonly TextFile[]): TextFile[] {
  let left = mostTyped;
  return files.flatMap(({ name, text }) => {
    const part = text.slice(0, Math.max(0, left));
    left -= part.length;
    return part === "" ? [] : [{ name, text: part }];
  });
}

function learn(text: string): void {
  const place = new Place();
  for (const byte of bytesOf(text)) mixture.local.learn(place, byte);
}
