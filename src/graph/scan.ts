import { assert } from "../errors.ts";
import { contributions, dependence, sum, topological } from "./gradient.ts";
import { matMul, transposed } from "./linear.ts";
import { beneathTranspose, reduceSum, reshape, transpose, zeros } from "./reshaping.ts";
import { addOutput, apply, type Body, type GradientRule, input, known, type Node, type Value } from "./value.ts";

export interface ScanResult {
  /** The states after the last iteration. */
  readonly states: readonly Value[];
  /** Each output of the body, stacked over the iterations: [time, ...]. */
  readonly outputs: readonly Value[];
}

export interface StepResult {
  readonly states: readonly Value[];
  readonly outputs: readonly Value[];
}

export interface ScanOptions {
  /** Go from the last element to the first. Outputs are stacked in the order of the inputs all the same. */
  readonly reverse?: boolean;
}

/**
 * A loop over the first dimension of `inputs`, as ONNX's Scan.
 *
 * `step` is called once, while the graph is built, with symbolic values of one iteration. It may use any value of the graph
 * around the loop; whatever it computes from those values alone is computed once, outside the loop.
 *
 * The gradient of the loop is a loop in the opposite direction, whose body is the gradient of this body. So back-propagation
 * through time is derived by the same rules as every other gradient.
 * @param states before the first iteration; any shapes
 * @param inputs [time, ...] each, all of the same known length
 * @param step gives the next states, in the order and shapes of `states`, and this iteration's outputs
 * @returns the states after the last iteration, and each output stacked: [time, ...]
 */
export function scan(
  states: readonly Value[],
  inputs: readonly Value[],
  step: (states: readonly Value[], inputs: readonly Value[]) => StepResult,
  options: ScanOptions = {},
): ScanResult {
  const stateParameters = states.map((state, i) => input(`state${i}`, state.type, state.shape));
  const inputParameters = inputs.map((x, i) => input(`input${i}`, x.type, x.shape.slice(1)));
  const result = step(stateParameters, inputParameters);
  return loop(states, inputs, [...stateParameters, ...inputParameters], result, options.reverse ?? false);
}

/** {@link scan} over a body that exists already. Any value may be a parameter: inside the body it stands for one iteration's value. */
function loop(
  states: readonly Value[],
  inputs: readonly Value[],
  parameters: Value[],
  result: StepResult,
  reverse: boolean,
): ScanResult {
  assert(result.states.length === states.length, "a Scan's body gives back as many states as it takes");
  const body: Body = { parameters, results: [...result.states, ...result.outputs] };
  const length = known(inputs[0]?.shape[0]);
  const outputs = apply({
    op: "Scan",
    inputs: [...states, ...inputs, ...captures(body)],
    attributes: { num_scan_inputs: { int: inputs.length }, reverse: { int: reverse ? 1 : 0 } },
    body,
    outputs: [...states, ...result.outputs.map((value) => ({ type: value.type, shape: [length, ...value.shape] }))],
    gradient: backPropagation,
  });
  return { states: outputs.slice(0, states.length), outputs: outputs.slice(states.length) };
}

/** The nodes that belong inside a body: those that depend on its parameters. */
export function innerNodes(body: Body): Set<Node> {
  const bound = new Set(body.parameters);
  return new Set(topological(body.results, dependence(bound), bound));
}

/** The values around a Scan that its body uses. */
function captures(body: Body): Value[] {
  const bound = new Set(body.parameters);
  const inner = innerNodes(body);
  const used = new Set<Value>();
  const use = (value: Value): void => {
    if (!bound.has(value) && !inner.has(value.node)) used.add(value);
  };
  for (const node of inner) node.inputs.forEach(use);
  body.results.forEach(use);
  return [...used];
}

/** How many of the inputs of a Scan are states and how many are scanned, and in which direction. */
export function scanArity(node: Node): { readonly states: number; readonly inputs: number; readonly reverse: boolean } {
  const { num_scan_inputs: count, reverse } = node.attributes;
  assert(node.body && count && "int" in count && reverse && "int" in reverse, "a Scan has a body and its attributes");
  return { states: node.body.parameters.length - count.int, inputs: count.int, reverse: reverse.int === 1 };
}

/** The values that a value of a Scan's body has in all iterations, stacked: an output of the Scan, which is added if it is missing. */
function keep(node: Node, value: Value): Value {
  const { body } = node;
  assert(body, "a Scan has a body");
  const { states } = scanArity(node);
  const at = body.results.indexOf(value, states);
  if (at >= 0) return node.outputs[at] ?? value;
  body.results.push(value);
  const length = known(node.inputs[states]?.shape[0]);
  return addOutput(node, { type: value.type, shape: [length, ...value.shape] });
}

