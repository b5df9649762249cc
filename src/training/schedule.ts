/** Share of a run in which the learning rate rises from zero. */
const warmUp = 0.02;
/** The learning rate at the end, as a share of its peak. */
const last = 0.02;

/** Learning rate after `progress` (0 to 1) of a run: linear warm-up, then cosine decay (Loshchilov & Hutter 2017, eq. 5). */
export function learningRateAt(progress: number, peak: number): number {
  if (progress < warmUp) return peak * Math.max(progress / warmUp, 0.01);
  const decayed = (Math.min(progress, 1) - warmUp) / (1 - warmUp);
  return peak * (last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * decayed)));
}
