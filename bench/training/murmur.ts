import { textSource } from "../../src/corpus/text-source.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { createTokenizer } from "../../src/model/tokenizer.ts";
import { Random } from "../../src/random.ts";
import { AdamW } from "../../src/training/adamw.ts";
import { WeightAverage } from "../../src/training/average.ts";
import { Lanes } from "../../src/training/lanes.ts";
import { TrainingStep } from "../../src/training/step.ts";
import { laneSourceOf } from "../../src/training/tasks/examples.ts";
import { mean } from "../support.ts";
import { peakMegabytes } from "./peak-memory.ts";
import { embedding, type Figure, type Setting, vocabulary, window } from "./setting.ts";

// node bench/training/murmur.ts '{"hidden":256,"layers":2,"batch":16,"steps":20,"threads":2}'

const { hidden, layers, batch, steps, threads } = JSON.parse(process.argv[2] ?? "") as Setting & { threads: number };
const architecture = {
  cell: "lstm",
  layers,
  hidden,
  embedding,
  residual: false,
  layerNorm: false,
  tied: false,
  task: "many-to-many",
  labels: [],
} as const;
const specs = parameterSpecs(architecture, vocabulary);
const random = new Random(1);
const weights = specs.map(({ shape, scale }) =>
  Float32Array.from(
    { length: shape.reduce((product, dim) => product * dim, 1) },
    () => (2 * random.next() - 1) * scale,
  ),
);
const optimizer = new AdamW(
  weights,
  specs.map(() => ({ learningRateScale: 1, weightDecay: 0.1 })),
);
const average = new WeightAverage(weights);
const options = { batch, window, dropout: 0, threads, busyWait: true, seed: 1 };
await using step = await TrainingStep.create(architecture, vocabulary, options, weights);
// Every lane reads the same cycle of characters from a place of its own.
const cycle = String.fromCharCode(...Array.from({ length: 61 }, (_, i) => 32 + i));
const text = textSource("text", cycle.repeat(batch * steps * 2));
using lanes = new Lanes(laneSourceOf(architecture, [text], createTokenizer("byte", []), options), { batch, hidden });
const milliseconds: number[] = [];
const losses: number[] = [];
for (let i = 0; i < steps; i++) {
  const start = performance.now();
  lanes.fill(step.batch);
  losses.push(await step.run(random));
  optimizer.update(step.gradients, 1e-3);
  average.add(weights);
  milliseconds.push(performance.now() - start);
}
const figure: Figure = {
  milliseconds: mean(milliseconds.slice(Math.floor(steps / 4))),
  megabytes: peakMegabytes(),
  losses: [losses[0] ?? Number.NaN, losses.at(-1) ?? Number.NaN],
};
console.log(JSON.stringify(figure));
