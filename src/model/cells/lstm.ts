import { add, mul, sigmoid, tanh } from "../../graph/elementwise.ts";
import { split } from "../../graph/reshaping.ts";
import type { Value } from "../../graph/value.ts";
import type { Cell } from "../cell.ts";
import { int8Lstm, layerWeights, onnxLayer, projectInput, recurrentProduct } from "./onnx-layer.ts";

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
      // A forget gate that is open at first lets gradients through (Jozefowicz et al. 2015, §2.2).
      { name: "b", shape: [4 * hidden], scale: 0, offset: (i) => (i >= 2 * hidden && i < 3 * hidden ? 1 : 0) },
    ];
  },

  project: projectInput,

  step: (projected, [h, c], parameters) => {
    const { R } = layerWeights(parameters);
    if (!h || !c) return [];
    const [i, o, f, g] = split(add(projected, recurrentProduct(h, R)), 4, -1) as [Value, Value, Value, Value];
    const nextC = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
    return [mul(sigmoid(o), tanh(nextC)), nextC];
  },

  layer: (x, states, parameters) => onnxLayer("LSTM", x, states, layerWeights(parameters)),
  int8Layer: (x, states, parameters) => int8Lstm(x, states, layerWeights(parameters)),
};
