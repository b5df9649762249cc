import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "onnxruntime-node";
import { emitModel } from "../src/graph/emit.ts";
import { matMul } from "../src/graph/linear.ts";
import { input } from "../src/graph/value.ts";
import { createSession, createTensor } from "../src/model/onnx-runtime.ts";

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** GFLOP/s of one large float32 matrix product in the same ONNX Runtime: what the machine can do. */
export async function gemmRate(threads: number): Promise<number> {
  const size = 1024;
  const [a, b] = [input("a", "float32", [size, size]), input("b", "float32", [size, size])];
  const bytes = emitModel({ name: "gemm", inputs: [a, b], outputs: { product: matMul(a, b) } });
  const session = await createSession(bytes, { intraOpNumThreads: threads, logSeverityLevel: 3 });
  const tensor = (): Tensor =>
    createTensor("float32", Float32Array.from({ length: size * size }, Math.random), [size, size]);
  const feeds = { a: tensor(), b: tensor() };
  const fetches = { product: tensor() };
  const seconds: number[] = [];
  for (let i = 0; i < 25; i++) {
    const start = performance.now();
    await session.run(feeds, fetches);
    seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  return (2 * size ** 3) / quantile(seconds, 0.5) / 1e9;
}

/** A new folder, removed with all that is in it when it is disposed. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "murmur-bench-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Reports progress on standard error; standard output has only the result. */
export function progress(message: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(0)} s  ${message}\n`);
}
