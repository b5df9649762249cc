import assert from "node:assert/strict";
import { mul } from "../../src/graph/elementwise.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { reduceSum } from "../../src/graph/reshaping.ts";
import { constant, size, type Value } from "../../src/graph/value.ts";
import { evaluate, randomFor } from "./session.ts";

/**
 * Holds the gradient of Σ weights·output, with respect to each float32 input, equal to central finite differences taken
 * through the real ONNX Runtime.
 * @param data where the gradient is taken; random numbers for the inputs that it leaves out
 */
export async function assertGradient(
  build: (...inputs: Value[]) => Value,
  inputs: readonly Value[],
  data?: ReadonlyMap<Value, Float32Array | Int32Array>,
  step = 1e-2,
): Promise<void> {
  const output = build(...inputs);
  const weights = constant(randomFor(output, 99), output.shape.map(Number));
  const loss = reduceSum(
    mul(output, weights),
    output.shape.map((_, i) => i),
  );
  const wrt = inputs.filter((value) => value.type === "float32");
  const point = new Map(inputs.map((value, i) => [value, data?.get(value) ?? randomFor(value, i + 1)]));
  const analytic = await evaluate(point, gradient(loss, wrt));
  for (const [which, value] of wrt.entries()) {
    for (let i = 0; i < size(value.shape); i++) {
      const at = async (delta: number): Promise<number> => {
        const moved = Float32Array.from(point.get(value)!);
        moved[i]! += delta;
        const [result] = await evaluate(new Map(point).set(value, moved), [loss]);
        return result![0]!;
      };
      const numeric = ((await at(step)) - (await at(-step))) / (2 * step);
      const exact = analytic[which]![i]!;
      const error = Math.abs(numeric - exact);
      assert.ok(
        error < 2e-3 + 1e-2 * Math.abs(exact),
        `d/d${value.node.op}[${i}]: rule ${exact}, differences ${numeric}`,
      );
    }
  }
}
