/**
 * Fitted by `npm run fit:calibration` to simulated typing, at balanced eagerness, of packages that the default model was not
 * trained on.
 */
export const calibration = { slope: 0.85, intercept: 0.27 } as const;

/**
 * The calibrated probability that a shown suggestion is right, from the product of its characters' probabilities. Because the
 * decoder takes the likeliest character at each step, the product is too low for long suggestions, and too high for short,
 * certain ones.
 *
 * The method is Platt scaling (Platt, "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized
 * Likelihood Methods", 1999): the log-odds ln(p / (1 − p)) become slope · ln(p / (1 − p)) + intercept. The slope is positive, so
 * the order of suggestions does not change. 0 and 1 stay as they are.
 *
 * Only the reported probability is calibrated. The gate uses the product; see {@link consider} in gate.ts.
 * @param product a probability, clipped to [0, 1]
 * @returns a probability
 */
export function calibrated(product: number): number {
  if (product <= 0 || product >= 1) return Math.min(Math.max(product, 0), 1);
  const { slope, intercept } = calibration;
  return 1 / (1 + Math.exp(-intercept) * (product / (1 - product)) ** -slope);
}
