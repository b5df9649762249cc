import { add, exp, mul, neg, sigmoid, sub, tanh } from "../../src/graph/elementwise.ts";
import { cast, gather, logLikelihood } from "../../src/graph/indexing.ts";
import { matMul, transposed } from "../../src/graph/linear.ts";
import { layerNorm } from "../../src/graph/normalization.ts";
import { concat, expand, reduceSum, reshape, slice, split, transpose } from "../../src/graph/reshaping.ts";
import { scan } from "../../src/graph/scan.ts";
import { input, type Value } from "../../src/graph/value.ts";
import { assertGradient } from "../support/gradients.ts";

const x = (...shape: number[]): Value => input("x", "float32", shape);
const y = (...shape: number[]): Value => input("y", "float32", shape);

describe("the gradient rule of", () => {
  it("Add, with broadcasting", () => assertGradient(add, [x(2, 3), y(3)]));
  it("Sub, with broadcasting of a middle dimension", () => assertGradient(sub, [x(2, 1, 2), y(2, 3, 2)]));
  it("Mul, with broadcasting of both sides", () => assertGradient(mul, [x(2, 1), y(1, 3)]));
  it("Mul of a value with itself", () => assertGradient((a) => mul(a, a), [x(3)]));
  it("Neg", () => assertGradient(neg, [x(3)]));
  it("Exp", () => assertGradient(exp, [x(3)]));
  it("Sigmoid", () => assertGradient(sigmoid, [x(4)]));
  it("Tanh", () => assertGradient(tanh, [x(4)]));
  it("MatMul", () => assertGradient(matMul, [x(2, 3), y(3, 4)]));
  it("MatMul over a batch, with a broadcast factor", () => assertGradient(matMul, [x(2, 2, 3), y(3, 2)]));
  it("Reshape", () => assertGradient((a) => tanh(reshape(a, [3, 2])), [x(2, 3)]));
  it("Transpose", () => assertGradient((a) => transpose(a, [2, 0, 1]), [x(2, 3, 2)]));
  it("Transpose that changes nothing, on both sides of a MatMul", () =>
    assertGradient((a, b) => matMul(transpose(a, [0, 1]), transposed(transpose(b, [0, 1]))), [x(2, 3), y(4, 3)]));
  it("ReduceSum", () => assertGradient((a) => tanh(reduceSum(a, [1])), [x(2, 3, 2)]));
  it("ReduceSum over no axis", () => assertGradient((a) => tanh(reduceSum(a, [])), [x(2, 3)]));
  it("Expand", () => assertGradient((a) => tanh(expand(a, [2, 3])), [x(2, 1)]));
  it("Split, where only some parts are used", () =>
    assertGradient(
      (a) => {
        const [first, , third] = split(a, 3, 1);
        return mul(tanh(first!), third!);
      },
      [x(2, 6)],
    ));
  it("Concat", () => assertGradient((a, b) => tanh(concat([a, b, a], 1)), [x(2, 1), y(2, 2)]));
  it("Slice", () => assertGradient((a) => tanh(slice(a, 1, 1, 3)), [x(2, 4)]));
  it("LayerNormalization", () => assertGradient(layerNorm, [x(2, 2, 4)]));
  it("Cast between floating-point types", () => {
    const a = x(3);
    // Multiples of the step, which float16 holds exactly.
    const at = new Map([[a, Float32Array.of(0.5, -0.25, 1.75)]]);
    return assertGradient((a) => mul(cast(cast(a, "float16"), "float32"), a), [a], at, 1 / 64);
  });
  for (const rows of [4, 5]) {
    it(`Gather from ${rows} rows, where one is used twice and another never`, () => {
      const indices = input("indices", "int32", [2, 2]);
      return assertGradient(
        (table, at) => tanh(gather(table, at)),
        [x(rows, 2), indices],
        new Map([[indices, Int32Array.of(1, 3, 1, 0)]]),
      );
    });
  }
  it("the log likelihood of an element of each row", () => {
    const indices = input("indices", "int32", [3]);
    return assertGradient(
      (a, at) => logLikelihood(a, at),
      [x(3, 4), indices],
      new Map([[indices, Int32Array.of(2, 0, 2)]]),
    );
  });
});

describe("the gradient of a Scan", () => {
  const weight = input("w", "float32", [2, 2]);
  const cell = (h: Value, input: Value, w: Value): Value => tanh(add(input, matMul(h, w)));

  it("reaches the initial state, the inputs and what the body captures", () =>
    assertGradient(
      (h0, xs, w) => {
        const { outputs } = scan([h0], [xs], ([h], [xt]) => {
          const next = cell(h!, xt!, w);
          return { states: [next], outputs: [next] };
        });
        return outputs[0]!;
      },
      [x(2, 2), y(3, 2, 2), weight],
    ));

  it("goes through the final state alone", () =>
    assertGradient(
      (h0, xs, w) => scan([h0], [xs], ([h], [xt]) => ({ states: [cell(h!, xt!, w)], outputs: [] })).states[0]!,
      [x(2, 2), y(3, 2, 2), weight],
    ));

  it("is right for a reversed loop", () =>
    assertGradient(
      (h0, xs, w) => {
        const result = scan(
          [h0],
          [xs],
          ([h], [xt]) => {
            const next = cell(h!, xt!, w);
            return { states: [next], outputs: [sigmoid(next)] };
          },
          { reverse: true },
        );
        return add(result.outputs[0]!, result.states[0]!);
      },
      [x(2, 2), y(3, 2, 2), weight],
    ));

  it("is right where the weights stand left, several values are captured, and one output is an input itself", () =>
    assertGradient(
      (h0, xs, w, b) => {
        const { outputs, states } = scan([h0, h0], [xs], ([h, c], [xt]) => {
          const pre = add(add(matMul(w, h!), xt!), b);
          const next = mul(tanh(pre), sigmoid(c!));
          return { states: [next, add(c!, next)], outputs: [xt!, mul(next, next)] };
        });
        return add(add(outputs[0]!, outputs[1]!), states[1]!);
      },
      [x(2, 2), y(3, 2, 2), weight, input("b", "float32", [2, 1])],
    ));

  it("is right where the loop transposes, and where a Transpose of it changes nothing", () =>
    assertGradient(
      (h0, xs, w) => {
        const { outputs } = scan([h0], [xs], ([h], [xt]) => {
          const product = transpose(matMul(transpose(h!, [0, 1]), transposed(w)), [0, 1]);
          const next = tanh(add(xt!, transposed(matMul(w, transposed(product)))));
          return { states: [next], outputs: [next] };
        });
        return outputs[0]!;
      },
      [x(2, 2), y(3, 2, 2), weight],
    ));

  it("is right for one Scan after another", () =>
    assertGradient(
      (h0, xs, w) => {
        const layer = (sequence: Value): Value =>
          scan([h0], [sequence], ([h], [xt]) => {
            const next = cell(h!, xt!, w);
            return { states: [next], outputs: [next] };
          }).outputs[0]!;
        return layer(layer(xs));
      },
      [x(2, 2), y(3, 2, 2), weight],
    ));
});
