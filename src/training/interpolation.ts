/**
 * α: how far from the network that a run began with to the one that it ended with its models are taken; the first also while it goes on.
 * Interpolated weights predict better than those at either end, above all together with a local model, which knows what the tuned network
 * learned by heart (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", section 3).
 */
export const alphas = [0.5, 0.25, 0.75, 1] as const;

/** The weights (1 − α)·start + α·end. */
export function interpolate(
  start: readonly Float32Array[],
  end: readonly Float32Array[],
  alpha: number,
): readonly Float32Array[] {
  if (alpha === 1) return end;
  return start.map((values, i) => {
    const last = end[i] ?? values;
    return values.map((value, j) => value + alpha * ((last[j] as number) - value));
  });
}
