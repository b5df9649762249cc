import { add, tanh } from "../../graph/elementwise.ts";
import type { Cell } from "../cell.ts";
import { layerWeights, onnxLayer, projectInput, recurrentProduct } from "./onnx-layer.ts";

/** The simple recurrent network of Elman (1990): h′ = tanh(W x + R h + b). */
export const rnn: Cell = {
  states: ["h"],

  parameters: (inputSize, hidden) => [
    { name: "W", shape: [hidden, inputSize], scale: 1 / Math.sqrt(inputSize) },
    { name: "R", shape: [hidden, hidden], scale: 1 / Math.sqrt(hidden) },
    { name: "b", shape: [hidden], scale: 0 },
  ],

  project: projectInput,

  step: (projected, [h], parameters) => {
    const { R } = layerWeights(parameters);
    return h ? [tanh(add(projected, recurrentProduct(h, R)))] : [];
  },

  layer: (x, states, parameters) => onnxLayer("RNN", x, states, layerWeights(parameters)),
};
