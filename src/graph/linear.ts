import { assert } from "../errors.ts";
import { broadcast, sumTo } from "./elementwise.ts";
import { beneathTranspose, reshape, transpose } from "./reshaping.ts";
import { applyOne, size, type Value } from "./value.ts";

/** Matrix product of the last two dimensions, [..., m, k] · [..., k, n] = [..., m, n]; the dimensions before are broadcast. */
export function matMul(a: Value, b: Value): Value {
  const [m, k] = a.shape.slice(-2);
  const [k2, n] = b.shape.slice(-2);
  assert(m !== undefined && n !== undefined && k !== undefined && k === k2, `matMul of [${a.shape}] and [${b.shape}]`);
  const rows = a.shape.slice(0, -1);
  if (a.shape.length > 2 && b.shape.length === 2 && rows.every((dim) => typeof dim === "number")) {
    // One product of many rows instead of a batch of products: the gradient with respect to b is then one product too, with no sum.
    return reshape(matMul(reshape(a, [size(rows), k]), b), [...rows, n]);
  }
  return applyOne({
    op: "MatMul",
    inputs: [a, b],
    output: { type: a.type, shape: [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n] },
    gradient: (_, [dy], [wantA, wantB]) => [
      dy && wantA ? sumTo(matMul(dy, transposed(b)), a.shape) : undefined,
      dy && wantB ? sumTo(matMul(transposed(a), dy), b.shape) : undefined,
    ],
  });
}

/** The last two dimensions exchanged. The transpose of a matrix that is a transpose itself is the original. */
export function transposed(x: Value): Value {
  const source = beneathTranspose(x);
  if (source) return source;
  const rank = x.shape.length;
  return transpose(
    x,
    x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)),
  );
}
