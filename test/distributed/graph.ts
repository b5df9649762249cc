import { readFileSync } from "node:fs";
import type { Tensor } from "onnxruntime-node";
import { createSession, createTensor } from "../../src/model/onnx-runtime.ts";

/** The graph of a model file, and what ONNX Runtime is to feed it, for the tests of distributed/: numbers with their shape, by name. */
interface Job {
  readonly model: string;
  readonly tokens: Values;
  readonly states: Readonly<Record<string, Values>>;
}

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** @returns each output's numbers, by its name */
async function outputsOf({ model, tokens, states }: Job): Promise<Record<string, number[]>> {
  const session = await createSession(readFileSync(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds: Record<string, Tensor> = {
    tokens: createTensor("int32", Int32Array.from(tokens.data), [...tokens.shape]),
  };
  for (const [name, { shape, data }] of Object.entries(states)) {
    feeds[name] = createTensor("float32", Float32Array.from(data), [...shape]);
  }
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

// Reads a list of jobs from standard input, and writes a list of their outputs.
const results = [];
for (const job of JSON.parse(readFileSync(0, "utf8")) as Job[]) results.push(await outputsOf(job));
process.stdout.write(JSON.stringify(results));
