import { assert } from "../../errors.ts";
import { add, mul, sigmoid, sub, tanh } from "../../graph/elementwise.ts";
import { concat, split, zeros } from "../../graph/reshaping.ts";
import { known, type Value } from "../../graph/value.ts";
import type { Cell, CellParameters } from "../cell.ts";
import { layerWeights, onnxLayer, projectInput, recurrentProduct } from "./onnx-layer.ts";

/**
 * Gated recurrent unit (Cho et al. 2014), in the form that applies the reset gate after the recurrent product, so that all three
 * products are one:
 *
 *     z, r = σ(W x + R h + b)      n = tanh(W x + b + r ∘ (R h + c))
 *     h′ = (1 − z) ∘ n + z ∘ h
 *
 * The rows of W, R and b are in the order of ONNX's GRU: z, r, n.
 */
export const gru: Cell = {
  states: ["h"],

  parameters: (inputSize, hidden) => [
    { name: "W", shape: [3 * hidden, inputSize], scale: 1 / Math.sqrt(inputSize) },
    { name: "R", shape: [3 * hidden, hidden], scale: 1 / Math.sqrt(hidden) },
    // An update gate that at first keeps most of the state lets gradients through, as an open forget gate of an LSTM does.
    { name: "b", shape: [3 * hidden], scale: 0, offset: (i) => (i < hidden ? 1 : 0) },
    { name: "c", shape: [hidden], scale: 0 },
  ],

  project: projectInput,

  step: (projected, [h], parameters) => {
    const { R } = layerWeights(parameters);
    const c = recurrentBias(parameters);
    if (!h) return [];
    const [xz, xr, xn] = split(projected, 3, -1) as [Value, Value, Value];
    const [hz, hr, hn] = split(recurrentProduct(h, R), 3, -1) as [Value, Value, Value];
    const z = sigmoid(add(xz, hz));
    const r = sigmoid(add(xr, hr));
    const n = tanh(add(xn, mul(r, add(hn, c))));
    return [add(n, mul(z, sub(h, n)))];
  },

  layer: (x, states, parameters) => {
    const c = recurrentBias(parameters);
    const weights = { ...layerWeights(parameters), recurrentBias: concat([zeros([2 * known(c.shape[0])]), c], 0) };
    return onnxLayer("GRU", x, states, weights, { linear_before_reset: { int: 1 } });
  },
};

function recurrentBias({ c }: CellParameters): Value {
  assert(c, "a GRU layer has c");
  return c;
}
