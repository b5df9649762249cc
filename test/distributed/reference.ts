import { readFileSync, writeFileSync } from "node:fs";
import { textSource } from "../../src/corpus/text-source.ts";
import { type Architecture, formatVersion } from "../../src/model/info.ts";
import { encodeModelFile } from "../../src/model/model-file.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { tokenizerFrom } from "../../src/model/tokenizer.ts";
import { Random } from "../../src/random.ts";
import { Lanes } from "../../src/training/lanes.ts";
import { startingPoint } from "../../src/training/starting-point.ts";
import { TrainingStep } from "../../src/training/step.ts";
import { laneSourceOf } from "../../src/training/tasks/examples.ts";

/** What the TypeScript trainer is asked to do, for the tests of distributed/: to make a network, and to run it on the first windows of some texts. */
interface Job {
  readonly architecture: Architecture;
  readonly texts: Readonly<Record<string, string>>;
  readonly batch: number;
  readonly window: number;
  readonly windows: number;
  readonly dropout: number;
  /** Where the network is written before its first step. */
  readonly model: string;
}

const seed = 3;
const tokenizer = tokenizerFrom({ kind: "byte" });

async function figuresOf(job: Job): Promise<unknown> {
  const { batch, window, dropout } = job;
  const train = Object.entries(job.texts).map(([name, text]) => textSource(name, text));
  const asked = { ...job.architecture, tokenizer: "byte", seed } as const;
  const { architecture, weights } = await startingPoint({ train, heldOut: [] }, asked);
  const specs = parameterSpecs(architecture, tokenizer.size);
  writeFileSync(
    job.model,
    encodeModelFile(
      { formatVersion, tokenizer: tokenizer.stored, architecture, training },
      new Map(specs.map(({ name }, i) => [name, weights[i] ?? new Float32Array()])),
    ),
  );
  const reading = laneSourceOf(architecture, train, tokenizer, { seed, batch, window });
  using lanes = new Lanes(reading, { batch, hidden: architecture.hidden });
  const options = { batch, window, dropout, threads: 1, busyWait: false };
  await using step = await TrainingStep.create(architecture, tokenizer.size, options, weights);
  // The second stream draws the masks again that the step draws from the first; see TrainingStep.run.
  const [random, again] = [new Random(seed), new Random(seed)];
  const windows = [];
  for (let i = 0; i < job.windows; i++) {
    lanes.fill(step.batch);
    const loss = await step.run(random);
    const units = dropout > 0 ? architecture.layers * batch * architecture.hidden : 0;
    windows.push({
      tokens: [...step.batch.tokens],
      targets: [...step.batch.targets],
      mask: Array.from({ length: units }, () => (again.next() < dropout ? 0 : 1 / (1 - dropout))),
      loss,
      gradients: Object.fromEntries(specs.map(({ name }, j) => [name, [...(step.gradients[j] ?? [])]])),
    });
  }
  return windows;
}

const heldOut = { chars: 1, bitsPerChar: 8 };
const training = { corpusHash: "", trainChars: 1, steps: 0, seconds: 0, seed, heldOut, date: "2026-01-01T00:00:00Z" };

// Reads a list of jobs from standard input, and writes a list of their figures.
const results = [];
for (const job of JSON.parse(readFileSync(0, "utf8")) as Job[]) results.push(await figuresOf(job));
process.stdout.write(JSON.stringify(results));
