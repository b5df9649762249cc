import type { Value } from "../graph/value.ts";
import { gru } from "./cells/gru.ts";
import { lstm } from "./cells/lstm.ts";
import { rnn } from "./cells/rnn.ts";

/** A recurrent cell: the only thing that a kind of network is told apart by. */
export interface Cell {
  /** Its recurrent states, each [batch, hidden]; the first is what the layer puts out. */
  readonly states: readonly string[];
  readonly parameters: (inputSize: number, hidden: number) => readonly ParameterSpec[];
  /** What depends on the layer's input alone, for all times at once: [..., input] to [..., gates]. */
  readonly project: (x: Value, parameters: CellParameters) => Value;
  /** One step: projected input [batch, gates] and states to the next states. */
  readonly step: (projected: Value, states: readonly Value[], parameters: CellParameters) => readonly Value[];
  /**
   * The same layer as ONNX's own operator, for inference.
   * @param x [time, batch, input]
   * @param states each [1, batch, hidden]
   */
  readonly layer: (x: Value, states: readonly Value[], parameters: CellParameters) => LayerResult;
}

export type CellParameters = Readonly<Record<string, Value>>;

export interface LayerResult {
  /** [time, batch, hidden] */
  readonly output: Value;
  /** After the last time, each [1, batch, hidden]. */
  readonly states: readonly Value[];
}

/** A weight of the model and how its training starts: uniform in ±`scale`, plus `offset(i)`. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly offset?: (index: number) => number;
}

export const cells = { rnn, lstm, gru } as const satisfies Readonly<Record<string, Cell>>;
export type CellName = keyof typeof cells;
