import type { Random } from "../../random.ts";

/** Number of hidden units. */
const hidden = 32;
/** Slope of a hidden unit below 0 (leaky ReLU). */
const leak = 0.1;
/** The inputs are predictions of up to ±13. Scaled, they are of the order of 1, as a network wants them. */
const inputScale = 0.3;
/** The output is limited, as those of the linear mixers are. */
const most = 13;
/** Smaller errors, as probabilities, are skipped. */
const leastError = 2e-3;

/** What a {@link MixingNetwork} reads. Each choice is a small context that selects a row of a table, as an embedding. */
export interface MixingNetworkSizes {
  /** Predictions of the bit. */
  readonly inputs: number;
  /** What is known of the whole byte. */
  readonly features: number;
  /** Number of values of each choice that is the same for the whole byte. */
  readonly byteChoices: readonly number[];
  /** Number of values of each choice that differs from bit to bit. */
  readonly bitChoices: readonly number[];
}

/**
 * A feed-forward network with one hidden layer that mixes the predictions of a bit. Unlike a linear mixer, it can make the weight of one
 * prediction depend on all others and on any mixture of circumstances. It is trained beforehand and does not change while a user
 * types. What depends on the byte alone is computed once for all of its bits.
 */
export class MixingNetwork {
  /** Weights of the hidden layer [inputs, hidden], [features, hidden], and [values, hidden] of each choice; then the output's. */
  readonly weights: Float32Array;
  readonly #sizes: MixingNetworkSizes;
  readonly #featuresAt: number;
  readonly #byteTables: readonly number[];
  readonly #bitTables: readonly number[];
  readonly #outputAt: number;
  readonly #skipAt: number;
  /** What is known of the whole byte; to be set before {@link look}. */
  readonly features: Float32Array;
  /** The hidden layer before its nonlinearity, as far as it depends on the byte alone. */
  readonly #byteSum = new Float64Array(hidden);
  readonly #units = new Float64Array(hidden);
  /** What enters the hidden layer from the byte, and from the bit. */
  readonly #byteRows: Rows;
  readonly #bitRows: Rows;
  /** How many of the rows of the bit are inputs. */
  #inputCount = 0;
  #output = 0;
  /** The gradient of `#byteSum`, over the bits of a byte. */
  readonly #byteGradient = new Float64Array(hidden);
  readonly #gradient = new Float64Array(hidden);

  constructor(sizes: MixingNetworkSizes) {
    this.#sizes = sizes;
    const { inputs, features, byteChoices, bitChoices } = sizes;
    let end = inputs * hidden;
    const next = (length: number): number => {
      end += length;
      return end - length;
    };
    this.#featuresAt = next(features * hidden);
    this.#byteTables = byteChoices.map((values) => next(values * hidden));
    this.#bitTables = bitChoices.map((values) => next(values * hidden));
    this.#outputAt = next(hidden);
    this.#skipAt = next(inputs);
    this.weights = new Float32Array(end);
    this.features = new Float32Array(features);
    this.#byteRows = new Rows(features + byteChoices.length);
    this.#bitRows = new Rows(inputs + bitChoices.length);
  }

