import { decidingBits, type HeldOut, type WholeHeldOut } from "./events.ts";

/** A model that is better by less than this share is not worth replacing another: it may be chance. */
const leastGain = 0.002;
/** The share of the keystrokes that it may save less, on the few thousand characters that are typed: so much may be chance. */
const mostLost = 0.03;
/** Bits per character that count as none: where the mixture needs no more with either of two models, each is judged alone. */
const negligible = 0.01;

/** Weights that were evaluated. */
export interface Candidate {
  readonly heldOut: HeldOut;
  readonly step: number;
  readonly weights: readonly Float32Array[];
}

/** The best weights of a run so far, and for how many evaluations they have been the best. */
export class BestSoFar implements Candidate {
  #best: Candidate;
  /** The least deciding bits of the steps of this run. A run that fine-tunes a good model gets worse before it gets better. */
  #least = Number.POSITIVE_INFINITY;
  #evaluationsSince = 0;

  /** @param initial what the run starts from */
  constructor(initial: Candidate) {
    this.#best = initial;
  }

  get heldOut(): HeldOut {
    return this.#best.heldOut;
  }

  get step(): number {
    return this.#best.step;
  }

  get weights(): readonly Float32Array[] {
    return this.#best.weights;
  }

  /** Evaluations since the best of this run. */
  get evaluationsSince(): number {
    return this.#evaluationsSince;
  }

  /** @param weights copied if they are the best */
  take({ heldOut, step, weights }: Candidate): void {
    if (needsLess(heldOut, this.#best.heldOut)) {
      this.#best = { heldOut, step, weights: weights.map((values) => values.slice()) };
    }
    const bits = decidingBits(heldOut);
    const isLess = bits < this.#least;
    if (isLess) this.#least = bits;
    this.#evaluationsSince = isLess ? 0 : this.#evaluationsSince + 1;
  }

  save(): BestState {
    return { best: this.#best, least: this.#least, evaluationsSince: this.#evaluationsSince };
  }

  static from(state: BestState): BestSoFar {
    const restored = new BestSoFar(state.best);
    restored.#least = state.least;
    restored.#evaluationsSince = state.evaluationsSince;
    return restored;
  }
}

export interface BestState {
  readonly best: Candidate;
  readonly least: number;
  readonly evaluationsSince: number;
}

/** Whether a model needs fewer bits than another; by a share, if one is given. */
export function needsLess(one: HeldOut, other: HeldOut, share = 0): boolean {
  const areNegligible = Math.max(decidingBits(one), decidingBits(other)) < negligible;
  const bits = areNegligible ? ({ bitsPerChar }: HeldOut) => bitsPerChar : decidingBits;
  return bits(one) < (1 - share) * bits(other);
}

/** Whether a model is worth replacing another: clearly fewer bits, and not clearly less typed. */
export function isBetter(after: WholeHeldOut, before: WholeHeldOut): boolean {
  const lost = (before.netSaved ?? 0) - (after.netSaved ?? 0);
  return needsLess(after, before, leastGain) && lost <= mostLost;
}
