import { decidingBits, type HeldOut } from "./events.ts";

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
    const bits = decidingBits(heldOut);
    if (bits < decidingBits(this.#best.heldOut)) {
      this.#best = { heldOut, step, weights: weights.map((values) => values.slice()) };
    }
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
