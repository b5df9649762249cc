import { MurmurError } from "../errors.ts";
import { formatNumber, t } from "../l10n.ts";
import { parameterCount } from "../model/parameters.ts";
import { BestSoFar, type Candidate, isBetter, needsLess } from "./best.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { HeldOut, TrainingEvent, WholeHeldOut } from "./events.ts";
import { alphas, interpolate } from "./interpolation.ts";
import type { Learner } from "./learner.ts";
import { evaluateAll, evaluateSample, type RunPlan } from "./plan.ts";
import { type Done, learningRateAt, progressOf } from "./schedule.ts";

/** Evaluations in a run, in addition to the one before its first step. */
export const evaluations = 12;
const secondsBetweenReports = 0.5;
/** After so many seconds, at most, a run can be resumed: a window is often reloaded soon after something was changed. */
const secondsToFirstCheckpoint = 5;
/** A run of some minutes measures before its first step and after its last. At least this share of its time is left for steps. */
const leastForSteps = 0.5;
/** A run that has diverged continues at its learning rate times this. */
const recoveryRateScale = 0.3;

/** The state of a run between its steps: what it has learned, what is its best so far, and what is due next. */
export class Run {
  readonly best: BestSoFar;
  /** The model that the run began with, on all of the held-out examples. */
  readonly before: WholeHeldOut;
  /** The same model on the sample. */
  readonly #initial: HeldOut;
  /** What an evaluation on the sample takes, as a share of a run whose length is given in minutes; else 0. */
  readonly sampleShare: number;
  /** Seconds that evaluating the result will roughly take. */
  readonly #ending: number;
  /** Seconds for the steps of a run whose length is given in minutes. */
  readonly #forSteps: number;
  readonly #plan: RunPlan;
  readonly #learner: Learner;
  readonly #checkpointPath: string;
  readonly #clock: Stopwatch;
  #seconds: number;
  /** 1 until the run has diverged. */
  #learningRateScale: number;
  #hasCheckpoint: boolean;
  /** Whether the last checkpoint could not be written. */
  #isUnsaved = false;
  /** How many twelfths of the run were done at the last evaluation. */
  #evaluatedParts: number;
  #lastEvaluation: HeldOut;
  /** The step whose weights were evaluated last in this process. */
  #evaluatedStep = 0;
  /** Since the last report. */
  #recent = { nats: 0, steps: 0 };
  #reportedAt: number;
  #savedAt: number;

  private constructor(
    plan: RunPlan,
    learner: Learner,
    checkpointPath: string,
    { best, before, initial, times }: Beginning,
    resumed: Checkpoint | undefined,
  ) {
    const { minutes = 0 } = plan.options;
    this.#ending = times.all + (alphas.length - 1) * times.sample;
    this.#forSteps = 60 * minutes * Math.max(leastForSteps, 1 - (times.beginning + this.#ending) / (60 * minutes));
    this.sampleShare = minutes > 0 ? times.sample / (60 * minutes) : 0;

    this.#plan = plan;
    this.#learner = learner;
    this.#checkpointPath = checkpointPath;
    this.best = best;
    this.before = before;
    this.#initial = initial;
    this.#seconds = resumed?.seconds ?? 0;
    this.#clock = new Stopwatch(this.#seconds);
    this.#learningRateScale = resumed?.learningRateScale ?? 1;
    this.#hasCheckpoint = resumed !== undefined;
    this.#evaluatedParts = this.#partsDone;
    this.#lastEvaluation = best.heldOut;
    this.#reportedAt = this.#savedAt = this.#seconds;
  }

  /**
   * A new run, or the one that the checkpoint belongs to if `resume` is set and there is a checkpoint.
   * @param learner of the plan; it is brought into the state of the checkpoint
   * @param begun when the run began to prepare, by the clock of `performance`
   * @throws MurmurError ("bad-checkpoint") if the checkpoint is damaged or belongs to another run
   */
  static async begin(plan: RunPlan, learner: Learner, checkpointPath: string, begun: number): Promise<Run> {
    const { start, options } = plan;
    const resumed = options.resume ? await resumable(checkpointPath, plan.key) : undefined;
    if (resumed) learner.restore(resumed.learner);
    const { step, weights } = resumed?.best.best ?? { step: 0, weights: start.weights };
    // A run that is resumed with another length is measured on more or less text, and only what the same text costs can be compared.
    const isSame = resumed?.before.chars === plan.heldOut.chars;
    const [before, all] = await timed(() => (resumed && isSame ? resumed.before : evaluateAll(plan, start.weights)));
    const [heldOut, sample] = await timed(() =>
      resumed && isSame ? resumed.best.best.heldOut : evaluateSample(plan, weights),
    );
    const best = resumed && isSame ? BestSoFar.from(resumed.best) : new BestSoFar({ heldOut, step, weights });
    const initial =
      step === 0 ? heldOut : resumed && isSame ? resumed.initial : await evaluateSample(plan, start.weights);
    const times = { beginning: (performance.now() - begun) / 1000, all, sample };
    return new Run(plan, learner, checkpointPath, { best, before, initial, times }, resumed);
  }

