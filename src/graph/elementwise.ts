import { assert } from "../errors.ts";
import { reduceSum, reshape } from "./reshaping.ts";
import { applyOne, type Dimension, type GradientRule, type Shape, sameShape, scalar, type Value } from "./value.ts";

/** a + b, broadcast. */
export function add(a: Value, b: Value): Value {
  return binary("Add", a, b, (_, [dy]) => [dy, dy]);
}

/** a − b, broadcast. */
export function sub(a: Value, b: Value): Value {
  return binary("Sub", a, b, (_, [dy], [, wantB]) => [dy, dy && wantB ? neg(dy) : undefined]);
}

/** a · b, element by element, broadcast. */
export function mul(a: Value, b: Value): Value {
  return binary("Mul", a, b, (_, [dy], [wantA, wantB]) => [
    dy && wantA ? mul(dy, b) : undefined,
    dy && wantB ? mul(dy, a) : undefined,
  ]);
}

export function neg(x: Value): Value {
  return unary("Neg", x, (_, dy) => neg(dy));
}

/** e^x; its gradient is itself. */
export function exp(x: Value): Value {
  return unary("Exp", x, (y, dy) => mul(dy, y));
}

/** 1 / (1 + e^−x); σ′ = σ (1 − σ). */
export function sigmoid(x: Value): Value {
  return unary("Sigmoid", x, (y, dy) => mul(mul(dy, y), sub(scalar(1), y)));
}

/** tanh′ = 1 − tanh². */
export function tanh(x: Value): Value {
  return unary("Tanh", x, (y, dy) => mul(dy, sub(scalar(1), mul(y, y))));
}

function unary(op: string, x: Value, gradient: (y: Value, dy: Value) => Value): Value {
  const rule: GradientRule = (node, [dy]) => {
    const [y] = node.outputs;
    return [dy && y ? gradient(y, dy) : undefined];
  };
  return applyOne({ op, inputs: [x], output: x, gradient: rule });
}

function binary(op: string, a: Value, b: Value, gradient: GradientRule): Value {
  assert(a.type === b.type, `${op} of ${a.type} and ${b.type}`);
  const rule: GradientRule = (node, gradients, wanted) =>
    gradient(node, gradients, wanted).map((dx, i) => {
      const operand = node.inputs[i];
      return dx && operand && wanted[i] ? sumTo(dx, operand.shape) : undefined;
    });
  return applyOne({
    op,
    inputs: [a, b],
    output: { type: a.type, shape: broadcast(a.shape, b.shape) },
    gradient: rule,
  });
}

/** NumPy's broadcasting: shapes are aligned at their last dimension, and a 1 stretches. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i): Dimension => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    assert(x === y || x === 1 || y === 1, `shapes [${a}] and [${b}] can't be broadcast`);
    return x === 1 ? y : x;
  });
}

/** The transpose of broadcasting: sums `x` over whatever was stretched from `shape`. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const stretched = x.shape.flatMap((dim, axis) =>
    axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : [],
  );
  return reshape(reduceSum(x, stretched, true), shape);
}
