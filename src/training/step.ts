import type { InferenceSession, Tensor } from "onnxruntime-node";
import { emitModel } from "../graph/emit.ts";
import { size, type Value } from "../graph/value.ts";
import { cells } from "../model/cells.ts";
import { conditionLength } from "../model/condition.ts";
import type { Architecture } from "../model/info.ts";
import { gradientName, stateInput, stateOutput, trainingGraph } from "../model/network.ts";
import { createSession, createTensor } from "../model/onnx-runtime.ts";
import { parameterSpecs } from "../model/parameters.ts";
import type { Random } from "../random.ts";
import type { Batch } from "./lanes.ts";

export interface StepOptions {
  readonly batch: number;
  readonly window: number;
  readonly dropout: number;
  readonly threads: number;
  readonly busyWait: boolean;
}

/**
 * One step of truncated back-propagation through time, as one run of the training graph. All tensors are allocated once: the graph
 * reads the weights where the optimiser changes them, and writes its outputs over those of the step before.
 */
export class TrainingStep implements AsyncDisposable {
  /** The input of {@link run}, which the caller fills in. */
  readonly batch: Batch;
  /** In the order of parameterSpecs. */
  readonly gradients: readonly Float32Array[];
  /** The states of the lanes, which are carried from step to step; [layers, batch, hidden] each. */
  readonly states: readonly Float32Array[];
  readonly #session: InferenceSession;
  readonly #feeds: Record<string, Tensor> = {};
  readonly #fetches: Record<string, Tensor> = {};
  readonly #carried: readonly { readonly from: Float32Array; readonly to: Float32Array }[];
  readonly #loss: Float32Array;
  readonly #mask: Float32Array | undefined;
  readonly #dropout: number;

  private constructor(
    session: InferenceSession,
    architecture: Architecture,
    vocabulary: number,
    options: StepOptions,
    weights: readonly Float32Array[],
    outputs: Readonly<Record<string, Value>>,
  ) {
    const { batch, window } = options;
    this.#session = session;
    this.#dropout = options.dropout;
    for (const [name, value] of Object.entries(outputs)) {
      this.#fetches[name] = createTensor("float32", new Float32Array(size(value.shape)), value.shape.map(Number));
    }
    const specs = parameterSpecs(architecture, vocabulary);
    specs.forEach((spec, i) => {
      this.#feeds[spec.name] = createTensor("float32", weights[i] ?? new Float32Array(), spec.shape);
    });
    this.gradients = specs.map((spec) => this.#output(gradientName(spec.name)));
    const stateDims = [architecture.layers, batch, architecture.hidden];
    const stateSize = size(stateDims);
    this.#carried = cells[architecture.cell].states.map((name) => {
      const to = new Float32Array(stateSize);
      this.#feeds[stateInput(name)] = createTensor("float32", to, stateDims);
      return { from: this.#output(stateOutput(name)), to };
    });
    this.states = this.#carried.map(({ to }) => to);
    const length = conditionLength(architecture.task);
    this.batch = {
      tokens: new Int32Array(window * batch),
      targets: new Int32Array(window * batch),
      lossWeights: new Float32Array(window * batch),
      condition: new Int32Array(length * batch),
      enters: new Float32Array(batch),
      states: this.states,
    };
    this.#feeds["tokens"] = createTensor("int32", this.batch.tokens, [window, batch]);
    this.#feeds["targets"] = createTensor("int32", this.batch.targets, [window, batch]);
    this.#feeds["loss_weights"] = createTensor("float32", this.batch.lossWeights, [window, batch]);
    if (length > 0) {
      this.#feeds["condition"] = createTensor("int32", this.batch.condition, [length, batch]);
      this.#feeds["enters"] = createTensor("float32", this.batch.enters, [batch, 1]);
    }
    this.#loss = this.#output("loss");
    if (options.dropout > 0) {
      this.#mask = new Float32Array(stateSize);
      this.#feeds["mask"] = createTensor("float32", this.#mask, stateDims);
    }
  }

  static async create(
    architecture: Architecture,
    vocabulary: number,
    options: StepOptions,
    weights: readonly Float32Array[],
  ): Promise<TrainingStep> {
    const graph = trainingGraph(architecture, vocabulary, { ...options, dropout: options.dropout > 0 });
    const session = await createSession(emitModel({ name: "training", ...graph }), {
      intraOpNumThreads: options.threads,
      // Planning all buffers in one block gains little, and the arena keeps that block in addition: 630 MB instead of 485 (512×2, batch 32).
      enableMemPattern: false,
      executionMode: "sequential",
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: options.busyWait ? "1" : "0" } } },
    });
    return new TrainingStep(session, architecture, vocabulary, options, weights, graph.outputs);
  }

  /** Runs the graph on {@link batch}; updates {@link gradients} and {@link states}. @returns the mean loss in nats per token */
  async run(random: Random): Promise<number> {
    if (this.#mask) {
      const kept = 1 / (1 - this.#dropout);
      for (let i = 0; i < this.#mask.length; i++) this.#mask[i] = random.next() < this.#dropout ? 0 : kept;
    }
    await this.#session.run(this.#feeds, this.#fetches);
    for (const { from, to } of this.#carried) to.set(from);
    return this.#loss[0] ?? Number.NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }

  #output(name: string): Float32Array {
    return this.#fetches[name]?.data as Float32Array;
  }
}
