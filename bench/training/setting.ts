/** What every contestant trains: an LSTM over bytes, its size and the size of a step. */
export interface Setting {
  readonly hidden: number;
  readonly layers: number;
  readonly batch: number;
  /** Steps that are taken, the first of which are not counted. */
  readonly steps: number;
}

export const window = 64;
export const vocabulary = 256;
export const embedding = 64;

/** What a contestant prints. */
export interface Figure {
  /** The mean step, without the first quarter of them. */
  readonly milliseconds: number;
  /** The most memory that its process held. */
  readonly megabytes: number;
  /** Of the first and the last step, in nats per token: that it falls shows that the contestant does learn. */
  readonly losses: readonly [number, number];
}

/** Multiplications and additions of the matrix products for one character, forward and backward. */
export function flopsPerChar({ hidden, layers }: Pick<Setting, "hidden" | "layers">): number {
  const recurrent = 2 * 4 * hidden * hidden * layers;
  const between = 2 * 4 * hidden * hidden * (layers - 1);
  const output = 2 * hidden * vocabulary;
  return 3 * (recurrent + between + output);
}

/** A matrix product, [rows, inner] by [inner, columns] or, transposed, the other way round, and how often a step needs it. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly times: number;
}

/**
 * The products that one step cannot do without: in each layer those of the state, one time after the other, forward and backward;
 * all others over all times at once. The first layer looks its input up in a table that is the product of the weights and the
 * tokens' vectors.
 */
export function productsOf({ hidden, layers, batch }: Pick<Setting, "hidden" | "layers" | "batch">): Product[] {
  const gates = 4 * hidden;
  const all = batch * window;
  return [
    { rows: batch, inner: hidden, columns: gates, times: layers * window },
    { rows: batch, inner: gates, columns: hidden, times: layers * window },
    { rows: hidden, inner: all, columns: gates, times: layers },
    { rows: all, inner: hidden, columns: gates, times: layers - 1 },
    { rows: all, inner: gates, columns: hidden, times: layers - 1 },
    { rows: hidden, inner: all, columns: gates, times: layers - 1 },
    { rows: vocabulary, inner: embedding, columns: gates, times: 1 },
    { rows: vocabulary, inner: gates, columns: embedding, times: 1 },
    { rows: embedding, inner: vocabulary, columns: gates, times: 1 },
    { rows: all, inner: hidden, columns: vocabulary, times: 1 },
    { rows: all, inner: vocabulary, columns: hidden, times: 1 },
    { rows: hidden, inner: all, columns: vocabulary, times: 1 },
  ].filter(({ times }) => times > 0);
}
