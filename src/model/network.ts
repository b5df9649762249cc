import { add, mul, neg } from "../graph/elementwise.ts";
import { gradient } from "../graph/gradient.ts";
import { gather, logSoftmax, pick } from "../graph/indexing.ts";
import { matMul, transposed } from "../graph/linear.ts";
import { concat, reduceSum, reshape, slice, squeeze } from "../graph/reshaping.ts";
import { scan } from "../graph/scan.ts";
import { input, type Shape, scalar, size, type Value } from "../graph/value.ts";
import { type Cell, type CellParameters, cells, type ParameterSpec } from "./cell.ts";
import type { Architecture } from "./info.ts";

/** The weights of a language model, in a fixed order; their names are those of the model file's initializers. */
export function parameterSpecs(architecture: Architecture, vocabulary: number): ParameterSpec[] {
  const { hidden, embedding, layers } = architecture;
  const cell = cells[architecture.cell];
  return [
    // Large on purpose: with ±0.1 the first layer hardly sees which token it reads, and training starts slowly.
    { name: "embedding", shape: [vocabulary, embedding], scale: 1 },
    ...Array.from({ length: layers }, (_, layer) =>
      cell
        .parameters(layer === 0 ? embedding : hidden, hidden)
        .map((spec) => ({ ...spec, name: layerName(layer, spec.name) })),
    ).flat(),
    { name: "output.W", shape: [vocabulary, hidden], scale: 1 / Math.sqrt(hidden) },
    { name: "output.b", shape: [vocabulary], scale: 0 },
  ];
}

export function parameterCount(architecture: Architecture, vocabulary: number): number {
  return parameterSpecs(architecture, vocabulary).reduce((sum, spec) => sum + size(spec.shape), 0);
}

function layerName(layer: number, name: string): string {
  return `layer${layer}.${name}`;
}

export type Parameters = ReadonlyMap<string, Value>;

function parameter(parameters: Parameters, name: string): Value {
  const value = parameters.get(name);
  if (!value) throw new Error(`Internal error: there is no parameter ${name}`);
  return value;
}

function layerParameters(cell: Cell, parameters: Parameters, layer: number): CellParameters {
  const names = cell.parameters(1, 1).map((spec) => spec.name);
  return Object.fromEntries(names.map((name) => [name, parameter(parameters, layerName(layer, name))]));
}

/** The graph of one training step and the values that go in and come out. */
export interface TrainingGraph {
  readonly inputs: readonly Value[];
  /** `loss` (mean nats per token), `state_*_out` [layers, batch, hidden], and `gradient:NAME` for each parameter. */
  readonly outputs: Readonly<Record<string, Value>>;
}

export interface TrainingShape {
  readonly batch: number;
  readonly window: number;
  /** Whether dropout masks are inputs. */
  readonly dropout: boolean;
}

/**
 * One step of truncated back-propagation through time. Inputs: every parameter by its name; `tokens` and `targets`
 * [window, batch]; `state_*` [layers, batch, hidden]; with dropout, `mask` [layers, batch, hidden], what each layer's
 * output is multiplied with, the same at every time of the window (variational dropout, Gal & Ghahramani 2016, §4).
 */
export function trainingGraph(architecture: Architecture, vocabulary: number, shape: TrainingShape): TrainingGraph {
  const { layers, hidden } = architecture;
  const { batch, window } = shape;
  const cell = cells[architecture.cell];
  const specs = parameterSpecs(architecture, vocabulary);
  const parameters = new Map(specs.map(({ name, shape }) => [name, input(name, "float32", shape)]));
  const tokens = input("tokens", "int32", [window, batch]);
  const targets = input("targets", "int32", [window, batch]);
  const stateShape: Shape = [layers, batch, hidden];
  const states = cell.states.map((name) => input(stateInput(name), "float32", stateShape));
  const mask = shape.dropout ? input("mask", "float32", stateShape) : undefined;

  let x: Value | undefined;
  const finals: (readonly Value[])[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const own = layerParameters(cell, parameters, layer);
    // The first layer's input is one of few vectors, so each is projected once and the results are looked up.
    const projected = x ? cell.project(x, own) : gather(cell.project(parameter(parameters, "embedding"), own), tokens);
    const initial = states.map((state) => squeeze(slice(state, 0, layer, layer + 1), 0));
    const result = scan(initial, [projected], (previous, [step]) => {
      const next = step ? cell.step(step, previous, own) : [];
      return { states: next, outputs: next.slice(0, 1) };
    });
    finals.push(result.states);
    const [output] = result.outputs;
    if (!output) throw new Error("Internal error: a layer has an output");
    x = mask ? mul(output, slice(mask, 0, layer, layer + 1)) : output;
  }
  if (!x) throw new Error("Internal error: a network has a layer");
  const rows = window * batch;
  const logits = add(
    matMul(reshape(x, [rows, hidden]), transposed(parameter(parameters, "output.W"))),
    parameter(parameters, "output.b"),
  );
  const likelihoods = pick(logSoftmax(logits), reshape(targets, [rows]));
  const loss = mul(neg(reduceSum(likelihoods, [0])), scalar(1 / rows));
  const values = [...parameters.values()];
  const gradients = gradient(loss, values);
  return {
    inputs: [...values, tokens, targets, ...states, ...(mask ? [mask] : [])],
    outputs: {
      loss,
      ...Object.fromEntries(
        cell.states.map((name, i) => [
          stateOutput(name),
          concat(
            finals.map((final) => reshape(final[i] ?? loss, [1, batch, hidden])),
            0,
          ),
        ]),
      ),
      ...Object.fromEntries(specs.map((spec, i) => [gradientName(spec.name), gradients[i] ?? loss])),
    },
  };
}

export function gradientName(parameter: string): string {
  return `gradient:${parameter}`;
}

export function stateInput(name: string): string {
  return `state_${name}`;
}

export function stateOutput(name: string): string {
  return `state_${name}_out`;
}

/**
 * The graph of the model file: `tokens` [time, batch] and `state_*` [layers, batch, hidden] in, `logits` [time, batch,
 * vocabulary] and `state_*_out` out.
 * @param parameters constants
 */
export function inferenceGraph(architecture: Architecture, parameters: Parameters): TrainingGraph {
  const { layers, hidden } = architecture;
  const cell = cells[architecture.cell];
  const tokens = input("tokens", "int32", ["time", "batch"]);
  const states = cell.states.map((name) => input(stateInput(name), "float32", [layers, "batch", hidden]));
  let x = gather(parameter(parameters, "embedding"), tokens);
  const finals: (readonly Value[])[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const own = layerParameters(cell, parameters, layer);
    const result = cell.layer(
      x,
      states.map((state) => slice(state, 0, layer, layer + 1)),
      own,
    );
    x = result.output;
    finals.push(result.states);
  }
  const weights = transposed(parameter(parameters, "output.W"));
  const logits = add(matMul(x, weights), parameter(parameters, "output.b"));
  return {
    inputs: [tokens, ...states],
    outputs: {
      logits,
      ...Object.fromEntries(
        cell.states.map((name, i) => [
          stateOutput(name),
          concat(
            finals.map((final) => final[i] ?? logits),
            0,
          ),
        ]),
      ),
    },
  };
}
