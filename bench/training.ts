import { availableParallelism } from "node:os";
import { parameterSpecs } from "../src/model/parameters.ts";
import { Random } from "../src/random.ts";
import { AdamW } from "../src/training/adamw.ts";
import { TrainingStep } from "../src/training/step.ts";
import { gemmRate, quantile } from "./support.ts";

/** Settings to measure: hidden size, lanes; two LSTM layers and windows of 64 bytes each. */
const settings = [
  { hidden: 256, batch: 32 },
  { hidden: 256, batch: 128 },
  { hidden: 384, batch: 128 },
];
const vocabulary = 256;
const window = 64;

/** Training speed of whole steps, optimiser included, beside the machine's own rate of multiplication in the same run. */
export async function benchTraining(): Promise<void> {
  const threads = Math.min(4, availableParallelism());
  const peak = await gemmRate(threads);
  console.log(`one MatMul of 1024 × 1024 on ${threads} threads: ${peak.toFixed(0)} GFLOP/s`);
  for (const { hidden, batch } of settings) {
    const architecture = { cell: "lstm", layers: 2, hidden, embedding: 64, shape: "many-to-many", labels: [] } as const;
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
    const [whole, graph]: [number[], number[]] = [[], []];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      await step.run(random);
      graph.push(performance.now() - start);
      optimizer.update(step.gradients, 1e-4);
      whole.push(performance.now() - start);
    }
    await step.release();
    const milliseconds = quantile(whole.slice(3), 0.5);
    const chars = (batch * window * 1000) / milliseconds;
    const rate = (flopsPerChar(hidden) * chars) / 1e9;
    console.log(
      `${hidden}×2, batch ${batch}: ${chars.toFixed(0)} characters/s, ${milliseconds.toFixed(0)} ms a step (graph ${quantile(graph.slice(3), 0.5).toFixed(0)} ms), ${rate.toFixed(0)} GFLOP/s, ${((100 * rate) / peak).toFixed(0)} % of the MatMul's rate`,
    );
  }
}

/** Multiplications and additions of the matrix products for one character, forward and backward. */
function flopsPerChar(hidden: number): number {
  const recurrent = 2 * 4 * hidden * hidden * 2;
  const between = 2 * 4 * hidden * hidden;
  const output = 2 * hidden * vocabulary;
  return 3 * (recurrent + between + output);
}
