import { assert } from "../../errors.ts";
import { add } from "../../graph/elementwise.ts";
import { matMul, transposed } from "../../graph/linear.ts";
import { concat, reshape, squeeze, zeros } from "../../graph/reshaping.ts";
import { type Attributes, absent, apply, known, type Value } from "../../graph/value.ts";
import type { CellParameters, LayerResult } from "../cell.ts";

export interface LayerWeights {
  /** [gates, input] */
  readonly W: Value;
  /** [gates, hidden] */
  readonly R: Value;
  /** [gates] */
  readonly b: Value;
  /** [gates]; zeros, if it is not given. */
  readonly recurrentBias?: Value;
}

/** The weights that every cell has, by their names. */
export function layerWeights({ W, R, b }: CellParameters): Pick<LayerWeights, "W" | "R" | "b"> {
  assert(W && R && b, "a layer has W, R and b");
  return { W, R, b };
}

/** The part of the gates that depends on the layer's input: W x + b. */
export function projectInput(x: Value, parameters: CellParameters): Value {
  const { W, b } = layerWeights(parameters);
  return add(matMul(x, transposed(W)), b);
}

/**
 * The part of the gates that depends on the state [batch, hidden]: h Rᵀ, computed as (R hᵀ)ᵀ. The runtime rearranges the right
 * factor in memory for each product. In a loop that would be all of R each time; with the small state on the right, a step takes a
 * tenth less time.
 */
export function recurrentProduct(h: Value, R: Value): Value {
  return transposed(matMul(R, transposed(h)));
}

/**
 * A layer as ONNX's own operator LSTM, GRU or RNN, in one direction.
 * @param x [time, batch, input]
 * @param states each [1, batch, hidden], or absent: zeros
 */
export function onnxLayer(
  op: "LSTM" | "GRU" | "RNN",
  x: Value,
  states: readonly Value[],
  { W, R, b, recurrentBias }: LayerWeights,
  attributes: Attributes = {},
): LayerResult {
  const [gates, hidden] = R.shape.map(known) as [number, number];
  const [time = 1, batch = 1] = x.shape;
  const oneDirection = (value: Value): Value => reshape(value, [1, ...value.shape]);
  const bias = concat([b, recurrentBias ?? zeros([gates])], 0);
  const [y, ...last] = apply({
    op,
    inputs: [x, oneDirection(W), oneDirection(R), oneDirection(bias), absent(), ...states],
    attributes: { hidden_size: { int: hidden }, ...attributes },
    outputs: [
      { type: "float32", shape: [time, 1, batch, hidden] },
      ...states.map(() => ({ type: "float32", shape: [1, batch, hidden] }) as const),
    ],
  }) as [Value, ...Value[]];
  return { output: squeeze(y, 1), states: last };
}