  get done(): Done {
    return { steps: this.#learner.steps, chars: this.#learner.chars, seconds: this.#seconds };
  }

  /** From 0 to 1 or beyond, as of the last step. */
  get progress(): number {
    const { steps, epochs } = this.#plan.options;
    return progressOf({ steps, epochs, seconds: this.#forSteps }, this.done, this.#plan.trainChars);
  }

  /** One step of the learner at the scheduled learning rate. @returns whether loss and gradient are finite; if not, no weight changes */
  async step(): Promise<boolean> {
    const loss = await this.#learner.learn(learningRateAt(this.progress, this.#peakRate));
    // Read once a step: what a checkpoint records is then the schedule that the next step follows.
    this.#seconds = this.#clock.seconds;
    if (loss === undefined) return false;
    this.#recent.nats += loss;
    this.#recent.steps++;
    return true;
  }

  /** Continues from the best weights at a lower learning rate. @throws MurmurError ("training-failed") the second time */
  recover(): TrainingEvent {
    const diverged = this.#learner.steps;
    if (this.#learningRateScale < 1) {
      this.#hasCheckpoint = false;
      throw new MurmurError(
        "training-failed",
        t(
          "Training diverged at step {0} (the loss or its gradient is NaN or infinite). Try a lower learning rate than {1}.",
          formatNumber(diverged),
          this.#peakRate,
        ),
      );
    }
    this.#learningRateScale = recoveryRateScale;
    this.#learner.goBackTo(this.best.weights);
    return { kind: "recovered", diverged, step: this.best.step, learningRate: this.#peakRate };
  }

  get isEvaluationDue(): boolean {
    return this.#partsDone > this.#evaluatedParts && this.progress < 1;
  }

  /** Whether the weights of the last step have yet to be evaluated, at any α. */
  get isUnevaluated(): boolean {
    return this.#learner.steps > 0 && this.#alphas(true).length > 0;
  }

  /** Evaluates the weights of the last step on the sample, and keeps them if they are the best. */
  async evaluate(isLast = false): Promise<TrainingEvent> {
    const { steps: step, averaged } = this.#learner;
    const isKnown = step === this.#evaluatedStep;
    const candidates: Candidate[] = [];
    for (const alpha of this.#alphas(isLast)) {
      const weights = interpolate(this.#plan.start.weights, averaged, alpha);
      candidates.push({ heldOut: await evaluateSample(this.#plan, weights), step, weights });
    }
    const best = candidates.reduce((a, b) => (needsLess(b.heldOut, a.heldOut) ? b : a));
    this.#evaluatedParts = this.#partsDone;
    this.#evaluatedStep = step;
    this.best.take(best);
    const isBest = !isKnown || needsLess(best.heldOut, this.#lastEvaluation);
    if (isBest) this.#lastEvaluation = best.heldOut;
    return { kind: "evaluated", step, seconds: this.#seconds, heldOut: this.#lastEvaluation };
  }

  /** The weights of the last step, as they are evaluated while the run goes on. */
  get currentWeights(): readonly Float32Array[] {
    return interpolate(this.#plan.start.weights, this.#learner.averaged, this.#isInterpolated ? alphas[0] : 1);
  }

  /** The α at which the weights of the last step have yet to be evaluated. */
  #alphas(isLast: boolean): readonly number[] {
    const first = this.#evaluatedStep === this.#learner.steps ? 1 : 0;
    return this.#isInterpolated ? alphas.slice(first, isLast ? undefined : 1) : [1].slice(first);
  }

  /** Whether weights are interpolated: those of a new network, and of added parameters, start at random or at zero, and are not. */
  get #isInterpolated(): boolean {
    const { options, start } = this.#plan;
    return options.init !== undefined && !start.isAdded.some((is) => is);
  }

  /**
   * The events of a part of the run. Whoever reads them pauses the run by not asking for the next one, and that time does not count as
   * training.
   */
  async *timed(events: AsyncIterable<TrainingEvent>): AsyncGenerator<TrainingEvent, void, undefined> {
    this.#clock.start();
    for await (const event of events) {
      this.#clock.stop();
      yield event;
      this.#clock.start();
    }
    this.#clock.stop();
  }

  /** Whether the last evaluations brought no improvement, as many as the run has patience for. */
  get hasSettled(): boolean {
    return this.best.evaluationsSince >= this.#plan.options.patience;
  }

  get isCheckpointDue(): boolean {
    const between = this.#plan.options.secondsBetweenCheckpoints;
    const isTried = this.#hasCheckpoint || this.#isUnsaved;
    return this.#seconds - this.#savedAt > (isTried ? between : Math.min(between, secondsToFirstCheckpoint));
  }

  /** Writes a checkpoint, or leaves the one before. @returns the event that says so, if it can't be written and the last one could */
  async writeCheckpoint(): Promise<TrainingEvent | undefined> {
    this.#savedAt = this.#seconds;
    try {
      await writeCheckpoint(this.#checkpointPath, {
        run: this.#plan.key,
        learner: this.#learner.save(),
        seconds: this.#seconds,
        learningRateScale: this.#learningRateScale,
        before: this.before,
        initial: this.#initial,
        best: this.best.save(),
      });
      this.#hasCheckpoint = true;
      this.#isUnsaved = false;
      return undefined;
    } catch (error) {
      if (!(error instanceof MurmurError)) throw error;
      const isSaid = this.#isUnsaved;
      this.#isUnsaved = true;
      return isSaid ? undefined : { kind: "unsaved", step: this.#learner.steps, reason: error.message };
    }
  }

  /** Whether a run that stops now can be resumed from a checkpoint of its own. One that has diverged would only diverge again. */
  get canResume(): boolean {
    return this.#hasCheckpoint;
  }

  get isReportDue(): boolean {
    return this.#seconds - this.#reportedAt > secondsBetweenReports;
  }

  report(): TrainingEvent {
    const { steps: step, chars, tokens } = this.#learner;
    const [seconds, progress, { nats, steps }] = [this.#seconds, Math.min(1, this.progress), this.#recent];
    this.#reportedAt = seconds;
    this.#recent = { nats: 0, steps: 0 };
    return {
      kind: "progress",
      progress,
      step,
      seconds,
      secondsLeft: (progress > 0 ? (seconds * (1 - progress)) / progress : 0) + this.#ending,
      charsPerSecond: chars / seconds,
      trainBitsPerChar: (nats / steps / Math.LN2) * (tokens / chars),
      heldOut: this.#lastEvaluation,
    };
  }

  started(): TrainingEvent {
    const { start, corpus, trainChars, heldOut } = this.#plan;
    return {
      kind: "started",
      task: start.architecture.task,
      parameters: parameterCount(start.architecture, start.tokenizer.size),
      trainChars,
      trainFiles: corpus.train.length,
      heldOutChars: this.before.chars,
      heldOutFiles: heldOut.files,
      step: this.#learner.steps,
      initial: this.#initial,
    };
  }

  /** What to write: the best weights, or those that the run began with if more of the held-out text finds the best no better. */
  async result(): Promise<Candidate & { readonly heldOut: WholeHeldOut }> {
    const { step, weights } = this.best;
    const heldOut = step === 0 ? this.before : await evaluateAll(this.#plan, weights);
    return isBetter(heldOut, this.before)
      ? { weights, step, heldOut }
      : { weights: this.#plan.start.weights, step: 0, heldOut: this.before };
  }

  get #peakRate(): number {
    return this.#plan.peakRate * this.#learningRateScale;
  }

  get #partsDone(): number {
    return Math.floor(Math.min(1, this.progress) * evaluations);
  }
}

async function resumable(path: string, key: string): Promise<Checkpoint | undefined> {
  const checkpoint = await readCheckpoint(path);
  if (checkpoint && checkpoint.run !== key) {
    throw new MurmurError(
      "bad-checkpoint",
      t(
        "The checkpoint {0} belongs to a run on other files or with other options. Train without --resume, or give the options of that run.",
        path,
      ),
    );
  }
  return checkpoint;
}

/** What is known before the first step. */
interface Beginning {
  readonly best: BestSoFar;
  /** Of the model that the run started from: on all of the held-out examples, and on the sample. */
  readonly before: WholeHeldOut;
  readonly initial: HeldOut;
  readonly times: Times;
}

/** Seconds before the first step, and for an evaluation on all held-out text and on the sample; 0 where a resumed run needs none. */
interface Times {
  readonly beginning: number;
  readonly all: number;
  readonly sample: number;
}

/** @returns a result and the seconds that it took */
async function timed<Result>(work: () => Result | Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  return [await work(), (performance.now() - start) / 1000];
}

/** Counts the seconds of training; it stands at first. */
class Stopwatch {
  #seconds: number;
  #startedAt: number | undefined;

  /** @param earlier the seconds before the run was resumed */
  constructor(earlier: number) {
    this.#seconds = earlier;
  }

  get seconds(): number {
    return this.#startedAt === undefined ? this.#seconds : this.#seconds + (performance.now() - this.#startedAt) / 1000;
  }

  stop(): void {
    this.#seconds = this.seconds;
    this.#startedAt = undefined;
  }

  start(): void {
    this.#startedAt = performance.now();
  }
}
