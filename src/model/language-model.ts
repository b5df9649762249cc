import type { InferenceSession, Tensor } from "onnxruntime-node";
import { assert, MurmurError, messageOf } from "../errors.ts";
import { t } from "../l10n.ts";
import { cells } from "./cells.ts";
import { conditionLength } from "./condition.ts";
import type { ModelInfo } from "./info.ts";
import { assertPlausible, decodeModelFile, encodeRunnable, type Precision, readModelFile } from "./model-file.ts";
import { enterOutput, stateInput, stateOutput } from "./network.ts";
import { createSession, createTensor } from "./onnx-runtime.ts";
import { outputCount } from "./parameters.ts";
import { ReadTexts } from "./read-texts.ts";
import { startToken, type Tokenizer, type Tokens, tokenizerFrom } from "./tokenizer.ts";

/** The recurrent state after some tokens: for each state of the cell (h; of an LSTM also c) a tensor [layers, batch, hidden]. Immutable. */
export type State = readonly Tensor[];

export interface Reading {
  /** The state after the last token. */
  readonly state: State;
  /** Logits of the token after each token read, [time, batch, vocabulary], row-major. */
  readonly logits: Float32Array;
}

export interface LoadOptions {
  /** Threads for one call of the runtime. One is fastest for a single step. */
  readonly threads?: number;
  /** Whether threads wait for each other in a busy loop; the default is true. */
  readonly busyWait?: boolean;
  /** Whether the weights may be infinite or no numbers, as those of a run that has diverged. */
  readonly mayDiverge?: boolean;
  /** Of the layers' products; the default is float32. */
  readonly precision?: Precision;
  /** How messages call a model that is given as bytes. */
  readonly name?: string;
}

/** What predictions of the next token are made with: the part of a language model that completions need. */
export type Network = Pick<LanguageModel, "tokenizer" | "start" | "read" | "hasRead">;

const byteTokens = tokenizerFrom({ kind: "byte" });

/**
 * Stands for a network where the local model predicts alone: reads bytes and considers all equally likely, without a model file and
 * without ONNX Runtime.
 */
export const noNetwork: Network & Pick<LanguageModel, "release"> = {
  tokenizer: byteTokens,
  hasRead: () => false,
  start: () => [],
  read: async (state, tokens) => ({ state, logits: new Float32Array(tokens.length * byteTokens.size) }),
  release: async () => {},
};

/** A model file in an ONNX Runtime session: tokens and a state in, logits and the next state out. */
export class LanguageModel {
  readonly info: ModelInfo;
  readonly tokenizer: Tokenizer;
  readonly #session: InferenceSession;
  /** Of the cell: h; of an LSTM also c. */
  readonly #stateNames: readonly string[];
  readonly #read: ReadTexts;
  /** Number of logits: the tokens, or the labels of a many-to-one network. */
  readonly outputs: number;

  private constructor(info: ModelInfo, session: InferenceSession) {
    this.info = info;
    this.tokenizer = tokenizerFrom(info.tokenizer);
    this.#session = session;
    this.#read = ReadTexts.from(info.training.texts);
    this.#stateNames = cells[info.architecture.cell].states;
    this.outputs = outputCount(info.architecture, this.tokenizer.size);
  }

  /**
   * Loads a model that predicts the next token.
   * @param source the path of a model file, or its bytes
   * @throws MurmurError ("not-found", "bad-model") that names the file and says what is wrong with it; ("no-runtime") if no model
   * can run here.
   */
  static async load(source: string | Uint8Array, options: LoadOptions = {}): Promise<LanguageModel> {
    const model = await LanguageModel.loadAny(source, options);
    const { task } = model.info.architecture;
    if (task !== "many-to-one") return model;
    await model.release();
    throw new MurmurError(
      "bad-model",
      t(
        'The model {0} is a classifier ({1}): it predicts what a text is, not how it continues. Use it with "murmur classify", or choose another.',
        nameOf(source, options),
        task,
      ),
    );
  }

