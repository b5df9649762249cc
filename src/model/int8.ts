/** A matrix in eight bits a weight, with a scale for each row: weight = value · scale. */
export interface Int8Rows {
  /** [rows, columns], row-major. */
  readonly values: Int8Array;
  /** [rows] */
  readonly scales: Float32Array;
}

/**
 * Rounds a matrix, so that the largest weight of each row becomes ±`largest`.
 * @param weights [rows, columns], row-major
 */
export function quantizeRows(weights: Float32Array, rows: number, largest = 127): Int8Rows {
  const columns = weights.length / rows;
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * columns, (row + 1) * columns];
    let most = 0;
    for (let i = start; i < end; i++) most = Math.max(most, Math.abs(weights[i] as number));
    const scale = most > 0 ? most / largest : 1;
    scales[row] = scale;
    for (let i = start; i < end; i++) values[i] = Math.round((weights[i] as number) / scale);
  }
  return { values, scales };
}

/** The weights that {@link quantizeRows} rounded, [rows, columns], row-major. */
export function dequantizeRows({ values, scales }: Int8Rows): Float32Array {
  const columns = values.length / scales.length;
  const weights = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++)
    weights[i] = (values[i] as number) * (scales[Math.floor(i / columns)] as number);
  return weights;
}
