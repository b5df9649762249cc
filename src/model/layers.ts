import { mul } from "../graph/elementwise.ts";
import { gather } from "../graph/indexing.ts";
import { concat, reshape, slice, squeeze, zeros } from "../graph/reshaping.ts";
import { scan } from "../graph/scan.ts";
import { absent, type Dimension, known, size, type Value } from "../graph/value.ts";
import { type Cell, type CellParameters, cells, type LayerResult } from "./cell.ts";
import type { Architecture } from "./info.ts";
import { cellParameters, layerName, type Parameters, parameter } from "./parameters.ts";

/** How a layer is run over all times; its states are [1, batch, hidden] each. */
export interface LayerForm {
  /** A layer that reads tokens: each token's vector is a row of `embedding`. */
  readonly ofTokens: (cell: Cell, tokens: Value, embedding: Value, states: Value[], own: CellParameters) => LayerResult;
  /** A layer that reads vectors, [time, batch, input]. */
  readonly ofVectors: (cell: Cell, x: Value, states: Value[], own: CellParameters) => LayerResult;
  /** The states before anything was read. */
  readonly zeroStates: (cell: Cell, batch: Dimension, hidden: number) => Value[];
}

/** As a loop over the cell's own step, which has a gradient: for training. */
export const loopForm: LayerForm = {
  // Where there are fewer vectors than tokens, each is projected once and the results are looked up.
  ofTokens: (cell, tokens, embedding, states, own) =>
    known(embedding.shape[0]) < size(tokens.shape)
      ? loop(cell, gather(cell.project(embedding, own), tokens), states, own)
      : loopForm.ofVectors(cell, gather(embedding, tokens), states, own),
  ofVectors: (cell, x, states, own) => loop(cell, cell.project(x, own), states, own),
  zeroStates: (cell, batch, hidden) => cell.states.map(() => zeros([1, known(batch), hidden])),
};

function loop(cell: Cell, projected: Value, states: readonly Value[], own: CellParameters): LayerResult {
  const initial = states.map((state) => squeeze(state, 0));
  const result = scan(initial, [projected], (previous, [step]) => {
    const next = step ? cell.step(step, previous, own) : [];
    return { states: next, outputs: next.slice(0, 1) };
  });
  const [output] = result.outputs;
  if (!output) throw new Error("Internal error: a layer has an output");
  return { output, states: result.states.map((state) => reshape(state, [1, ...state.shape])) };
}

/** As ONNX's own operator: for inference. */
export const operatorForm: LayerForm = {
  ofTokens: (cell, tokens, embedding, states, own) => cell.layer(gather(embedding, tokens), states, own),
  ofVectors: (cell, x, states, own) => cell.layer(x, states, own),
  zeroStates: (cell) => cell.states.map(() => absent()),
};

/**
 * All layers, one upon the other.
 * @param states [layers, batch, hidden] each
 * @param mask [layers, batch, hidden]: what each layer's output is multiplied with
 * @returns the last layer's output [time, batch, hidden], and the states [layers, batch, hidden]
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
  let x: Value | undefined;
  const last: (readonly Value[])[] = [];
  for (let layer = 0; layer < architecture.layers; layer++) {
    const own = cellParameters(cell, parameters, layerName(layer));
    const initial = states.map((state) => slice(state, 0, layer, layer + 1));
    const result: LayerResult = x
      ? form.ofVectors(cell, x, initial, own)
      : form.ofTokens(cell, tokens, parameter(parameters, "embedding"), initial, own);
    last.push(result.states);
    x = mask ? mul(result.output, slice(mask, 0, layer, layer + 1)) : result.output;
  }
  if (!x) throw new Error("Internal error: a network has a layer");
  return {
    output: x,
    states: cell.states.map((_, i) =>
      concat(
        last.map((of) => of[i]).filter((state) => state !== undefined),
        0,
      ),
    ),
  };
}