const backPropagation: GradientRule = (node, gradients, wanted) => {
  const { body } = node;
  assert(body, "a Scan has a body");
  const arity = scanArity(node);
  const stateParameters = body.parameters.slice(0, arity.states);
  const inputParameters = body.parameters.slice(arity.states);
  const captured = node.inputs.slice(body.parameters.length);
  const inner = innerNodes(body);

  // The gradient of one iteration, over the gradients of its results.
  const seeds = new Map<Value, Value>();
  const seed = (value: Value, by: Value): void => {
    const before = seeds.get(value);
    seeds.set(value, before ? (sum([before, by]) ?? by) : by);
  };
  const stateGradients = stateParameters.map((state, i) => input(`dstate${i}`, state.type, state.shape));
  stateGradients.forEach((by, i) => {
    const result = body.results[i];
    if (result) seed(result, by);
  });
  const given = new Map<Value, Value>();
  gradients.forEach((by, i) => {
    const result = body.results[i];
    if (i < arity.states || !by || !result) return;
    const parameter = input(`doutput${i}`, result.type, result.shape);
    given.set(parameter, by);
    seed(result, parameter);
  });
  const wantedCaptures = captured.filter((_, i) => wanted[body.parameters.length + i]);
  const flows = contributions(seeds, [...stateParameters, ...inputParameters, ...wantedCaptures], inner);
  const flowInto = (value: Value, i: number): Value => sum(flows[i] ?? []) ?? zeros(value.shape);
  const nextStates = stateParameters.map(flowInto);
  const inputFlows = inputParameters.map((value, i) =>
    wanted[arity.states + i] ? flowInto(value, arity.states + i) : undefined,
  );
  const terms = wantedCaptures.map((_, i) => (flows[body.parameters.length + i] ?? []).map(overTime));

  // The values of the forward iteration that its gradient uses: the forward Scan stacks them, and they are inputs here.
  const needed = [
    ...nextStates,
    ...inputFlows.filter((value) => value !== undefined),
    ...terms.flat().flatMap((term) => term.operands),
  ];
  for (const value of usedOf(inner, body.parameters, needed)) {
    const index = inputParameters.indexOf(value);
    const stacked = index >= 0 ? node.inputs[arity.states + index] : keep(node, value);
    assert(stacked, "a Scan's parameter has an input");
    given.set(value, stacked);
  }

  const outputs = [...new Set(needed.slice(nextStates.length).filter((value) => !given.has(value)))];
  const back = loop(
    stateParameters.map((state, i) => gradients[i] ?? zeros(state.shape)),
    [...given.values()],
    [...stateGradients, ...given.keys()],
    { states: nextStates, outputs },
    !arity.reverse,
  );
  const stackedOf = (value: Value): Value => {
    const stacked = given.get(value) ?? back.outputs[outputs.indexOf(value)];
    assert(stacked, "what a gradient needs over time is stacked");
    return stacked;
  };
  const ofCapture = new Map(
    wantedCaptures.map((value, i) => [value, sum((terms[i] ?? []).map((term) => term.total(stackedOf)))]),
  );
  return [
    ...back.states,
    ...inputFlows.map((value) => value && stackedOf(value)),
    ...captured.map((value) => ofCapture.get(value)),
  ];
};

interface TermOverTime {
  /** Values of one iteration that must be stacked. */
  readonly operands: readonly Value[];
  /** The sum of the term over all iterations. */
  readonly total: (stackedOf: (value: Value) => Value) => Value;
}

/**
 * How to sum a value of each iteration over time. A sum of matrix products is one product of the operands laid side by
 * side, Σ_t A_t·B_t = [A_1 … A_T]·[B_1; …; B_T]: the weights' gradients become one large multiplication after the loop.
 */
function overTime(value: Value): TermOverTime {
  const [a, b] = value.node.inputs;
  if (value.node.op !== "MatMul" || !a || !b || a.shape.length !== 2 || b.shape.length !== 2) {
    return { operands: [value], total: (stackedOf) => reduceSum(stackedOf(value), [0]) };
  }
  // A transpose is undone here and made again after the loop, once and not at each iteration.
  const left = beneathTranspose(a);
  const right = beneathTranspose(b);
  return {
    operands: [left ?? a, right ?? b],
    total: (stackedOf) => {
      const x = stackedOf(left ?? a);
      const y = stackedOf(right ?? b);
      const inner = known(x.shape[0]) * known(a.shape[1]);
      const [m, n] = [known(a.shape[0]), known(b.shape[1])];
      const wide = left ? transposed(reshape(x, [inner, m])) : reshape(transpose(x, [1, 0, 2]), [m, inner]);
      const tall = reshape(right ? transposed(y) : y, [inner, n]);
      return matMul(wide, tall);
    },
  };
}

/** The parameters and inner values that `values` are computed from, directly or through other nodes. */
function usedOf(inner: ReadonlySet<Node>, parameters: readonly Value[], values: readonly Value[]): Set<Value> {
  const used = new Set<Value>();
  const seen = new Set<Node>();
  const visit = (value: Value): void => {
    if (parameters.includes(value) || inner.has(value.node)) {
      used.add(value);
    } else if (!seen.has(value.node)) {
      seen.add(value.node);
      value.node.inputs.forEach(visit);
    }
  };
  values.forEach(visit);
  return used;
}
