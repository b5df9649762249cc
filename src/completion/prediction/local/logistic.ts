/** Probabilities from 0 to 1 are stored in 16 bits, as 0 to 65,535. */
export const one = 65_536;

const stretchTable = Float32Array.from({ length: 4096 }, (_, i) => Math.log((i + 0.5) / (4095.5 - i)));

/** ln(p / (1 − p)) of a probability stored in 16 bits. */
export function stretched(probability: number): number {
  return stretchTable[probability >> 4] as number;
}

/** ln(p / (1 − p)), clipped. */
export function stretch(probability: number): number {
  if (probability < 1e-6) return -13.8;
  if (probability > 1 - 1e-6) return 13.8;
  return Math.log(probability / (1 - probability));
}

/** 1 / (1 + e^−x). */
export function squash(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
