import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";

/** What the model of {@link modelOfLoop} expects. */
export const loop = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n";

let learned: Promise<Uint8Array> | undefined;

/** The file of a model that has learned one loop by heart, so that what it suggests is known. Trained once for all suites. */
export function modelOfLoop(): Promise<Uint8Array> {
  learned ??= trainOnLoop();
  return learned;
}

async function trainOnLoop(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "murmur-model-"));
  const out = join(folder, "m.onnx");
  const options = {
    ...defaultTrainingOptions,
    hidden: 64,
    layers: 1,
    minutes: undefined,
    steps: 500,
    weightDecay: 0,
    learningRate: 0.01,
    batch: 8,
    out,
  };
  const corpus = splitCorpus([textSource("a.js", loop.repeat(60))], 0.1);
  for await (const _ of train(corpus, options, new AbortController().signal));
  const bytes = await readFile(out);
  await rm(folder, { recursive: true });
  return bytes;
}
