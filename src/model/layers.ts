import { add, mul } from "../graph/elementwise.ts";
import { gather } from "../graph/indexing.ts";
import { layerNorm } from "../graph/normalization.ts";
import { concat, reshape, slice, squeeze, zeros } from "../graph/reshaping.ts";
import { scan } from "../graph/scan.ts";
import { absent, type Dimension, known, scalar, type Value } from "../graph/value.ts";
import type { Cell, CellParameters, LayerResult } from "./cell.ts";
import { cells } from "./cells.ts";
import type { Architecture } from "./info.ts";
import { cellParameters, layerName, type Parameters, parameter } from "./parameters.ts";

/** How a layer is run over all time steps; its states are [1, batch, hidden] each. */
export interface LayerForm {
  /** @param x [time, batch, input] */
  readonly layer: (cell: Cell, x: Value, states: Value[], own: CellParameters) => LayerResult;
  /** The states before the first token. */
  readonly zeroStates: (cell: Cell, batch: Dimension, hidden: number) => Value[];
}

/** As a loop over the cell's own step, which has a gradient: for training. */
export const loopForm: LayerForm = {
  layer: (cell, x, states, own) => {
    const initial = states.map((state) => squeeze(state, 0));
    const result = scan(initial, [cell.project(x, own)], (previous, [step]) => {
      const next = step ? cell.step(step, previous, own) : [];
      return { states: next, outputs: next.slice(0, 1) };
    });
    const [output] = result.outputs;
    if (!output) throw new Error("Internal error: a layer has an output");
    return { output, states: result.states.map((state) => reshape(state, [1, ...state.shape])) };
  },
  zeroStates: (cell, batch, hidden) => cell.states.map(() => zeros([1, known(batch), hidden])),
};

/** As ONNX's own operator: for inference. */
export const operatorForm: LayerForm = {
  layer: (cell, x, states, own) => cell.layer(x, states, own),
  zeroStates: (cell) => cell.states.map(() => absent()),
};

/** As an operator that computes in integers, where the cell has one: for inference, in a third of the time. */
export const int8Form: LayerForm = {
  ...operatorForm,
  layer: (cell, x, states, own) => (cell.int8Layer ?? cell.layer)(x, states, own),
};

/**
 * The embedding vectors of tokens, [...tokens, embedding]. Tied vectors are as small as the weights of an output layer must be, so
 * they are multiplied by the square root of their width where they are read (Vaswani et al. 2017, §3.4).
 */
export function embedded({ tied, embedding }: Architecture, parameters: Parameters, tokens: Value): Value {
  const vectors = gather(parameter(parameters, "embedding"), tokens);
  return tied ? mul(vectors, scalar(Math.sqrt(embedding))) : vectors;
}

/**
 * All layers, each on top of the one before.
 * @param states [layers, batch, hidden] each
 * @param mask [layers, batch, hidden]: the output of each layer is multiplied with its part
 * @returns the output of the top layer [time, batch, hidden], and the states [layers, batch, hidden]
 */
export function runLayers(
  form: LayerForm,
  architecture: Architecture,
  parameters: Parameters,
  tokens: Value,
  states: readonly Value[],
  mask?: Value,
): LayerResult {
  const cell = cells[architecture.cell];
  const normalized = (x: Value): Value => (architecture.layerNorm ? layerNorm(x) : x);
  let x = embedded(architecture, parameters, tokens);
  const last: (readonly Value[])[] = [];
  for (let layer = 0; layer < architecture.layers; layer++) {
    const own = cellParameters(cell, parameters, layerName(layer));
    const initial = states.map((state) => slice(state, 0, layer, layer + 1));
    const result = form.layer(cell, layer > 0 ? normalized(x) : x, initial, own);
    last.push(result.states);
    const output = mask ? mul(result.output, slice(mask, 0, layer, layer + 1)) : result.output;
    x = architecture.residual && layer > 0 ? add(x, output) : output;
  }
  return {
    output: normalized(x),
    states: cell.states.map((_, i) =>
      concat(
        last.map((of) => of[i]).filter((state) => state !== undefined),
        0,
      ),
    ),
  };
}
