/**
 * What the product of the characters' probabilities turned out to mean, of suggestions that were shown: choosing the likeliest
 * character at each step leaves long suggestions underrated and short, certain ones overrated. Platt scaling (Platt 1999), fitted
 * by simulated typing on packages that the default model was not trained on.
 */
export function calibrated(product: number): number {
  if (product <= 0 || product >= 1) return Math.min(Math.max(product, 0), 1);
  return 1 / (1 + Math.exp(-intercept) * (product / (1 - product)) ** -slope);
}

const slope = 0.85;
const intercept = 0.27;
