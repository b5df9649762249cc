import { assert } from "../../errors.ts";
import { add, mul, sigmoid, tanh } from "../../graph/elementwise.ts";
import { matMul, transposed } from "../../graph/linear.ts";
import { concat, reshape, split, squeeze, zeros } from "../../graph/reshaping.ts";
import { absent, apply, known, type Value } from "../../graph/value.ts";
import type { Cell, CellParameters } from "../cell.ts";

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i, o, f = σ(W x + R h + b)      g = tanh(W x + R h + b)
 *     c′ = f ∘ c + i ∘ g              h′ = o ∘ tanh(c′)
 *
 * The rows of W, R and b are in the order of ONNX's LSTM: i, o, f, g.
 */
export const lstm: Cell = {
  states: ["h", "c"],

  parameters: (inputSize, hidden) => {
    const scale = 1 / Math.sqrt(hidden);
    return [
      { name: "W", shape: [4 * hidden, inputSize], scale: 1 / Math.sqrt(inputSize) },
      { name: "R", shape: [4 * hidden, hidden], scale },
      // A forget gate that starts open lets gradients through (Jozefowicz et al. 2015, §2.2).
      { name: "b", shape: [4 * hidden], scale: 0, offset: (i) => (i >= 2 * hidden && i < 3 * hidden ? 1 : 0) },
    ];
  },

  project: (x, parameters) => {
    const { W, b } = named(parameters);
    return add(matMul(x, transposed(W)), b);
  },

  step: (projected, [h, c], parameters) => {
    const { R } = named(parameters);
    if (!h || !c) return [];
    const [i, o, f, g] = split(add(projected, matMul(h, transposed(R))), 4, -1) as [Value, Value, Value, Value];
    const nextC = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
    return [mul(sigmoid(o), tanh(nextC)), nextC];
  },

  layer: (x, [h, c], parameters) => {
    const { W, R, b } = named(parameters);
    if (!h || !c) return { output: x, states: [] };
    const [gates, hidden] = R.shape.map(known) as [number, number];
    const [time, batch] = x.shape;
    const oneDirection = (value: Value): Value => reshape(value, [1, ...value.shape]);
    const bias = concat([b, zeros([gates])], 0);
    const [y, lastH, lastC] = apply({
      op: "LSTM",
      inputs: [x, oneDirection(W), oneDirection(R), oneDirection(bias), absent(), h, c],
      attributes: { hidden_size: { int: hidden } },
      outputs: [{ type: "float32", shape: [time ?? 1, 1, batch ?? 1, hidden] }, h, c],
    }) as [Value, Value, Value];
    return { output: squeeze(y, 1), states: [lastH, lastC] };
  },
};

function named({ W, R, b }: CellParameters): { readonly W: Value; readonly R: Value; readonly b: Value } {
  assert(W && R && b, "an LSTM layer has W, R and b");
  return { W, R, b };
}
