import { assert } from "../errors.ts";
import { setAll } from "./set-all.ts";

/**
 * AdamW (Kingma & Ba 2015, algorithm 1; decoupled weight decay after Loshchilov & Hutter 2019, algorithm 2), with the
 * gradient clipped by its global norm (Pascanu et al. 2013, §3.2).
 */
export class AdamW {
  readonly #weights: readonly Float32Array[];
  readonly #first: readonly Float32Array[];
  readonly #second: readonly Float32Array[];
  readonly #pace: readonly Pace[];
  #step = 0;

  /** @param pace of each array of weights */
  constructor(weights: readonly Float32Array[], pace: readonly Pace[]) {
    assert(pace.length === weights.length, "each array has its pace");
    this.#weights = weights;
    this.#first = weights.map((w) => new Float32Array(w.length));
    this.#second = weights.map((w) => new Float32Array(w.length));
    this.#pace = pace;
  }

  /** Changes the weights in place, unless the gradient's norm is no number. @returns that norm, before clipping */
  update(gradients: readonly Float32Array[], learningRate: number): number {
    const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + squares(gradient), 0));
    if (!Number.isFinite(norm)) return norm;
    this.#step++;
    const scale = norm > maxNorm ? maxNorm / norm : 1;
    const correction = Math.sqrt(1 - beta2 ** this.#step) / (1 - beta1 ** this.#step);
    const floor = epsilon * Math.sqrt(1 - beta2 ** this.#step);
    this.#weights.forEach((weights, i) => {
      const [gradient, first, second, pace] = [gradients[i], this.#first[i], this.#second[i], this.#pace[i]];
      if (gradient && first && second && pace) {
        const rate = learningRate * pace.rate;
        adapt(weights, gradient, first, second, scale, rate * correction, floor, 1 - rate * pace.decay);
      }
    });
    return norm;
  }

  /** Forgets what it has seen. */
  reset(): void {
    this.#step = 0;
    for (const moments of [...this.#first, ...this.#second]) moments.fill(0);
  }

  save(): OptimizerState {
    return { step: this.#step, first: this.#first, second: this.#second };
  }

  restore(state: OptimizerState): void {
    this.#step = state.step;
    setAll(this.#first, state.first);
    setAll(this.#second, state.second);
  }
}

export interface Pace {
  /** What the learning rate is multiplied with. */
  readonly rate: number;
  /** The share that is lost in a step is this times that rate. */
  readonly decay: number;
}

export interface OptimizerState {
  readonly step: number;
  readonly first: readonly Float32Array[];
  readonly second: readonly Float32Array[];
}

const beta1 = 0.9;
const beta2 = 0.99;
const epsilon = 1e-8;
const maxNorm = 1;

/** In four sums, for one would have each addition wait for the last. */
function squares(values: Float32Array): number {
  const whole = values.length - (values.length % 4);
  let [sum, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    sum += (values[i] as number) ** 2;
    second += (values[i + 1] as number) ** 2;
    third += (values[i + 2] as number) ** 2;
    fourth += (values[i + 3] as number) ** 2;
  }
  for (let i = whole; i < values.length; i++) sum += (values[i] as number) ** 2;
  return sum + second + third + fourth;
}

/** One pass over memory; the bias corrections are folded into `rate` and `floor`. */
function adapt(
  weights: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  scale: number,
  rate: number,
  floor: number,
  keep: number,
): void {
  for (let i = 0; i < weights.length; i++) {
    const g = (gradient[i] as number) * scale;
    const m = beta1 * (first[i] as number) + (1 - beta1) * g;
    const v = beta2 * (second[i] as number) + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = (weights[i] as number) * keep - (rate * m) / (Math.sqrt(v) + floor);
  }
}
