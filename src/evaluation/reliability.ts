import type { SuggestionEvent } from "./simulate.ts";

/** Suggestions whose probability lies between two bounds. */
interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean of their probabilities: what the engine expects. */
  readonly meanProbability: number;
  /** The share of them that was right: what happened. */
  readonly rightShare: number;
}

export interface Reliability {
  /**
   * Expected calibration error: the distance between the share that was right and the mean probability, averaged over the
   * suggestions of all bins (Guo et al., "On calibration of modern neural networks", 2017). 0 if nothing was shown.
   */
  readonly error: number;
  /** The bins that contain any suggestion, ascending. */
  readonly bins: readonly ReliabilityBin[];
}

const binCount = 10;

/**
 * Compares the probabilities of shown suggestions with how often they were right; suggestions without a probability are left out.
 */
export function reliabilityOf(events: Iterable<Pick<SuggestionEvent, "probability" | "isRight">>): Reliability {
  const sums = Array.from({ length: binCount }, () => ({ count: 0, probability: 0, right: 0 }));
  let total = 0;
  for (const { probability, isRight } of events) {
    const sum = sums[Math.min(binCount - 1, Math.floor((probability ?? Number.NaN) * binCount))];
    if (probability === undefined || !sum) continue;
    total++;
    sum.count++;
    sum.probability += probability;
    sum.right += isRight ? 1 : 0;
  }
  const bins = sums.flatMap(({ count, probability, right }, i) => {
    if (count === 0) return [];
    const [from, to] = [i / binCount, (i + 1) / binCount];
    return [{ from, to, count, meanProbability: probability / count, rightShare: right / count }];
  });
  const gaps = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.rightShare - bin.meanProbability), 0);
  return { error: gaps / Math.max(1, total), bins };
}
