import type { Tensor } from "onnxruntime-node";
import { emitModel } from "../../src/graph/emit.ts";
import { matMul } from "../../src/graph/linear.ts";
import { input } from "../../src/graph/value.ts";
import { createSession, createTensor } from "../../src/model/onnx-runtime.ts";
import { quantile } from "../support.ts";
import { type Product, productsOf, type Setting } from "./setting.ts";

/** Products of one kind in a run of the runtime, so that what a call costs by itself does not count. */
const atOnce = 32;
const runs = 5;

/**
 * Milliseconds that a step's matrix products take by themselves, each in its own sizes and in the order of factors that is faster,
 * in the same ONNX Runtime.
 */
export async function bareProducts(setting: Setting, threads: number): Promise<number> {
  let milliseconds = 0;
  for (const product of productsOf(setting)) {
    const { rows, columns } = product;
    const transposed: Product = { ...product, rows: columns, columns: rows };
    const orders = [
      await oneProduct(product, "right", threads),
      await oneProduct(product, "left", threads),
      await oneProduct(transposed, "right", threads),
      await oneProduct(transposed, "left", threads),
    ];
    milliseconds += product.times * Math.min(...orders);
  }
  return milliseconds;
}

/** @param shared the factor that all products of a run have in common, as the weights of all times are */
async function oneProduct(
  { rows, inner, columns, times }: Product,
  shared: "left" | "right",
  threads: number,
): Promise<number> {
  const count = Math.min(times, atOnce);
  const [left, right] = [
    [rows, inner],
    [inner, columns],
  ] as const;
  const [own, common] = shared === "right" ? [left, right] : [right, left];
  const weights = input("weights", "float32", common);
  const inputs = Array.from({ length: count }, (_, i) => input(`x${i}`, "float32", own));
  const outputs = Object.fromEntries(
    inputs.map((x, i) => [`y${i}`, shared === "right" ? matMul(x, weights) : matMul(weights, x)]),
  );
  const bytes = emitModel({ name: "products", inputs: [weights, ...inputs], outputs });
  const session = await createSession(bytes, {
    intraOpNumThreads: threads,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
  const tensor = (...dims: readonly [number, number]): Tensor =>
    createTensor("float32", Float32Array.from({ length: dims[0] * dims[1] }, Math.random), dims);
  const feeds: Record<string, Tensor> = { weights: tensor(...common) };
  const fetches: Record<string, Tensor> = {};
  for (let i = 0; i < count; i++) {
    feeds[`x${i}`] = tensor(...own);
    fetches[`y${i}`] = tensor(rows, columns);
  }
  const milliseconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await session.run(feeds, fetches);
    milliseconds.push((performance.now() - start) / count);
  }
  await session.release();
  return quantile(milliseconds, 0.5);
}
