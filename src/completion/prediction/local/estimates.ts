import { one } from "./logistic.ts";

/** Adaptive probabilities of 16 bits. */
export type Estimates = Uint16Array;

/** Estimates that are all one half. */
export function newEstimates(length: number): Estimates {
  return new Uint16Array(length).fill(one / 2);
}

/** Moves an estimate towards an outcome. @param rate the share of the distance that it moves */
export function update(estimates: Estimates, at: number, happened: boolean, rate: number): void {
  const before = estimates[at] as number;
  estimates[at] = before + ((happened ? one - 1 : 0) - before) * rate;
}
