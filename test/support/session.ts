import type { Tensor } from "onnxruntime-node";
import { emitModel } from "../../src/graph/emit.ts";
import { size, type Value } from "../../src/graph/value.ts";
import { createSession, createTensor } from "../../src/model/onnx-runtime.ts";

/** Runs a graph in the real ONNX Runtime. */
export async function evaluate(
  inputs: ReadonlyMap<Value, Float32Array | Int32Array>,
  outputs: readonly Value[],
): Promise<Float32Array[]> {
  const named = Object.fromEntries(outputs.map((value, i) => [`out${i}`, value]));
  const bytes = emitModel({ name: "test", inputs: [...inputs.keys()], outputs: named });
  const session = await createSession(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds: Record<string, Tensor> = {};
  for (const [value, data] of inputs) {
    if (session.inputNames.includes(value.node.op)) {
      feeds[value.node.op] = createTensor(value.type, data, value.shape.map(Number));
    }
  }
  const results = await session.run(feeds);
  await session.release();
  return outputs.map((_, i) => Float32Array.from(results[`out${i}`]!.data as Float32Array));
}

/** Numbers in ±scale, the same for the same seed. */
export function randomArray(length: number, seed: number, scale = 1): Float32Array {
  let state = seed * 2654435761 + 12345;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * scale;
  });
}

export function randomFor(value: Value, seed: number, scale = 1): Float32Array {
  return randomArray(size(value.shape), seed, scale);
}
