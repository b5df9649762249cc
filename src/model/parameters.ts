import { assert } from "../errors.ts";
import { size, type Value } from "../graph/value.ts";
import type { Cell, CellParameters, ParameterSpec } from "./cell.ts";
import { cells } from "./cells.ts";
import { contextBuckets } from "./condition.ts";
import type { Architecture } from "./info.ts";

/** The weights of a network by their names, which are those of the model file's initializers. */
export type Parameters = ReadonlyMap<string, Value>;

/** The number of classes that a network predicts: the tokens, or the labels of a many-to-one network. */
export function outputCount({ task, labels }: Architecture, vocabulary: number): number {
  return task === "many-to-one" ? labels.length : vocabulary;
}

/** Whether the output layer reuses the embedding matrix. A classifier cannot: its labels have no embeddings. */
export function predictsByEmbedding({ tied, task }: Architecture): boolean {
  return tied && task !== "many-to-one";
}

/** The weights of a network, in a fixed order. */
export function parameterSpecs(architecture: Architecture, vocabulary: number): ParameterSpec[] {
  const { hidden, embedding, layers, tied } = architecture;
  const cell = cells[architecture.cell];
  const outputs = outputCount(architecture, vocabulary);
  const outputScale = 1 / Math.sqrt(hidden);
  return [
    // Large where they are read (see embedded): with ±0.1 the tokens hardly affect the first layer, and training starts slowly.
    { name: "embedding", shape: [vocabulary, embedding], scale: tied ? outputScale : 1 },
    ...Array.from({ length: layers }, (_, layer) =>
      inRoom(layerName(layer), cell.parameters(layer === 0 ? embedding : hidden, hidden)),
    ).flat(),
    ...(predictsByEmbedding(architecture) ? [] : [{ name: "output.W", shape: [outputs, hidden], scale: outputScale }]),
    { name: "output.b", shape: [outputs], scale: 0 },
    ...conditionSpecs(architecture, cell),
  ];
}

/** The parameters that add a condition to the state. The last map starts as zeros, so the network starts as a plain language model. */
function conditionSpecs({ task, hidden, embedding, layers }: Architecture, cell: Cell): ParameterSpec[] {
  const entering = (width: number): ParameterSpec[] =>
    cell.states.map((state) => ({ name: enterName(task, state), shape: [layers * hidden, width], scale: 0 }));
  switch (task) {
    case "one-to-many":
      return [{ name: "context", shape: [contextBuckets, embedding], scale: 1 }, ...entering(embedding)];
    case "sequence-to-sequence":
      return [...inRoom("encoder", cell.parameters(embedding, hidden)), ...entering(hidden)];
    case "many-to-many":
    case "many-to-one":
      return [];
  }
}

export function parameterCount(architecture: Architecture, vocabulary: number): number {
  return parameterSpecs(architecture, vocabulary).reduce((sum, spec) => sum + size(spec.shape), 0);
}

export function parameter(parameters: Parameters, name: string): Value {
  const value = parameters.get(name);
  assert(value, `there is a parameter ${name}`);
  return value;
}

/** The weights of one layer, by the names that its cell gives them. @param room `layer0`, …, or `encoder` */
export function cellParameters(cell: Cell, parameters: Parameters, room: string): CellParameters {
  const names = cell.parameters(1, 1).map((spec) => spec.name);
  return Object.fromEntries(names.map((name) => [name, parameter(parameters, `${room}.${name}`)]));
}

export function layerName(layer: number): string {
  return `layer${layer}`;
}

/** The map that adds a condition to a state. Each task has its own, so that fine-tuning for another task starts with a new one. */
export function enterName(task: Architecture["task"], state: string): string {
  return `${task === "one-to-many" ? "context" : "encoder"}.enter.${state}`;
}

function inRoom(room: string, specs: readonly ParameterSpec[]): ParameterSpec[] {
  return specs.map((spec) => ({ ...spec, name: `${room}.${spec.name}` }));
}
