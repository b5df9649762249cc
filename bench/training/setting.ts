/** What every contestant trains: an LSTM over bytes, its size and the shape of a step. */
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

/** What a contestant prints: the median step, and the most memory that its process held. */
export interface Figure {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** Multiplications and additions of the matrix products for one character, forward and backward. */
export function flopsPerChar({ hidden, layers }: Pick<Setting, "hidden" | "layers">): number {
  const recurrent = 2 * 4 * hidden * hidden * layers;
  const between = 2 * 4 * hidden * hidden * (layers - 1);
  const output = 2 * hidden * vocabulary;
  return 3 * (recurrent + between + output);
}

/** A matrix product, [rows, inner] by [inner, columns], and how often a step needs it. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly times: number;
}

/**
 * The products that one step cannot do without: in each layer those of the state, one time after the other, forward and backward;
 * all others over all times at once. The first layer's input is looked up.
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
    { rows: all, inner: hidden, columns: vocabulary, times: 1 },
    { rows: all, inner: vocabulary, columns: hidden, times: 1 },
    { rows: hidden, inner: all, columns: vocabulary, times: 1 },
  ].filter(({ times }) => times > 0);
}
