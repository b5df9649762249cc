import { assert } from "../errors.ts";
import { apply, applyOne, int64s, known, normalAxis, type Shape, sameShape, type Value } from "./value.ts";

/** The same elements in another shape; at most one dimension may be symbolic (it is inferred when the graph runs). */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  assert(shape.filter((dim) => typeof dim === "string").length <= 1, `reshape to [${shape}] is not determined`);
  const dims = shape.map((dim) => (typeof dim === "string" ? -1 : dim));
  return applyOne({
    op: "Reshape",
    inputs: [x, int64s(dims)],
    output: { type: x.type, shape },
    gradient: (_, [dy]) => [dy && reshape(dy, x.shape)],
  });
}

/** Without a dimension of size 1. */
export function squeeze(x: Value, axis: number): Value {
  const at = normalAxis(axis, x.shape.length);
  assert(x.shape[at] === 1, `squeeze of dimension ${at} of [${x.shape}]`);
  return applyOne({
    op: "Squeeze",
    inputs: [x, int64s([at])],
    output: { type: x.type, shape: x.shape.filter((_, i) => i !== at) },
    gradient: (_, [dy]) => [dy && reshape(dy, x.shape)],
  });
}

/** Dimension i of the result is dimension `order[i]` of `x`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const inverse = x.shape.map((_, i) => order.indexOf(i));
  assert(
    order.length === x.shape.length && !inverse.includes(-1),
    `transpose of rank ${x.shape.length} by [${order}], which is no order of its dimensions`,
  );
  return applyOne({
    op: "Transpose",
    inputs: [x],
    attributes: { perm: { ints: order } },
    output: { type: x.type, shape: order.map((i) => x.shape[i] ?? 0) },
    gradient: (_, [dy]) => [dy && transpose(dy, inverse)],
  });
}

/** The matrix that `x` is the transpose of, if a Transpose made it; one that keeps the order of the dimensions does not count. */
export function beneathTranspose(x: Value): Value | undefined {
  const [source] = x.node.inputs;
  const { perm } = x.node.attributes;
  if (x.node.op !== "Transpose" || !perm || !("ints" in perm)) return undefined;
  return perm.ints.length === 2 && perm.ints[0] === 1 ? source : undefined;
}

/** Sum over some axes, which stay as dimensions of size 1 with `keep`. The sum over no axis is `x`; ONNX would take that for all axes. */
export function reduceSum(x: Value, axes: readonly number[], keep = false): Value {
  if (axes.length === 0) return x;
  const summed = axes.map((axis) => normalAxis(axis, x.shape.length));
  const kept = x.shape.map((dim, axis) => (summed.includes(axis) ? 1 : dim));
  return applyOne({
    op: "ReduceSum",
    inputs: [x, int64s(summed)],
    attributes: { keepdims: { int: keep ? 1 : 0 } },
    output: { type: x.type, shape: keep ? kept : x.shape.filter((_, axis) => !summed.includes(axis)) },
    gradient: (_, [dy]) => [dy && expand(reshape(dy, kept), x.shape)],
  });
}

/** `x` stretched to a shape of the same rank that it broadcasts to. */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  assert(shape.length === x.shape.length, `expand of [${x.shape}] to [${shape}]`);
  const stretched = shape.flatMap((dim, axis) => (x.shape[axis] === 1 && dim !== 1 ? [axis] : []));
  return applyOne({
    op: "Expand",
    inputs: [x, int64s(shape.map(known))],
    output: { type: x.type, shape },
    gradient: (_, [dy]) => [dy && reduceSum(dy, stretched, true)],
  });
}

/** `x` cut into equal parts along an axis. */
export function split(x: Value, parts: number, axis: number): Value[] {
  const at = normalAxis(axis, x.shape.length);
  const part = known(x.shape[at]) / parts;
  assert(Number.isInteger(part), `${x.shape[at]} can't be split into ${parts} equal parts`);
  const shape = x.shape.map((dim, i) => (i === at ? part : dim));
  return apply({
    op: "Split",
    inputs: [x],
    attributes: { axis: { int: at }, num_outputs: { int: parts } },
    outputs: Array.from({ length: parts }, () => ({ type: x.type, shape })),
    gradient: (node, gradients) => {
      const parts = node.outputs.map((output, i) => gradients[i] ?? zeros(output.shape));
      return [concat(parts, at)];
    },
  });
}

/** Tensors one after the other along an axis. */
export function concat(xs: readonly Value[], axis: number): Value {
  const [first] = xs;
  assert(first, "concat of nothing");
  const at = normalAxis(axis, first.shape.length);
  const sizes = xs.map((x) => known(x.shape[at]));
  const total = sizes.reduce((sum, part) => sum + part, 0);
  return applyOne({
    op: "Concat",
    inputs: xs,
    attributes: { axis: { int: at } },
    output: { type: first.type, shape: first.shape.map((dim, i) => (i === at ? total : dim)) },
    gradient: (_, [dy], wanted) => {
      let start = 0;
      return sizes.map((part, i) => {
        const from = start;
        start += part;
        return dy && wanted[i] ? slice(dy, at, from, from + part) : undefined;
      });
    },
  });
}

/** The part from `start` to before `end` along an axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = normalAxis(axis, x.shape.length);
  const length = known(x.shape[at]);
  assert(start >= 0 && start < end && end <= length, `slice ${start}–${end} of ${length}`);
  const shape = x.shape.map((dim, i) => (i === at ? end - start : dim));
  const filler = (size: number) => (size > 0 ? [zeros(x.shape.map((dim, i) => (i === at ? size : dim)))] : []);
  return applyOne({
    op: "Slice",
    inputs: [x, int64s([start]), int64s([end]), int64s([at])],
    output: { type: x.type, shape },
    gradient: (_, [dy]) => [dy && concat([...filler(start), dy, ...filler(length - end)], at)],
  });
}

/** Float32 zeros. */
export function zeros(shape: Shape): Value {
  return applyOne({
    op: "ConstantOfShape",
    inputs: [int64s(shape.map(known))],
    output: { type: "float32", shape },
  });
}
