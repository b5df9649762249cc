import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Corpus } from "../../src/corpus/corpus.ts";
import { readSources } from "../../src/corpus/load-corpus.ts";
import type { TextSource } from "../../src/corpus/text-source.ts";
import { groupBy } from "../../src/group-by.ts";
import type { Task } from "../../src/model/info.ts";
import { defaultTrainingOptions, type TrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { progress, temporaryFolder } from "../support.ts";
import { compareClassifiers } from "./classifier.ts";
import { compareContext, withoutName } from "./context.ts";
import { compareFilling } from "./filling.ts";

export interface TasksOptions {
  /** Length of each run. */
  readonly minutes: number;
}

const corpusFolder = join(import.meta.dirname, "../../.cache/corpus");
/** Small, so that it reads much in minutes; none ends early. */
const network = {
  cell: "gru",
  layers: 1,
  hidden: 256,
  layerNorm: false,
  batch: 32,
  patience: Number.POSITIVE_INFINITY,
} as const;
/** One in this many packages is kept out of training, to choose the best weights by. */
const packagesForOne = 10;

/**
 * Trains a network for each task on the packages of the default model and prints what it does on held-out packages, none of which
 * it has seen. The classifier begins from nothing, as a language model does. From that one on three are trained on other text,
 * each for the same time: one that knows the files' names, the same with all names alike, and one that fills gaps.
 */
export async function benchTasks({ minutes }: TasksOptions): Promise<void> {
  if (!existsSync(join(corpusFolder, "heldout"))) {
    throw new Error("The corpus is missing. Run first: npm run train:corpus");
  }
  const [trainFolder, heldOutFolder] = [join(corpusFolder, "train"), join(corpusFolder, "heldout")];
  const corpus = choosingPackages(await readSources([trainFolder], []));
  const heldOut = await readSources([heldOutFolder], []);
  await using folder = await temporaryFolder();
  const trained = async (
    name: string,
    task: Task,
    options: Partial<TrainingOptions> = {},
    texts = corpus,
  ): Promise<string> => {
    const out = join(folder.path, `${name}.onnx`);
    const run: Omit<TrainingOptions, "paths"> = {
      ...defaultTrainingOptions,
      bestBy: "network",
      ...network,
      ...options,
      task,
      minutes,
      out,
    };
    for await (const event of train(texts, run, new AbortController().signal)) {
      if (event.kind === "done") {
        const { steps, charsPerSecond, heldOut: chosenBy } = event.result;
        const speed = `${steps} steps, ${Math.round(charsPerSecond)} characters/s`;
        progress(`${name}: ${speed}, ${chosenBy.bitsPerChar.toFixed(3)} bits on what chooses the best`);
      }
    }
    return out;
  };
  const classifier = await trained("classifier", "many-to-one", { batch: 64 });
  console.log(await compareClassifiers(classifier, trainFolder, heldOutFolder));
  const init = await trained("language model", "many-to-many");
  const on = { init, seed: 2 };
  const unnamed = await trained("unnamed", "one-to-many", on, {
    train: corpus.train.map(withoutName),
    heldOut: corpus.heldOut.map(withoutName),
  });
  const named = await trained("named", "one-to-many", on);
  console.log(await compareContext(unnamed, named, heldOut));
  const filling = await trained("filling", "sequence-to-sequence", on);
  console.log(await compareFilling(unnamed, filling, heldOut, defaultTrainingOptions.window));
}

/** Keeps some packages (folders LANGUAGE/PACKAGE) of each language out of training, whatever else is in them too. */
function choosingPackages(sources: readonly TextSource[]): Corpus {
  const packageOf = ({ name }: TextSource): string => name.split("/")[1] ?? "";
  const languages = groupBy(sources, ({ name }) => name.split("/")[0]);
  const chosen = new Set(
    [...languages.values()].flatMap((of) => [...new Set(of.map(packageOf))].filter((_, i) => i % packagesForOne === 0)),
  );
  return {
    train: sources.filter((source) => !chosen.has(packageOf(source))),
    heldOut: sources.filter((source) => chosen.has(packageOf(source))),
  };
}
