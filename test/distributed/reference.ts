import { readFileSync, writeFileSync } from "node:fs";
import { textSource } from "../../src/corpus/text-source.ts";
import type { Architecture } from "../../src/model/info.ts";
import { encodeModelFile } from "../../src/model/model-file.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { tokenizerFrom } from "../../src/model/tokenizer.ts";
import { Random } from "../../src/random.ts";
import { Lanes } from "../../src/training/lanes.ts";
import { startingPoint } from "../../src/training/starting-point.ts";
import { TrainingStep } from "../../src/training/step.ts";
import { laneSourceOf } from "../../src/training/tasks/examples.ts";

/**
 * What the TypeScript trainer makes of the first two windows of a corpus, for the tests of distributed/: reads a job from the file
 * that is its first argument (see {@link Job}), and writes the network that it started from to `model` and its figures to `result`.
 */
interface Job {
  readonly architecture: Architecture;
  readonly texts: Readonly<Record<string, string>>;
  readonly batch: number;
  readonly window: number;
  readonly windows: number;
  readonly dropout: number;
  readonly model: string;
  readonly result: string;
}

const job = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Job;
const tokenizer = tokenizerFrom({ kind: "byte" });
const train = Object.entries(job.texts).map(([name, text]) => textSource(name, text));
const { architecture, weights } = await startingPoint(
  { train, heldOut: [] },
  { ...job.architecture, tokenizer: "byte", seed: 3 },
);
const specs = parameterSpecs(architecture, tokenizer.size);
const heldOut = { chars: 1, bitsPerChar: 8 };
const training = { corpusHash: "", trainChars: 1, steps: 0, seconds: 0, seed: 3, heldOut, date: "2026-01-01T00:00:00Z" };
const named = new Map(specs.map(({ name }, i) => [name, weights[i] ?? new Float32Array()]));
writeFileSync(
  job.model,
  encodeModelFile({ formatVersion: 1, tokenizer: tokenizer.stored, architecture, training }, named),
);

const { batch, window, dropout } = job;
const lanes = new Lanes(laneSourceOf(architecture, train, tokenizer, { seed: 3, batch, window }), {
  batch,
  hidden: architecture.hidden,
});
const step = await TrainingStep.create(
  architecture,
  tokenizer.size,
  { batch, window, dropout, threads: 1, busyWait: false },
  weights,
);
const random = new Random(5);
const windows = [];
for (let i = 0; i < job.windows; i++) {
  lanes.fill(step.batch);
  const loss = await step.run(random);
  windows.push({
    tokens: [...step.batch.tokens],
    targets: [...step.batch.targets],
    loss,
    gradients: Object.fromEntries(specs.map(({ name }, j) => [name, [...(step.gradients[j] ?? [])]])),
  });
}
// What the masks were drawn from; see TrainingStep.run.
const draws = new Random(5);
const size = architecture.layers * batch * architecture.hidden;
const masks = windows.map(() =>
  Array.from({ length: dropout > 0 ? size : 0 }, () => (draws.next() < dropout ? 0 : 1 / (1 - dropout))),
);
writeFileSync(job.result, JSON.stringify({ windows, masks }));
await step[Symbol.asyncDispose]();
