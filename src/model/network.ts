import { add, mul, neg } from "../graph/elementwise.ts";
import { gradient } from "../graph/gradient.ts";
import { gather, logLikelihood } from "../graph/indexing.ts";
import { matMul, transposed } from "../graph/linear.ts";
import { reduceSum, reshape, squeeze, transpose } from "../graph/reshaping.ts";
import { type Dimension, input, type Shape, scalar, type Value } from "../graph/value.ts";
import { cells } from "./cells.ts";
import { conditionLength } from "./condition.ts";
import type { Architecture } from "./info.ts";
import { embedded, type LayerForm, loopForm, operatorForm, runLayers } from "./layers.ts";
import {
  cellParameters,
  enterName,
  type Parameters,
  parameter,
  parameterSpecs,
  predictsByEmbedding,
} from "./parameters.ts";

/** A graph: its inputs and outputs. */
export interface NetworkGraph {
  readonly inputs: readonly Value[];
  readonly outputs: Readonly<Record<string, Value>>;
}

export interface TrainingGraphOptions {
  readonly batch: number;
  readonly window: number;
  /** Whether dropout masks are inputs. */
  readonly dropout: boolean;
}

/**
 * One step of truncated back-propagation through time.
 *
 * Inputs: every parameter by its name; `tokens` and `targets` [window, batch]; `loss_weights` [window, batch], the weight of each
 * target, 1 in all; `state_*` [layers, batch, hidden]; with dropout, `mask` [layers, batch, hidden], what each layer's
 * output is multiplied with, the same at each time step of the window (variational dropout, Gal & Ghahramani 2016, §4); with a
 * condition, `condition` [length, batch] and `enters` [batch, 1], 1 where it enters the state before the window, else 0.
 *
 * Outputs: `loss` (the sum of the nats of all targets times their loss weights: the mean, as the lanes set them), `state_*_out` [layers, batch, hidden], `gradient:NAME` of each parameter.
 */
export function trainingGraph(
  architecture: Architecture,
  vocabulary: number,
  options: TrainingGraphOptions,
): NetworkGraph {
  const { layers, hidden } = architecture;
  const { batch, window } = options;
  const specs = parameterSpecs(architecture, vocabulary);
  const parameters = new Map(specs.map(({ name, shape }) => [name, input(name, "float32", shape)]));
  const tokens = input("tokens", "int32", [window, batch]);
  const targets = input("targets", "int32", [window, batch]);
  const lossWeights = input("loss_weights", "float32", [window, batch]);
  const stateShape: Shape = [layers, batch, hidden];
  const states = stateInputs(architecture, batch);
  const mask = options.dropout ? input("mask", "float32", stateShape) : undefined;
  const condition = conditionInput(architecture, conditionLength(architecture.task), batch);
  const enters = input("enters", "float32", [batch, 1]);
  const entered = condition
    ? entering(loopForm, architecture, parameters, condition).map((by, i) =>
        states[i] ? add(states[i], mul(by, enters)) : by,
      )
    : states;
  const result = runLayers(loopForm, architecture, parameters, tokens, entered, mask);
  const rows = window * batch;
  const logits = outputLogits(architecture, parameters, reshape(result.output, [rows, hidden]));
  const likelihoods = logLikelihood(logits, reshape(targets, [rows]));
  const loss = neg(reduceSum(mul(likelihoods, reshape(lossWeights, [rows])), [0]));
  const values = [...parameters.values()];
  const gradients = gradient(loss, values);
  return {
    inputs: [
      ...values,
      tokens,
      targets,
      lossWeights,
      ...states,
      ...(mask ? [mask] : []),
      ...(condition ? [condition, enters] : []),
    ],
    outputs: {
      loss,
      ...stateOutputs(architecture, result.states),
      ...Object.fromEntries(specs.map((spec, i) => [gradientName(spec.name), gradients[i] ?? loss])),
    },
  };
}

/**
 * The graph of the model file: `tokens` [time, batch] and `state_*` [layers, batch, hidden] in, `logits` [time, batch, outputs]
 * and `state_*_out` out. With a condition also `condition` [length, batch] in and `enter_*` [layers, batch, hidden] out: what to
 * add to the state where the condition enters.
 * @param parameters constants, or what is computed from constants alone
 */
export function inferenceGraph(
  architecture: Architecture,
  parameters: Parameters,
  form: LayerForm = operatorForm,
): NetworkGraph {
  const tokens = input("tokens", "int32", ["time", "batch"]);
  const states = stateInputs(architecture, "batch");
  const result = runLayers(form, architecture, parameters, tokens, states);
  const condition = conditionInput(architecture, "length", "batch");
  const names = cells[architecture.cell].states;
  return {
    inputs: [tokens, ...states, ...(condition ? [condition] : [])],
    outputs: {
      logits: outputLogits(architecture, parameters, result.output),
      ...stateOutputs(architecture, result.states),
      ...(condition &&
        Object.fromEntries(
          entering(operatorForm, architecture, parameters, condition).map((by, i) => [enterOutput(names[i] ?? ""), by]),
        )),
    },
  };
}

/**
 * What a condition adds to each state, [layers, batch, hidden]: a linear map of the mean of its words' vectors (one-to-many),
 * or of the final state of an encoder that reads it (sequence to sequence; Sutskever et al. 2014, §2).
 */
function entering(form: LayerForm, architecture: Architecture, parameters: Parameters, condition: Value): Value[] {
  const { layers, hidden } = architecture;
  const cell = cells[architecture.cell];
  const [, batch = 1] = condition.shape;
  const vector = (): Value => {
    if (architecture.task === "one-to-many") {
      const words = gather(parameter(parameters, "context"), condition);
      return mul(reduceSum(words, [0]), scalar(1 / conditionLength(architecture.task)));
    }
    const own = cellParameters(cell, parameters, "encoder");
    const zero = form.zeroStates(cell, batch, hidden);
    const [final] = form.layer(cell, embedded(architecture, parameters, condition), zero, own).states;
    if (!final) throw new Error("Internal error: a layer has a state");
    return squeeze(final, 0);
  };
  const from = vector();
  return cell.states.map((state) => {
    const added = matMul(from, transposed(parameter(parameters, enterName(architecture.task, state))));
    return transpose(reshape(added, [batch, layers, hidden]), [1, 0, 2]);
  });
}

function outputLogits(architecture: Architecture, parameters: Parameters, x: Value): Value {
  const weights = parameter(parameters, predictsByEmbedding(architecture) ? "embedding" : "output.W");
  return add(matMul(x, transposed(weights)), parameter(parameters, "output.b"));
}

function stateInputs({ cell, layers, hidden }: Architecture, batch: number | string): Value[] {
  return cells[cell].states.map((name) => input(stateInput(name), "float32", [layers, batch, hidden]));
}

function stateOutputs({ cell }: Architecture, states: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(
    cells[cell].states.flatMap((name, i) => (states[i] ? [[stateOutput(name), states[i]]] : [])),
  );
}

function conditionInput({ task }: Architecture, length: Dimension, batch: Dimension): Value | undefined {
  return conditionLength(task) === 0 ? undefined : input("condition", "int32", [length, batch]);
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

export function enterOutput(name: string): string {
  return `enter_${name}`;
}
