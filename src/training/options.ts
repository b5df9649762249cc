import { availableParallelism } from "node:os";
import type { CorpusOptions } from "../corpus/load-corpus.ts";
import { MurmurError } from "../errors.ts";
import { type CellName, cellNames } from "../model/cells.ts";
import type { Architecture, Task } from "../model/info.ts";
import type { TokenizerKind } from "../model/tokenizer.ts";

/** What a training run is asked to do. */
export interface TrainingOptions extends CorpusOptions {
  /** Where the trained model is written, at the end and in one piece. */
  readonly out: string;
  /** A model file to fine-tune; undefined: train a new network. */
  readonly init?: string | undefined;
  /** By default that of the model to start from, or many-to-many. Where it differs from that of the model, the weights that fit are kept. */
  readonly task?: Task | undefined;
  /** Of a new network; a model that is fine-tuned keeps its own architecture and tokenizer. */
  readonly cell: CellName;
  readonly layers: number;
  readonly hidden: number;
  readonly residual: boolean;
  readonly layerNorm: boolean;
  /** By default as {@link isTiedByDefault} says. */
  readonly tied?: boolean | undefined;
  readonly tokenizer: TokenizerKind;
  /** Length of the run: in minutes, in passes over the whole text, or in steps. */
  readonly minutes?: number | undefined;
  readonly epochs?: number | undefined;
  readonly steps?: number | undefined;
  /** Training stops after this many evaluations without improvement; a run has twelve. */
  readonly patience: number;
  readonly dropout: number;
  /** What decides between two models, where they can be mixed with a local model: see {@link bestBys}. */
  readonly bestBy: BestBy;
  /** In each step matrices shrink by this share times the learning rate; biases do not. */
  readonly weightDecay: number;
  readonly seed: number;
  readonly threads: number;
  /** Whether threads wait for each other in a busy loop: faster on an idle machine, much slower on a busy one. */
  readonly busyWait: boolean;
  /** Number of texts that are read side by side; by default as {@link batchOf} says. */
  readonly batch?: number | undefined;
  /** Tokens that each lane reads in a step (the window of truncated BPTT). */
  readonly window: number;
  /** The peak learning rate; by default as {@link peakRateOf} says. */
  readonly learningRate?: number | undefined;
  /** Resume from the checkpoint next to `out`, if there is one. */
  readonly resume: boolean;
  /** The most training time that is lost when the run is killed. */
  readonly secondsBetweenCheckpoints: number;
  /** Recorded in the model. */
  readonly licence?: string | undefined;
}

/**
 * How models are compared: by the prediction of the network mixed with a local model that has read the training text, as it is used in that
 * text's workspace; or by the network alone, for a network that other workspaces start from.
 */
export const bestBys = ["mixed", "network"] as const;
export type BestBy = (typeof bestBys)[number];

/** The defaults of a run; bench/RESULTS.md has the measurements that these values come from. */
export const defaultTrainingOptions: Omit<TrainingOptions, "paths" | "out"> = {
  exclude: [],
  cell: "lstm",
  layers: 2,
  hidden: 256,
  residual: true,
  layerNorm: true,
  tokenizer: "byte",
  minutes: 3,
  // Half of a run: the loss rises for a while where a new epoch begins, and most is gained at the end, when the learning rate is low.
  patience: 6,
  bestBy: "mixed",
  heldOut: 0.1,
  dropout: 0,
  weightDecay: 0.1,
  seed: 1,
  threads: Math.min(4, availableParallelism()),
  busyWait: true,
  window: 64,
  resume: false,
  secondsBetweenCheckpoints: 30,
};

/** How a run that shares the machine with an editor differs. */
export const backgroundOptions: Pick<TrainingOptions, "busyWait"> = { busyWait: false };

/**
 * Whether a new network has tied embeddings by default. Word models do: most of their thousands of words are rarely read, and their
 * vectors learn more if every prediction trains them too.
 */
export function isTiedByDefault(tokens: TokenizerKind, task: Task): boolean {
  return tokens === "word" && task !== "many-to-one";
}

/** The default batch size. It is smaller for fine-tuning, which gains more from more steps. */
export function batchOf(isFineTuning: boolean): number {
  return isFineTuning ? 16 : 32;
}

/** Peak learning rates of a small network. */
const peakRates: Readonly<Record<CellName, number>> = { lstm: 2e-2, gru: 1e-2, rnn: 1e-2 };
/** Up to this many units in all layers together a network is small. */
const smallNetwork = 256;
/** Most of thousands of words are rare, and at the learning rate of 256 bytes their few steps are too large. */
const wordsShare = { tied: 0.3, own: 0.15 };
/** Fine-tuning takes smaller steps, so that the model keeps what it knows. */
const fineTuningShare = 0.1;
/** Parameters that are added to a trained model learn at the rate of a new network: at that of the other parameters times this. */
export const addedRateScale = 1 / fineTuningShare;

/**
 * The default peak learning rate. It is inversely proportional to the number of units, as Adam needs for wider layers (Yang et al.
 * 2022, "Tensor Programs V", table 3). At the sizes that were searched it is between half and twice the best rate that was found
 * (bench/RESULTS.md).
 */
export function peakRateOf(
  { cell, layers, hidden, tied }: Pick<Architecture, "cell" | "layers" | "hidden" | "tied">,
  tokens: TokenizerKind,
  isFineTuning: boolean,
): number {
  const ofSize = Math.min(1, smallNetwork / (layers * hidden));
  const ofTokens = tokens === "word" ? wordsShare[tied ? "tied" : "own"] : 1;
  return peakRates[cell] * ofSize * ofTokens * (isFineTuning ? fineTuningShare : 1);
}

/** The cell with that name. @throws MurmurError ("bad-option") if there is none */
export function cellName(name: string): CellName {
  const known = cellNames.find((cell) => cell === name);
  if (known) return known;
  throw new MurmurError("bad-option", `There is no cell "${name}". Use one of: ${cellNames.join(", ")}.`);
}
