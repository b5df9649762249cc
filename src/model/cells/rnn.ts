import { assert } from "../../errors.ts";
import { add, tanh } from "../../graph/elementwise.ts";
import { matMul, transposed } from "../../graph/linear.ts";
import type { Value } from "../../graph/value.ts";
import type { Cell, CellParameters } from "../cell.ts";
import { onnxLayer } from "./onnx-layer.ts";

/** The simple recurrent network of Elman (1990): h′ = tanh(W x + R h + b). */
export const rnn: Cell = {
  states: ["h"],

  parameters: (inputSize, hidden) => [
    { name: "W", shape: [hidden, inputSize], scale: 1 / Math.sqrt(inputSize) },
    { name: "R", shape: [hidden, hidden], scale: 1 / Math.sqrt(hidden) },
    { name: "b", shape: [hidden], scale: 0 },
  ],

  project: (x, parameters) => {
    const { W, b } = named(parameters);
    return add(matMul(x, transposed(W)), b);
  },

  step: (projected, [h], parameters) => {
    const { R } = named(parameters);
    return h ? [tanh(add(projected, matMul(h, transposed(R))))] : [];
  },

  layer: (x, states, parameters) => onnxLayer("RNN", x, states, named(parameters)),
};

function named({ W, R, b }: CellParameters): { readonly W: Value; readonly R: Value; readonly b: Value } {
  assert(W && R && b, "an RNN layer has W, R and b");
  return { W, R, b };
}
