import type { Value } from "../graph/value.ts";

/** A recurrent cell: all that the kinds of recurrent network differ in. The table of cells is in cells.ts. */
export interface Cell {
  /** Names of its recurrent states, each [batch, hidden]; the first is the output of the layer. */
  readonly states: readonly string[];
  readonly parameters: (inputSize: number, hidden: number) => readonly ParameterSpec[];
  /** The part of the gates that depends on the layer's input alone, for all times at once: [..., input] to [..., gates]. */
  readonly project: (x: Value, parameters: CellParameters) => Value;
  /** One step: projected input [batch, gates] and states to the next states. */
  readonly step: (projected: Value, states: readonly Value[], parameters: CellParameters) => readonly Value[];
  /**
   * The same layer as ONNX's own operator, for inference.
   * @param x [time, batch, input]
   * @param states each [1, batch, hidden]
   */
  readonly layer: (x: Value, states: readonly Value[], parameters: CellParameters) => LayerResult;
  /** The same, computed in integers of eight bits, where ONNX Runtime has an operator for it. */
  readonly int8Layer?: Cell["layer"];
}

export type CellParameters = Readonly<Record<string, Value>>;

export interface LayerResult {
  /** [time, batch, hidden] */
  readonly output: Value;
  /** After the last time, each [1, batch, hidden]. */
  readonly states: readonly Value[];
}

/** A parameter of the network and its initial values: uniform in ±`scale`, plus `offset(i)`. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly offset?: (index: number) => number;
}
