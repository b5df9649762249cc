import { squash } from "./logistic.ts";

/** The map interpolates between points from -range to range in the logistic domain, this many steps apart: one point for each unit. */
const steps = 24;
const range = 12;

/**
 * An adaptive probability map, also called secondary symbol estimation (paq8's APM; Mahoney, "Data Compression Explained", §4.3).
 * It learns how often a prediction comes true in a small context, and corrects it.
 */
export class AdaptiveProbabilityMap {
  /** Probabilities at `steps + 1` points of the logistic domain, for each context. */
  readonly table: Float32Array;
  #low = 0;
  #share = 0;

  constructor(contexts: number) {
    this.table = Float32Array.from({ length: contexts * (steps + 1) }, (_, i) =>
      squash(((i % (steps + 1)) / steps) * 2 * range - range),
    );
  }

  /** @param x in the logistic domain @returns a probability */
  refine(x: number, context: number): number {
    const clipped = x > range - 1e-3 ? range - 1e-3 : x < -range ? -range : x;
    const at = ((clipped + range) * steps) / (2 * range);
    const step = Math.floor(at);
    this.#share = at - step;
    this.#low = context * (steps + 1) + step;
    return (this.table[this.#low] as number) * (1 - this.#share) + (this.table[this.#low + 1] as number) * this.#share;
  }

  /** Moves the two points that the last {@link refine} used towards the bit that came. */
  learn(bit: number, rate: number): void {
    const { table } = this;
    const low = this.#low;
    (table[low] as number) += (bit - (table[low] as number)) * rate * (1 - this.#share);
    (table[low + 1] as number) += (bit - (table[low + 1] as number)) * rate * this.#share;
  }
}
