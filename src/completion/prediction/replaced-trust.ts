import { squash, stretch } from "./local/logistic.ts";
import type { ReplacedText } from "./local/replaced-text.ts";

/** How far the replaced text is trusted. Fitted by scripts/fit-replaced.ts. */
export interface ReplacedTrust {
  /** What remains of the other sources' prediction of the expected byte, in the logistic domain. */
  readonly factor: number;
  /** What is added to it, by the level of agreement, and by the recent misses. */
  readonly byLevel: readonly number[];
  readonly byMisses: readonly number[];
}

const fitted: ReplacedTrust = {
  factor: 0.62,
  byLevel: [0.71, -0.02, 0.38, 0.64, 0.43, 0.67, 0.59, 1.2],
  byMisses: [2.01, 1.61, 0.73, 0.2, 0.06],
};

/**
 * Raises the probability of the byte that comes next in the replaced text, as far as such bytes were found to come.
 * @param probabilities of the next byte, [256]; changed in place
 */
export function expectAgain(replaced: ReplacedText, probabilities: Float32Array): void {
  const { expected, level, misses } = replaced;
  if (expected < 0) return;
  const before = probabilities[expected] as number;
  const { factor, byLevel, byMisses } = fitted;
  const p = squash(factor * stretch(before) + (byLevel[level] as number) + (byMisses[misses] as number));
  // Nothing speaks against a byte because both expect it.
  if (p <= before) return;
  const others = (1 - p) / (1 - before);
  for (let byte = 0; byte < probabilities.length; byte++) (probabilities[byte] as number) *= others;
  probabilities[expected] = p;
}