  /** As {@link load}, for a model with any task. */
  static async loadAny(source: string | Uint8Array, options: LoadOptions = {}): Promise<LanguageModel> {
    const name = nameOf(source, options);
    const bytes = typeof source === "string" ? await readModelFile(source) : source;
    const { info, weights } = decodeModelFile(bytes, name);
    if (!options.mayDiverge) assertPlausible(weights, name);
    try {
      const session = await createSession(encodeRunnable(info, weights, options.precision ?? "float32"), {
        intraOpNumThreads: options.threads ?? 1,
        interOpNumThreads: 1,
        executionMode: "sequential",
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: options.busyWait === false ? "0" : "1" } } },
      });
      return await LanguageModel.#tried(new LanguageModel(info, session), name, options);
    } catch (cause) {
      if (cause instanceof MurmurError) throw cause;
      throw new MurmurError("bad-model", t("ONNX Runtime can't run the model {0}: {1}", name, messageOf(cause)), {
        cause,
      });
    }
  }

  /** Lets a model read two tokens: what is wrong then would be wrong at each keystroke. */
  static async #tried(model: LanguageModel, name: string, { mayDiverge = false }: LoadOptions): Promise<LanguageModel> {
    try {
      const start = model.start();
      const { state, logits } = await model.read(start, Int32Array.of(startToken, model.tokenizer.size - 1));
      const isWhole = logits.length === 2 * model.outputs && `${state.map(sizeOf)}` === `${start.map(sizeOf)}`;
      const numbers = [logits, ...state.map(({ data }) => data as Float32Array)];
      if (isWhole && (mayDiverge || numbers.every((one) => one.every(Number.isFinite)))) return model;
      throw new MurmurError("bad-model", t("The model {0} predicts nothing that can be used. Train it again.", name));
    } catch (error) {
      await model.release();
      throw error;
    }
  }

  /** The state before the first token: zeros. */
  start(batch = 1): State {
    const { layers, hidden } = this.info.architecture;
    return this.#stateNames.map(() =>
      createTensor("float32", new Float32Array(layers * batch * hidden), [layers, batch, hidden]),
    );
  }

  /**
   * Reads tokens, starting in a state.
   * @param tokens [time, batch], row-major; the batch is that of `state`; at least one
   */
  async read(state: State, tokens: Tokens): Promise<Reading> {
    const batch = state[0]?.dims[1] ?? 1;
    // The graph computes what a condition adds in any case; a short one costs least.
    const length = Math.min(1, conditionLength(this.info.architecture.task));
    const results = await this.#run(state, tokens, new Int32Array(length * batch));
    const next = this.#stateNames.map((name) => results[stateOutput(name)] as Tensor);
    return { state: next, logits: (results["logits"] as Tensor).data as Float32Array };
  }

  /**
   * What a condition adds to the state where it enters; see `condition.ts`.
   * @returns for each state, [layers, hidden], row-major
   */
  async entering(condition: Tokens): Promise<Float32Array[]> {
    const results = await this.#run(this.start(), Int32Array.of(startToken), condition);
    return this.#stateNames.map((name) => {
      const tensor = results[enterOutput(name)];
      assert(tensor, `a network with the task ${this.info.architecture.task} has no condition`);
      return tensor.data as Float32Array;
    });
  }

  /** A state of a single text with a condition added. */
  async enter(state: State, condition: Tokens): Promise<State> {
    const added = await this.entering(condition);
    return state.map((tensor, i) => {
      const data = (tensor.data as Float32Array).map((value, j) => value + (added[i]?.[j] ?? 0));
      return createTensor("float32", data, tensor.dims);
    });
  }

  /** @param condition [length, batch] */
  #run(state: State, tokens: Tokens, condition: Tokens): Promise<InferenceSession.ReturnType> {
    const batch = state[0]?.dims[1] ?? 1;
    const feeds: Record<string, Tensor> = { tokens: createTensor("int32", tokens, [tokens.length / batch, batch]) };
    this.#stateNames.forEach((name, i) => {
      const tensor = state[i];
      if (tensor) feeds[stateInput(name)] = tensor;
    });
    if (condition.length > 0) {
      feeds["condition"] = createTensor("int32", condition, [condition.length / batch, batch]);
    }
    return this.#session.run(feeds);
  }

  /** Whether the network was trained on a text, as far as its file says. */
  hasRead(text: string): boolean {
    return this.#read.has(text);
  }

  /** Frees the memory of the runtime. The model can't be used afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

function sizeOf({ size }: Tensor): number {
  return size;
}

function nameOf(source: string | Uint8Array, { name }: LoadOptions): string {
  return name ?? (typeof source === "string" ? source : t("in memory"));
}
