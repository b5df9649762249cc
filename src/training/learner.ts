import { parameterSpecs } from "../model/parameters.ts";
import { Random } from "../random.ts";
import { AdamW, type OptimizerState } from "./adamw.ts";
import { type AverageState, WeightAverage } from "./average.ts";
import { type LaneSource, Lanes, type LanesState } from "./lanes.ts";
import { addedRateScale, type TrainingOptions } from "./options.ts";
import { setAll } from "./set-all.ts";
import type { StartingPoint } from "./starting-point.ts";
import { type StepOptions, TrainingStep } from "./step.ts";

/** A network in training: its weights, and all else that changes with each step. */
export class Learner implements AsyncDisposable {
  readonly #weights: readonly Float32Array[];
  readonly #optimizer: AdamW;
  readonly #average: WeightAverage;
  readonly #lanes: Lanes;
  readonly #random: Random;
  readonly #step: TrainingStep;
  #steps = 0;

  private constructor(
    weights: readonly Float32Array[],
    optimizer: AdamW,
    lanes: Lanes,
    random: Random,
    step: TrainingStep,
  ) {
    this.#weights = weights;
    this.#optimizer = optimizer;
    this.#average = new WeightAverage(weights);
    this.#lanes = lanes;
    this.#random = random;
    this.#step = step;
  }

  /** A learner that starts with a copy of the weights. */
  static async create(
    { architecture, tokenizer, weights: initial, isAdded }: StartingPoint,
    reading: LaneSource,
    options: StepOptions & Pick<TrainingOptions, "weightDecay" | "seed" | "learningRate">,
  ): Promise<Learner> {
    const weights = initial.map((values) => values.slice());
    const specs = parameterSpecs(architecture, tokenizer.size);
    const optimizer = new AdamW(
      weights,
      specs.map(({ shape }, i) => ({
        learningRateScale: isAdded[i] && options.learningRate === undefined ? addedRateScale : 1,
        weightDecay: shape.length > 1 ? options.weightDecay : 0,
      })),
    );
    const step = await TrainingStep.create(architecture, tokenizer.size, options, weights);
    const lanes = new Lanes(reading, { batch: options.batch, hidden: architecture.hidden });
    return new Learner(weights, optimizer, lanes, new Random(options.seed), step);
  }

  /** Number of steps that changed the weights. */
  get steps(): number {
    return this.#steps;
  }

  /** Characters read so far. */
  get chars(): number {
    return this.#lanes.chars;
  }

  /** Tokens read so far. */
  get tokens(): number {
    return this.#lanes.tokens;
  }

  /** The weights to keep: the mean over the last part of the steps, in the order of parameterSpecs. */
  get averaged(): readonly Float32Array[] {
    return this.#average.values;
  }

  /**
   * One step of truncated back-propagation through time.
   * @returns the mean loss in nats per token; undefined if it or its gradient is NaN or infinite, and then no weight changes
   * @throws MurmurError ("no-text") if no text is left
   */
  async learn(learningRate: number): Promise<number | undefined> {
    this.#lanes.fill(this.#step.batch);
    const loss = await this.#step.run(this.#random);
    if (!Number.isFinite(loss)) return undefined;
    if (!Number.isFinite(this.#optimizer.update(this.#step.gradients, learningRate))) return undefined;
    this.#average.add(this.#weights);
    this.#steps++;
    return loss;
  }

  /** Continues from other weights and forgets the steps since then: moments, average and states start again. The place in the text stays. */
  goBackTo(weights: readonly Float32Array[]): void {
    setAll(this.#weights, weights);
    this.#optimizer.reset();
    this.#average.reset(weights);
    for (const state of this.#step.states) state.fill(0);
  }

  save(): LearnerState {
    return {
      steps: this.#steps,
      weights: this.#weights,
      optimizer: this.#optimizer.save(),
      average: this.#average.save(),
      states: this.#step.states,
      lanes: this.#lanes.save(),
      random: this.#random.save(),
    };
  }

  restore(state: LearnerState): void {
    this.#steps = state.steps;
    setAll(this.#weights, state.weights);
    setAll(this.#step.states, state.states);
    this.#optimizer.restore(state.optimizer);
    this.#average.restore(state.average);
    this.#random.restore(state.random);
    this.#lanes.restore(state.lanes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lanes[Symbol.dispose]();
    await this.#step[Symbol.asyncDispose]();
  }
}

export interface LearnerState {
  readonly steps: number;
  readonly weights: readonly Float32Array[];
  readonly optimizer: OptimizerState;
  readonly average: AverageState;
  /** The states of the lanes. */
  readonly states: readonly Float32Array[];
  readonly lanes: LanesState;
  readonly random: Uint32Array;
}
