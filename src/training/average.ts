import { setAll } from "./set-all.ts";

/**
 * The mean of the weights over the last part of a run, which predicts better than the weights of any one step:
 * polynomial-decay averaging (Shamir & Zhang 2013, §4), w̄ ← w̄ + (η + 1) / (t + η) · (w − w̄). With η = 8 about the last ninth
 * of the steps so far counts, however long the run is.
 */
export class WeightAverage {
  readonly values: readonly Float32Array[];
  #steps = 0;

  constructor(weights: readonly Float32Array[]) {
    this.values = weights.map((values) => values.slice());
  }

  /** Takes the weights after one more step into the mean. In a long run it takes only every fourth: the mean is as good, in less time. */
  add(weights: readonly Float32Array[]): void {
    this.#steps++;
    const stride = this.#steps < manySteps ? 1 : longStride;
    if (this.#steps % stride > 0) return;
    const share = (stride * (eta + 1)) / (this.#steps + eta);
    this.values.forEach((mean, i) => {
      const values = weights[i];
      if (values) approach(mean, values, share);
    });
  }

  /** Starts again from these weights. */
  reset(weights: readonly Float32Array[]): void {
    this.restore({ steps: 0, values: weights });
  }

  save(): AverageState {
    return { steps: this.#steps, values: this.values };
  }

  restore(state: AverageState): void {
    this.#steps = state.steps;
    setAll(this.values, state.values);
  }
}

export interface AverageState {
  readonly steps: number;
  readonly values: readonly Float32Array[];
}

const eta = 8;
/** From this many steps on, every fourth step stands for four. */
const manySteps = 200;
const longStride = 4;

function approach(mean: Float32Array, values: Float32Array, share: number): void {
  for (let i = 0; i < mean.length; i++) {
    const before = mean[i] as number;
    mean[i] = before + share * ((values[i] as number) - before);
  }
}
