import { applyOne, type Value } from "./value.ts";

/** Rows in float32: int8 values [rows, columns], each multiplied with the scale of its row, [rows]. */
export function dequantize(values: Value, scales: Value): Value {
  return applyOne({
    op: "DequantizeLinear",
    inputs: [values, scales],
    attributes: { axis: { int: 0 } },
    output: { type: "float32", shape: values.shape },
  });
}
