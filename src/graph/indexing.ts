import { assert } from "../errors.ts";
import { exp, mul, neg } from "./elementwise.ts";
import { type ElementType, elementCodes } from "./onnx.ts";
import { expand, reshape, zeros } from "./reshaping.ts";
import { applyOne, known, size, type Value } from "./value.ts";

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
      return [reshape(addAt(zeros([rows, width]), row, reshape(dy, [count, width]), 0), table.shape)];
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

/**
 * ln softmax(logits)[target] of each row: [rows, columns] and [rows] (int) give [rows].
 *
 * The rule of its second operator gives the gradient with respect to the logits at once, (one-hot − softmax) · dy. The rule of the
 * first, whose output nothing else reads, passes it on. This avoids a tensor of the size of the logits that is zero but for one
 * element in each row.
 */
export function logLikelihood(logits: Value, target: Value): Value {
  const [rows] = logits.shape;
  assert(
    rows !== undefined && logits.shape.length === 2,
    `the likelihood of tokens by logits of shape [${logits.shape}]`,
  );
  const column = reshape(cast(target, "int64"), [rows, 1]);
  const all = applyOne({
    op: "LogSoftmax",
    inputs: [logits],
    attributes: { axis: { int: -1 } },
    output: logits,
    gradient: (_, [dLogits]) => [dLogits],
  });
  const likelihood = applyOne({
    op: "GatherElements",
    inputs: [all, column],
    attributes: { axis: { int: 1 } },
    output: { type: logits.type, shape: [rows, 1] },
    gradient: (_, [dy]) => [dy && addAt(mul(exp(all), neg(dy)), column, dy, 1)],
  });
  return reshape(likelihood, [rows]);
}

/** Adds the updates to a tensor where their indices (int64, of the same shape) point to along an axis. Not differentiable. */
function addAt(x: Value, indices: Value, updates: Value, axis: number): Value {
  return applyOne({
    op: "ScatterElements",
    inputs: [x, indices, updates],
    attributes: { axis: { int: axis }, reduction: { string: "add" } },
    output: x,
  });
}
