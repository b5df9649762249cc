/**
 * The shares of the way from the network that a run began with to the one that it ended with, at which its models are taken; the first
 * also while it goes on. Between the two a network predicts better than at either end, above all together with a local model, which knows
 * what the tuned network learned by heart (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", section 3).
 */
export const shares = [0.5, 0.75, 1] as const;

/** The weights at a share of the way from some to others. */
export function between(
  from: readonly Float32Array[],
  to: readonly Float32Array[],
  share: number,
): readonly Float32Array[] {
  if (share === 1) return to;
  return from.map((start, i) => {
    const end = to[i] ?? start;
    return start.map((value, j) => value + share * ((end[j] as number) - value));
  });
}
