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
  readonly #groups: readonly ParameterGroup[];
  #step = 0;

  /** @param groups one for each array of weights */
  constructor(weights: readonly Float32Array[], groups: readonly ParameterGroup[]) {
    assert(groups.length === weights.length, "each array of weights has its parameter group");
    this.#weights = weights;
    this.#first = weights.map((w) => new Float32Array(w.length));
    this.#second = weights.map((w) => new Float32Array(w.length));
    this.#groups = groups;
  }

  /** Changes the weights in place, unless the norm of the gradient is NaN or infinite. @returns that norm, before clipping */
  update(gradients: readonly Float32Array[], learningRate: number): number {
    const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + squares(gradient), 0));
    if (!Number.isFinite(norm)) return norm;
    this.#step++;
    const scale = norm > maxNorm ? maxNorm / norm : 1;
    const correction = Math.sqrt(1 - beta2 ** this.#step) / (1 - beta1 ** this.#step);
    const floor = epsilon * Math.sqrt(1 - beta2 ** this.#step);
    this.#weights.forEach((weights, i) => {
      const [gradient, first, second, group] = [gradients[i], this.#first[i], this.#second[i], this.#groups[i]];
      if (gradient && first && second && group) {
        const rate = learningRate * group.learningRateScale;
        adapt(weights, gradient, first, second, scale, rate * correction, floor, 1 - rate * group.weightDecay);
      }
    });
    return norm;
  }

  /** Forgets all gradients so far. */
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

/** How an array of weights is trained. */
export interface ParameterGroup {
  /** The learning rate of these weights is the run's times this. */
  readonly learningRateScale: number;
  /** In each step the weights shrink by this share times their learning rate. */
  readonly weightDecay: number;
}

export interface OptimizerState {
  readonly step: number;
  readonly first: readonly Float32Array[];
  readonly second: readonly Float32Array[];
}

/** β₁: the share of the mean gradient that a step keeps. */
const beta1 = 0.9;
/**
 * β₂: the share of the mean squared gradient that a step keeps, so that it averages over about 1 / (1 − β₂) = 100 steps. The paper's
 * 0.999 would average over a thousand, which is as many as a run of a few minutes has.
 */
const beta2 = 0.99;
const epsilon = 1e-8;
/** A gradient with a larger norm is scaled down to this one. */
const maxNorm = 1;

/** Summed in four independent parts: in one, each addition would wait for the one before. */
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
