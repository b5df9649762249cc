import { squash } from "./logistic.ts";

/** Sums are clipped to this, which is a probability of 2e-6 from certainty. */
const largestSum = 13;
/** Errors below this change no weight noticeably: most bits are predicted so well that learning from them can be left out. */
const leastError = 1e-5;
/** The weight of each input before anything is learned: several sources agree where they are right, so each alone counts little. */
const initialWeight = 0.25;

/**
 * Gated logistic mixing in two layers, as in paq8 (Mahoney, 2005; Mattern, "Mixing Strategies in Data Compression", 2012). The
 * inputs are predictions in the logistic domain. In the first layer each selector, a small context, chooses a set of weights and
 * gives a weighted sum of the inputs. The last layer weights these sums. Weights are learned online, by the gradient of the
 * coding cost.
 */
export class Mixer {
  readonly #inputs: number;
  readonly #selectors: number;
  /** Index of the first weight set of each selector. */
  readonly #offsets: readonly number[];
  readonly weights: Float32Array;
  readonly finalWeights: Float32Array;
  /** The inputs, to be set before {@link mix}. */
  readonly values: Float32Array;
  /** The weight set that each selector chooses, and the one of the last layer; to be set before {@link mix}. */
  readonly chosen: Int32Array;
  chosenFinal = 0;
  /** Indices of the inputs that are not 0, and how many there are: most contexts are new at most places, and predict nothing. */
  readonly #active: Int32Array;
  #count = 0;
  readonly #dots: Float32Array;
  #probability = 0.5;

  /**
   * @param inputs number of inputs
   * @param sizes number of weight sets of each selector
   * @param finals number of weight sets of the last layer
   */
  constructor(inputs: number, sizes: readonly number[], finals: number) {
    this.#inputs = inputs;
    this.#selectors = sizes.length;
    let sum = 0;
    this.#offsets = sizes.map((size) => {
      const offset = sum;
      sum += size;
      return offset;
    });
    this.weights = new Float32Array(sum * inputs).fill(initialWeight);
    this.finalWeights = new Float32Array(finals * sizes.length).fill(1 / sizes.length);
    this.values = new Float32Array(inputs);
    this.chosen = new Int32Array(sizes.length);
    this.#active = new Int32Array(inputs);
    this.#dots = new Float32Array(sizes.length);
  }

  /** @returns the mixed prediction in the logistic domain */
  mix(): number {
    const { weights, values } = this;
    const n = this.#inputs;
    const active = this.#active;
    let count = 0;
    for (let i = 0; i < n; i++) if (values[i] !== 0) active[count++] = i;
    this.#count = count;
    let total = 0;
    const final = this.chosenFinal * this.#selectors;
    for (let s = 0; s < this.#selectors; s++) {
      const at = ((this.#offsets[s] as number) + (this.chosen[s] as number)) * n;
      let dot = 0;
      for (let k = 0; k < count; k++) {
        const i = active[k] as number;
        dot += (weights[at + i] as number) * (values[i] as number);
      }
      dot = clipped(dot);
      this.#dots[s] = dot;
      total += dot * (this.finalWeights[final + s] as number);
    }
    total = clipped(total);
    this.#probability = squash(total);
    return total;
  }

  /** The mixed prediction as a probability, after {@link mix}. */
  get probability(): number {
    return this.#probability;
  }

  /** Learns from the bit that came, after {@link mix}. */
  learn(bit: number, rate: number, finalRate: number): void {
    const { weights, values, finalWeights } = this;
    const n = this.#inputs;
    const final = this.chosenFinal * this.#selectors;
    const finalError = (bit - this.#probability) * finalRate;
    for (let s = 0; s < this.#selectors; s++) {
      const dot = this.#dots[s] as number;
      (finalWeights[final + s] as number) += finalError * dot;
      const error = (bit - squash(dot)) * rate;
      if (error < leastError && error > -leastError) continue;
      const at = ((this.#offsets[s] as number) + (this.chosen[s] as number)) * n;
      for (let k = 0; k < this.#count; k++) {
        const i = this.#active[k] as number;
        (weights[at + i] as number) += error * (values[i] as number);
      }
    }
  }
}

function clipped(sum: number): number {
  return sum > largestSum ? largestSum : sum < -largestSum ? -largestSum : sum;
}
