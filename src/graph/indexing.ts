import { assert } from "../errors.ts";
import { exp, mul, sub } from "./elementwise.ts";
import { type ElementType, elementCodes } from "./onnx.ts";
import { expand, reduceSum, reshape, zeros } from "./reshaping.ts";
import { applyOne, known, type Shape, size, type Value } from "./value.ts";

/** Rows of a table: [rows, ...] and indices of any shape give [...indices, ...]. */
export function gather(table: Value, indices: Value): Value {
  return applyOne({
    op: "Gather",
    inputs: [table, indices],
    attributes: { axis: { int: 0 } },
    output: { type: table.type, shape: [...indices.shape, ...table.shape.slice(1)] },
    gradient: (_, [dy], [wantTable]) => {
      if (!dy || !wantTable) return [];
      const [rows, count, width] = [known(table.shape[0]), size(indices.shape), size(table.shape.slice(1))];
      const row = expand(cast(reshape(indices, [count, 1]), "int64"), [count, width]);
      return [reshape(scatter(reshape(dy, [count, width]), row, [rows, width], 0), table.shape)];
    },
  });
}

/** The same numbers as another type; differentiable between floating-point types. */
export function cast(x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  return applyOne({
    op: "Cast",
    inputs: [x],
    attributes: { to: { int: elementCodes[type] } },
    output: { type, shape: x.shape },
    gradient: (_, [dy]) => [dy && cast(dy, x.type)],
  });
}

/** log softmax over the last dimension; its gradient is dy − softmax · Σ dy. */
export function logSoftmax(x: Value): Value {
  return applyOne({
    op: "LogSoftmax",
    inputs: [x],
    attributes: { axis: { int: -1 } },
    output: x,
    gradient: (node, [dy]) => {
      const [y] = node.outputs;
      return [dy && y && sub(dy, mul(exp(y), reduceSum(dy, [-1], true)))];
    },
  });
}

/** The element that `index` names in each row: [rows, columns] and [rows] (int) give [rows]. */
export function pick(x: Value, index: Value): Value {
  const [rows] = x.shape;
  assert(rows !== undefined && x.shape.length === 2, `pick from [${x.shape}]`);
  const column = reshape(cast(index, "int64"), [rows, 1]);
  const picked = applyOne({
    op: "GatherElements",
    inputs: [x, column],
    attributes: { axis: { int: 1 } },
    output: { type: x.type, shape: [rows, 1] },
    gradient: (_, [dy], [wantX]) => [dy && wantX ? scatter(dy, column, x.shape, 1) : undefined],
  });
  return reshape(picked, [rows]);
}

/** Sums the updates where their indices (int64, of the same shape) point to along an axis, in a tensor of zeros. Not differentiable. */
function scatter(updates: Value, indices: Value, shape: Shape, axis: number): Value {
  return applyOne({
    op: "ScatterElements",
    inputs: [zeros(shape), indices, updates],
    attributes: { axis: { int: axis }, reduction: { string: "add" } },
    output: { type: updates.type, shape },
  });
}
