import { directCount, successorCount } from "./contexts.ts";

/** The rates of the two running means: over about sixteen bytes, and over about a hundred. */
const rates = [1 / 16, 1 / 128] as const;
/** The means with which a text begins, in bits per byte. */
const initial = 2;

/** Sources whose costs are followed: the network, the contexts last seen in another text, and those last seen in this one. */
const sources = 3;
export const recentCostCount = sources * rates.length;

/**
 * How well some sources predicted the last bytes of a text: running means of their costs, in bits per byte. A source that has no
 * prediction keeps its mean.
 */
export class RecentCosts {
  /** For each source, the mean over few bytes and the mean over more, [{@link recentCostCount}]. */
  readonly means = new Float32Array(recentCostCount).fill(initial);
  readonly #costs = new Float32Array(sources);
  readonly #predicted = new Uint8Array(sources);
  #hasBegun = false;
  #latest: RecentCosts | undefined;

  /**
   * Starts from the means of the text that was followed last, unless bytes of this one were followed.
   * @param latest those means; other ones than before if everything was forgotten meanwhile, this text's means too
   * @param isStart whether the text begins here, and so with the initial means
   */
  begin(latest: RecentCosts, isStart: boolean): void {
    if (this.#latest !== latest) {
      this.#latest = latest;
      this.#hasBegun = false;
      this.means.fill(initial);
    }
    if (!this.#hasBegun && !isStart) this.means.set(latest.means);
  }

  /**
   * Adds the costs of a bit.
   * @param network the network's prediction in the logistic domain; 0: none
   * @param inputs the local model's predictions
   */
  addBit(bit: number, network: number, inputs: Float32Array): void {
    this.#add(0, bit, network);
    this.#add(1, bit, meanOf(inputs, directCount, successorCount));
    this.#add(2, bit, meanOf(inputs, directCount + successorCount, successorCount));
  }

  /** Ends a byte, with the costs of its bits. */
  endByte(): void {
    this.#hasBegun = true;
    for (let source = 0; source < sources; source++) {
      if (this.#predicted[source] === 0) continue;
      rates.forEach((rate, i) => {
        const at = source * rates.length + i;
        (this.means[at] as number) += ((this.#costs[source] as number) - (this.means[at] as number)) * rate;
      });
    }
    this.#costs.fill(0);
    this.#predicted.fill(0);
  }

  #add(source: number, bit: number, x: number): void {
    if (x === 0) return;
    this.#predicted[source] = 1;
    (this.#costs[source] as number) += Math.log2(1 + Math.exp(bit === 1 ? -x : x));
  }
}

/** The mean of the predictions among some inputs; 0 if there is none. */
function meanOf(inputs: Float32Array, from: number, count: number): number {
  let [sum, predictions] = [0, 0];
  for (let i = from; i < from + count; i++) {
    const input = inputs[i] as number;
    if (input === 0) continue;
    sum += input;
    predictions++;
  }
  return predictions === 0 ? 0 : sum / predictions;
}
