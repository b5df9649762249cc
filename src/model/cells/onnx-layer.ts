import { assert } from "../../errors.ts";
import { add } from "../../graph/elementwise.ts";
import { matMul, transposed } from "../../graph/linear.ts";
import { concat, reshape, squeeze, zeros } from "../../graph/reshaping.ts";
import { type Attributes, absent, apply, constant, known, type NodeSpec, type Value } from "../../graph/value.ts";
import type { CellParameters, LayerResult } from "../cell.ts";
import { quantizeRows } from "../int8.ts";

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
  weights: LayerWeights,
  attributes: Attributes = {},
): LayerResult {
  const { W, R } = weights;
  const inputs = [x, oneDirection(W), oneDirection(R), biasOf(weights), absent(), ...states];
  return recurrent({ op, inputs, attributes }, x, states, R);
}

/**
 * The largest weight in seven bits. Processors with AVX2 but without VNNI add pairs of products in 16 bits, and saturate with eight:
 * 2 · 255 · 127 is too much.
 */
const largestWeight = 63;

/**
 * An LSTM that computes in integers: weights of seven bits with a scale for each row, and what they are multiplied with in eight bits,
 * which ONNX Runtime rounds at each product (DynamicQuantizeLSTM). As for {@link onnxLayer}.
 */
export function int8Lstm(x: Value, states: readonly Value[], weights: LayerWeights): LayerResult {
  const { W, R } = weights;
  const [quantizedW, quantizedR] = [quantized(W), quantized(R)];
  const inputs = [x, quantizedW.values, quantizedR.values, biasOf(weights), absent(), ...states, absent()];
  for (const { scales, zeros } of [quantizedW, quantizedR]) inputs.push(scales, zeros);
  return recurrent({ op: "DynamicQuantizeLSTM", domain: "com.microsoft", inputs, attributes: {} }, x, states, R);
}

function recurrent(node: Omit<NodeSpec, "outputs">, x: Value, states: readonly Value[], R: Value): LayerResult {
  const hidden = known(R.shape[1]);
  const [time = 1, batch = 1] = x.shape;
  const [y, ...last] = apply({
    ...node,
    attributes: { hidden_size: { int: hidden }, ...node.attributes },
    outputs: [
      { type: "float32", shape: [time, 1, batch, hidden] },
      ...states.map(() => ({ type: "float32", shape: [1, batch, hidden] }) as const),
    ],
  }) as [Value, ...Value[]];
  return { output: squeeze(y, 1), states: last };
}

function oneDirection(value: Value): Value {
  return reshape(value, [1, ...value.shape]);
}

/** Of the input and of the state, one after the other. */
function biasOf({ b, recurrentBias }: LayerWeights): Value {
  return oneDirection(concat([b, recurrentBias ?? zeros([known(b.shape[0])])], 0));
}

/** A constant matrix [rows, columns] as [1, columns, rows] in integers, with scales and zero points [1, rows]. */
function quantized(matrix: Value): Record<"values" | "scales" | "zeros", Value> {
  const [rows, columns] = matrix.shape.map(known) as [number, number];
  const { data } = matrix.node;
  assert(data instanceof Float32Array, "weights are constants");
  const { values, scales } = quantizeRows(data, rows, largestWeight);
  const columnwise = new Int8Array(values.length);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) columnwise[column * rows + row] = values[row * columns + column] as number;
  }
  return {
    values: constant(columnwise, [1, columns, rows]),
    scales: constant(scales, [1, rows]),
    zeros: constant(new Int8Array(rows), [1, rows]),
  };
}
