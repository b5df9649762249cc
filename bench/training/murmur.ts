import { parameterSpecs } from "../../src/model/parameters.ts";
import { Random } from "../../src/random.ts";
import { AdamW } from "../../src/training/adamw.ts";
import { TrainingStep } from "../../src/training/step.ts";
import { quantile } from "../support.ts";
import { embedding, type Figure, type Setting, vocabulary, window } from "./setting.ts";

// node bench/training/murmur.ts '{"hidden":256,"layers":2,"batch":16,"steps":20,"threads":2}'

const { hidden, layers, batch, steps, threads } = JSON.parse(process.argv[2] ?? "") as Setting & { threads: number };
const architecture = { cell: "lstm", layers, hidden, embedding, shape: "many-to-many", labels: [] } as const;
const specs = parameterSpecs(architecture, vocabulary);
const random = new Random(1);
const weights = specs.map(({ shape }) =>
  Float32Array.from({ length: shape.reduce((product, dim) => product * dim, 1) }, () => (random.next() - 0.5) / 10),
);
const optimizer = new AdamW(
  weights,
  specs.map(() => 0.1),
);
const step = await TrainingStep.create(
  architecture,
  vocabulary,
  { batch, window, dropout: 0, threads, busyWait: true },
  weights,
);
for (const tokens of [step.batch.tokens, step.batch.targets]) {
  for (let i = 0; i < tokens.length; i++) tokens[i] = random.below(vocabulary);
}
step.batch.counts.fill(1 / (batch * window));
const milliseconds: number[] = [];
for (let i = 0; i < steps; i++) {
  const start = performance.now();
  await step.run(random);
  optimizer.update(step.gradients, 1e-4);
  milliseconds.push(performance.now() - start);
}
await step.release();
const figure: Figure = {
  milliseconds: quantile(milliseconds.slice(Math.floor(steps / 4)), 0.5),
  megabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(figure));