  /** Sets the weights with which training begins: small random ones, and about the sum of the predictions past the hidden layer. */
  initialize(random: Random): void {
    const { weights } = this;
    weights.fill(0);
    const small = (from: number, to: number): void => {
      for (let i = from; i < to; i++) weights[i] = 0.4 * random.next() - 0.2;
    };
    small(0, this.#byteTables[0] ?? this.#outputAt);
    small(this.#outputAt, this.#skipAt);
    weights.fill(0.5, this.#skipAt);
  }

  /** Begins a byte. @param choices the value of each choice of the byte */
  look(choices: ArrayLike<number>): void {
    const { features } = this;
    const rows = this.#byteRows;
    rows.count = 0;
    for (let i = 0; i < features.length; i++) rows.add(this.#featuresAt + i * hidden, features[i] as number);
    this.#byteTables.forEach((table, i) => {
      rows.add(table + (choices[i] as number) * hidden, 1);
    });
    rows.addTo(this.#byteSum.fill(0), this.weights);
  }

  /**
   * Mixes the predictions of a bit of the byte.
   * @param inputs the predictions, in the logistic domain
   * @param choices the value of each choice of the bit
   * @returns the prediction in the logistic domain
   */
  mix(inputs: Float32Array, choices: ArrayLike<number>): number {
    const { weights } = this;
    const rows = this.#bitRows;
    rows.count = 0;
    let output = 0;
    for (let i = 0; i < this.#sizes.inputs; i++) {
      const input = (inputs[i] as number) * inputScale;
      // Most contexts are new at most places, and predict nothing.
      if (input === 0) continue;
      rows.add(i * hidden, input);
      output += input * (weights[this.#skipAt + i] as number);
    }
    this.#inputCount = rows.count;
    for (let i = 0; i < this.#bitTables.length; i++)
      rows.add((this.#bitTables[i] as number) + (choices[i] as number) * hidden, 1);
    const units = this.#units;
    units.set(this.#byteSum);
    rows.addTo(units, weights);
    for (let j = 0; j < hidden; j++) {
      const unit = units[j] as number;
      const active = unit > 0 ? unit : leak * unit;
      units[j] = active;
      output += active * (weights[this.#outputAt + j] as number);
    }
    this.#output = output > most ? most : output < -most ? -most : output;
    return this.#output;
  }

  /** Learns from the bit that came, after {@link mix}, by gradient descent of its cost. {@link endByte} learns the rest. */
  learn(bit: number, rate: number): void {
    const { weights } = this;
    const error = bit - 1 / (1 + Math.exp(-this.#output));
    if (error < leastError && error > -leastError) return;
    const gradient = this.#gradient;
    for (let j = 0; j < hidden; j++) {
      const unit = this.#units[j] as number;
      const slope = error * (weights[this.#outputAt + j] as number) * (unit > 0 ? 1 : leak);
      gradient[j] = slope;
      (this.#byteGradient[j] as number) += slope;
      (weights[this.#outputAt + j] as number) += rate * error * unit;
    }
    const { starts, factors } = this.#bitRows;
    for (let k = 0; k < this.#inputCount; k++) {
      const input = (starts[k] as number) / hidden;
      (weights[this.#skipAt + input] as number) += rate * error * (factors[k] as number);
    }
    this.#bitRows.learn(weights, gradient, rate);
  }

  /** Learns how what is known of the whole byte affects its bits, after {@link learn} of each. */
  endByte(rate: number): void {
    this.#byteRows.learn(this.weights, this.#byteGradient, rate);
    this.#byteGradient.fill(0);
  }
}

/** Rows of the weights of the hidden layer, each with a factor. */
class Rows {
  /** Index of the first weight of each row. */
  readonly starts: Int32Array;
  readonly factors: Float64Array;
  count = 0;

  constructor(most: number) {
    this.starts = new Int32Array(most);
    this.factors = new Float64Array(most);
  }

  add(start: number, factor: number): void {
    if (factor === 0) return;
    this.starts[this.count] = start;
    this.factors[this.count++] = factor;
  }

  /** Adds the rows, times their factors, to a sum. Four at a time: most of the time goes to reading and writing the sum. */
  addTo(sum: Float64Array, weights: Float32Array): void {
    const { starts, factors, count } = this;
    let k = 0;
    for (; k + 3 < count; k += 4) {
      const a = starts[k] as number;
      const b = starts[k + 1] as number;
      const c = starts[k + 2] as number;
      const d = starts[k + 3] as number;
      const fa = factors[k] as number;
      const fb = factors[k + 1] as number;
      const fc = factors[k + 2] as number;
      const fd = factors[k + 3] as number;
      for (let j = 0; j < hidden; j++) {
        (sum[j] as number) +=
          (weights[a + j] as number) * fa +
          (weights[b + j] as number) * fb +
          (weights[c + j] as number) * fc +
          (weights[d + j] as number) * fd;
      }
    }
    for (; k < count; k++) {
      const [a, fa] = [starts[k] as number, factors[k] as number];
      for (let j = 0; j < hidden; j++) (sum[j] as number) += (weights[a + j] as number) * fa;
    }
  }

  /** Adds a gradient to the rows, times their factors and a rate. */
  learn(weights: Float32Array, gradient: Float64Array, rate: number): void {
    for (let k = 0; k < this.count; k++) {
      const start = this.starts[k] as number;
      const factor = rate * (this.factors[k] as number);
      for (let j = 0; j < hidden; j++) (weights[start + j] as number) += (gradient[j] as number) * factor;
    }
  }
}
