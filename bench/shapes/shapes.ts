import { existsSync } from "node:fs";
import { join } from "node:path";
import { findDefaultModel } from "../../src/model/shipped.ts";
import type { Corpus } from "../../src/training/corpus.ts";
import type { TrainingOptions } from "../../src/training/events.ts";
import { readSources } from "../../src/training/load-corpus.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { progress, temporaryFolder } from "../support.ts";
import { compareClassifiers } from "./classifier.ts";
import { compareContext } from "./context.ts";
import { compareFilling } from "./filling.ts";

export interface ShapesOptions {
  /** Length of each of the four runs. */
  readonly minutes: number;
}

const corpusFolder = join(import.meta.dirname, "../../.cache/corpus");

/**
 * Trains a network of each shape on the packages of the default model, from that model on and each for the same time, and prints
 * what it does on held-out packages.
 */
export async function benchShapes({ minutes }: ShapesOptions): Promise<void> {
  if (!existsSync(join(corpusFolder, "heldout"))) {
    throw new Error("The corpus is missing. Run first: npm run train:corpus");
  }
  const [trainFolder, heldOutFolder] = [join(corpusFolder, "train"), join(corpusFolder, "heldout")];
  const corpus: Corpus = {
    train: await readSources([trainFolder], []),
    heldOut: await readSources([heldOutFolder], []),
  };
  await using folder = await temporaryFolder();
  const trained = async (name: string, options: Partial<TrainingOptions>): Promise<string> => {
    const out = join(folder.path, `${name}.onnx`);
    const run: Omit<TrainingOptions, "paths"> = { ...defaultTrainingOptions, ...options, minutes, out };
    for await (const event of train(corpus, run, new AbortController().signal)) {
      if (event.kind === "done") {
        progress(`${name}: ${event.result.steps} steps, ${event.result.heldOut.bitsPerChar.toFixed(3)} bits held out`);
      }
    }
    return out;
  };
  const fromDefault = { init: findDefaultModel() };
  const classifier = await trained("many-to-one", { ...fromDefault, shape: "many-to-one", batch: 64 });
  console.log(await compareClassifiers(classifier, trainFolder, heldOutFolder));
  const plain = await trained("many-to-many", { ...fromDefault, shape: "many-to-many" });
  const named = await trained("one-to-many", { ...fromDefault, shape: "one-to-many" });
  console.log(await compareContext(plain, named, corpus.heldOut));
  const filling = await trained("sequence-to-sequence", { ...fromDefault, shape: "sequence-to-sequence" });
  console.log(await compareFilling(plain, filling, corpus.heldOut, defaultTrainingOptions.window));
}
