import { existsSync } from "node:fs";
import { join } from "node:path";
import { groupBy } from "../../src/group-by.ts";
import type { NetworkShape } from "../../src/model/info.ts";
import type { Corpus } from "../../src/training/corpus.ts";
import type { TrainingOptions } from "../../src/training/events.ts";
import { readSources } from "../../src/training/load-corpus.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import type { TextSource } from "../../src/training/text-source.ts";
import { train } from "../../src/training/trainer.ts";
import { progress, temporaryFolder } from "../support.ts";
import { compareClassifiers } from "./classifier.ts";
import { compareContext } from "./context.ts";
import { compareFilling } from "./filling.ts";

export interface ShapesOptions {
  /** Length of each run. */
  readonly minutes: number;
}

const corpusFolder = join(import.meta.dirname, "../../.cache/corpus");
/** Small, so that it reads much in minutes. */
const network = { cell: "gru", layers: 1, hidden: 256, batch: 32 } as const;
/** One package of so many is kept out of training to tell which weights are best. */
const packagesForOne = 10;

/**
 * Trains a network of each shape on the packages of the default model and prints what it does on held-out packages, none of which
 * it has seen. The classifier begins from nothing, as a language model does; from that one on, networks that know more are
 * trained, and the language model itself, each for the same time.
 */
export async function benchShapes({ minutes }: ShapesOptions): Promise<void> {
  if (!existsSync(join(corpusFolder, "heldout"))) {
    throw new Error("The corpus is missing. Run first: npm run train:corpus");
  }
  const [trainFolder, heldOutFolder] = [join(corpusFolder, "train"), join(corpusFolder, "heldout")];
  const corpus = choosingPackages(await readSources([trainFolder], []));
  const heldOut = await readSources([heldOutFolder], []);
  await using folder = await temporaryFolder();
  const trained = async (shape: NetworkShape, options: Partial<TrainingOptions> = {}): Promise<string> => {
    const out = join(folder.path, `${shape}${options.init ? " on" : ""}.onnx`);
    const run: Omit<TrainingOptions, "paths"> = {
      ...defaultTrainingOptions,
      ...network,
      ...options,
      shape,
      minutes,
      out,
    };
    for await (const event of train(corpus, run, new AbortController().signal)) {
      if (event.kind === "done") {
        const { steps, charsPerSecond, heldOut } = event.result;
        const speed = `${steps} steps, ${Math.round(charsPerSecond)} characters/s`;
        progress(`${shape}: ${speed}, held out ${heldOut.bitsPerChar.toFixed(3)} bits`);
      }
    }
    return out;
  };
  console.log(await compareClassifiers(await trained("many-to-one", { batch: 64 }), trainFolder, heldOutFolder));
  const init = await trained("many-to-many");
  const plain = await trained("many-to-many", { init });
  console.log(await compareContext(plain, await trained("one-to-many", { init }), heldOut));
  const filling = await trained("sequence-to-sequence", { init });
  console.log(await compareFilling(plain, filling, heldOut, defaultTrainingOptions.window));
}

/** Keeps some packages (folders LANGUAGE/PACKAGE) of all languages out of training. */
function choosingPackages(sources: readonly TextSource[]): Corpus {
  const packages = [...groupBy(sources, ({ name }) => name.split("/").slice(0, 2).join("/")).values()];
  const isForChoosing = (i: number): boolean => i % packagesForOne === 0;
  return {
    train: packages.flatMap((of, i) => (isForChoosing(i) ? [] : of)),
    heldOut: packages.flatMap((of, i) => (isForChoosing(i) ? of : [])),
  };
}
