import { assert } from "../errors.ts";
import { add, mul, sub } from "./elementwise.ts";
import { reduceSum } from "./reshaping.ts";
import { apply, constant, known, scalar, type Value } from "./value.ts";

const epsilon = 1e-5;

/**
 * Layer normalisation (Ba et al. 2016) over the last dimension: y = (x − mean) / σ. It has no gain and bias of its own, because the
 * linear map that follows has them already. Its gradient is (dy − mean(dy) − y · mean(dy · y)) / σ.
 */
export function layerNorm(x: Value): Value {
  const width = known(x.shape.at(-1));
  const statistic = { type: x.type, shape: [...x.shape.slice(0, -1), 1] };
  const mean = (of: Value): Value => mul(reduceSum(of, [-1], true), scalar(1 / width));
  const [normalized] = apply({
    op: "LayerNormalization",
    inputs: [x, constant(new Float32Array(width).fill(1), [width])],
    attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    outputs: [x, statistic, statistic],
    gradient: (node, [dy]) => {
      const [y, , perDeviation] = node.outputs;
      return [dy && y && perDeviation && mul(sub(dy, add(mean(dy), mul(y, mean(mul(dy, y))))), perDeviation)];
    },
  });
  assert(normalized, "a normalisation has an output");
  return normalized;
}
