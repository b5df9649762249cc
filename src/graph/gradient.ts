import { add } from "./elementwise.ts";
import { zeros } from "./reshaping.ts";
import { type Node, scalar, type Value } from "./value.ts";

/**
 * Reverse-mode differentiation: the gradients of a scalar with respect to some values, as new values of the same graph.
 * Each operator has its own rule, next to the operator; this is only the chain rule.
 * @param wrt inputs or constants
 */
export function gradient(loss: Value, wrt: readonly Value[]): Value[] {
  const found = contributions(new Map([[loss, scalar(1)]]), wrt);
  return wrt.map((value, i) => sum(found[i] ?? []) ?? zeros(value.shape));
}

/**
 * What flows back into each of `wrt`, not yet summed.
 * @param seeds the gradient of the scalar with respect to values that it depends on directly
 * @param within the only nodes to go through; all, if it is not given
 */
export function contributions(
  seeds: ReadonlyMap<Value, Value>,
  wrt: readonly Value[],
  within?: ReadonlySet<Node>,
): (readonly Value[])[] {
  const wanted = new Set(wrt);
  const reaches = dependence(wanted, within);
  const flows = new Map<Value, Value[]>();
  const flow = (value: Value, by: Value): void => {
    const list = flows.get(value);
    if (list) list.push(by);
    else flows.set(value, [by]);
  };
  for (const [value, seed] of seeds) flow(value, seed);
  const isWanted = (value: Value): boolean => wanted.has(value) || reaches(value.node);
  const order = topological(seeds.keys(), reaches);
  for (const node of order.reverse()) {
    const outer = node.outputs.map((output) => sum(flows.get(output) ?? []));
    if (!node.gradient || outer.every((value) => value === undefined)) continue;
    const inner = node.gradient(node, outer, node.inputs.map(isWanted));
    node.inputs.forEach((value, i) => {
      const by = inner[i];
      if (by && isWanted(value)) flow(value, by);
    });
  }
  return wrt.map((value) => flows.get(value) ?? []);
}

export function sum(values: readonly Value[]): Value | undefined {
  const [first, ...rest] = values;
  return first && rest.reduce(add, first);
}

/** Whether a node depends on one of `values`, going only through nodes of `within`. */
export function dependence(values: ReadonlySet<Value>, within?: ReadonlySet<Node>): (node: Node) => boolean {
  const known = new Map<Node, boolean>();
  const depends = (node: Node): boolean => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const found =
      (!within || within.has(node)) && node.inputs.some((value) => values.has(value) || depends(value.node));
    known.set(node, found);
    return found;
  };
  return depends;
}

/**
 * The nodes that `roots` are computed from, each after its inputs; only those that pass `filter`.
 * @param given values that are not computed here
 */
export function topological(
  roots: Iterable<Value>,
  filter: (node: Node) => boolean,
  given: ReadonlySet<Value> = new Set(),
): Node[] {
  const order = new Set<Node>();
  const visit = (value: Value): void => {
    const { node } = value;
    if (given.has(value) || order.has(node) || !filter(node)) return;
    node.inputs.forEach(visit);
    order.add(node);
  };
  for (const root of roots) visit(root);
  return [...order];
}
