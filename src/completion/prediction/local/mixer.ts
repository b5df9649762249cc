import { squash } from "./logistic.ts";

/**
 * Gated logistic mixing (Mattern, "Mixing strategies in data compression", 2012; paq8's two layers): the inputs, predictions in
 * the logistic domain, are weighted by several sets of weights, each chosen by a small context; a last set weights the sets'
 * results. Weights are learned as one goes, by the gradient of the coding cost.
 */
export class Mixer {
  readonly #inputs: number;
  readonly #selectors: number;
  /** First set of each selector. */
  readonly #offsets: readonly number[];
  readonly weights: Float32Array;
  readonly finalWeights: Float32Array;
  /** To be filled in before {@link mix}. */
  readonly values: Float32Array;
  /** The set that each selector chooses, and that of the last layer. */
  readonly chosen: Int32Array;
  chosenFinal = 0;
  readonly #dots: Float32Array;
  #probability = 0.5;

  /** @param sizes number of sets of each selector */
  constructor(inputs: number, sizes: readonly number[], finals: number) {
    this.#inputs = inputs;
    this.#selectors = sizes.length;
    let sum = 0;
    this.#offsets = sizes.map((size) => {
      const offset = sum;
      sum += size;
      return offset;
    });
    this.weights = new Float32Array(sum * inputs).fill(0.25);
    this.finalWeights = new Float32Array(finals * sizes.length).fill(1 / sizes.length);
    this.values = new Float32Array(inputs);
    this.chosen = new Int32Array(sizes.length);
    this.#dots = new Float32Array(sizes.length);
  }

  /** @returns the mixed prediction in the logistic domain */
  mix(): number {
    const { weights, values } = this;
    const n = this.#inputs;
    let total = 0;
    const final = this.chosenFinal * this.#selectors;
    for (let s = 0; s < this.#selectors; s++) {
      const at = ((this.#offsets[s] as number) + (this.chosen[s] as number)) * n;
      let dot = 0;
      for (let i = 0; i < n; i++) dot += (weights[at + i] as number) * (values[i] as number);
      dot = dot > 13 ? 13 : dot < -13 ? -13 : dot;
      this.#dots[s] = dot;
      total += dot * (this.finalWeights[final + s] as number);
    }
    total = total > 13 ? 13 : total < -13 ? -13 : total;
    this.#probability = squash(total);
    return total;
  }

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
      if (error < 1e-5 && error > -1e-5) continue;
      const at = ((this.#offsets[s] as number) + (this.chosen[s] as number)) * n;
      for (let i = 0; i < n; i++) (weights[at + i] as number) += error * (values[i] as number);
    }
  }
}
