import type { Sample } from "../evaluation/samples.ts";
import type { HeldOut, TrainingEvent } from "./events.ts";
import { type RunPlan, shippedModelOnSample, writtenBy } from "./plan.ts";
import { evaluations, type Run } from "./run.ts";

/** The most of a run's time that samples take, besides the first and the last. */
const samplingShare = 0.011;
/** The most of it that measuring another model may take. */
const comparingShare = 0.006;

/**
 * What a run does for somebody who watches it: samples of what the network writes, about as often as it is evaluated, and once what the
 * model that comes with Murmur needs on the same text. It takes some 1.5 % of the run and changes nothing of what is learned.
 */
export class Showing {
  readonly #plan: RunPlan;
  #isCompared = false;
  /** When samples were written last. */
  #last: { readonly part: number; readonly step: number } | undefined;
  /** Seconds that samples have taken, the first apart. */
  #spent = 0;
  /** Seconds that the last samples took. */
  #cost = 0;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  /** The events that are due now. @param isLast whether the last step is done */
  async *due(run: Run, isLast = false): AsyncGenerator<TrainingEvent, void, undefined> {
    const { steps: step, seconds } = run.done;
    const part = Math.floor(evaluations * run.progress);
    if (this.#isDue(part, step, seconds, isLast)) {
      const start = performance.now();
      const samples = await this.#samples(run);
      this.#cost = (performance.now() - start) / 1000;
      if (this.#last) this.#spent += this.#cost;
      this.#last = { part, step };
      yield { kind: "sampled", step, seconds, samples };
    }
    if (this.#isCompared || run.sampleShare > comparingShare) return;
    this.#isCompared = true;
    const heldOut = await this.#shipped();
    if (heldOut) yield { kind: "compared", heldOut };
  }

  #isDue(part: number, step: number, seconds: number, isLast: boolean): boolean {
    if (!this.#last) return true;
    if (isLast) return step > this.#last.step;
    return part > this.#last.part && this.#spent + this.#cost <= samplingShare * seconds;
  }

  /** Nothing that is only shown ends a run. */
  async #samples(run: Run): Promise<readonly Sample[]> {
    return await writtenBy(this.#plan, run.currentWeights).catch(() => []);
  }

  async #shipped(): Promise<HeldOut | undefined> {
    return await shippedModelOnSample(this.#plan).catch(() => undefined);
  }
}
