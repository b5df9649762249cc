/** Fitted by `npm run fit:calibration`: simulated typing of packages that the default model was not trained on, at balanced. */
export const calibration = { slope: 0.85, intercept: 0.27 } as const;

/**
 * The probability that all of a suggestion that is shown is right, given the product of its characters' probabilities. Taking the
 * likeliest character at each step leaves long suggestions underrated and short, certain ones overrated. Platt scaling (Platt,
 * "Probabilistic Outputs for Support Vector Machines", 1999): ln(p / (1 − p)) becomes slope · ln(p / (1 − p)) + intercept. The gate
 * decides by the product itself; only what is reported is calibrated.
 */
export function calibrated(product: number): number {
  if (product <= 0 || product >= 1) return Math.min(Math.max(product, 0), 1);
  const { slope, intercept } = calibration;
  return 1 / (1 + Math.exp(-intercept) * (product / (1 - product)) ** -slope);
}
