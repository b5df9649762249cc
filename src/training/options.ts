import { availableParallelism } from "node:os";
import type { CorpusOptions } from "../corpus/load-corpus.ts";
import { MurmurError } from "../errors.ts";
import { type CellName, cellNames } from "../model/cells.ts";
import type { Architecture, Task } from "../model/info.ts";
import type { TokenizerKind } from "../model/tokenizer.ts";

/** What a training run is asked to do. */
export interface TrainingOptions extends CorpusOptions {
  /** Where the trained model goes; written at once and whole, at the end. */
  readonly out: string;
  /** A model file to start from; undefined: from nothing. */
  readonly init?: string | undefined;
  /** By default that of the model to start from, or many-to-many. Where it differs from that of the model, the weights that fit are kept. */
  readonly task?: Task | undefined;
  /** For a run from nothing; a model that is fine-tuned keeps its own. */
  readonly cell: CellName;
  readonly layers: number;
  readonly hidden: number;
  readonly residual: boolean;
  readonly layerNorm: boolean;
  /** See isTiedByDefault for what it is otherwise. */
  readonly tied?: boolean | undefined;
  readonly tokenizer: TokenizerKind;
  /** Length of the run: by time, by times that the whole text is read, or by steps. */
  readonly minutes?: number | undefined;
  readonly epochs?: number | undefined;
  readonly steps?: number | undefined;
  /** The run ends early after this many evaluations in which it got no better; there are twelve in a run. */
  readonly patience: number;
  readonly dropout: number;
  /** Of matrices: the share that they lose in a step is this times the learning rate. */
  readonly weightDecay: number;
  readonly seed: number;
  readonly threads: number;
  /** Whether threads wait for one another in a busy loop: faster on an idle machine, much slower on a busy one. */
  readonly busyWait: boolean;
  /** Texts that are read side by side; see batchOf for how many else. */
  readonly batch?: number | undefined;
  /** Tokens a lane reads in one step (the window of truncated BPTT). */
  readonly window: number;
  /** Its peak; see peakRateOf for what it is otherwise. */
  readonly learningRate?: number | undefined;
  /** Go on from the checkpoint beside `out`, if there is one. */
  readonly resume: boolean;
  /** Most that a run loses when it is killed. */
  readonly secondsBetweenCheckpoints: number;
  /** Recorded in the model. */
  readonly licence?: string | undefined;
}

/** What a run does unless it is told otherwise; the figures behind these values are in bench/RESULTS.md. */
export const defaultTrainingOptions: Omit<TrainingOptions, "paths" | "out"> = {
  exclude: [],
  cell: "lstm",
  layers: 2,
  hidden: 256,
  residual: true,
  layerNorm: true,
  tokenizer: "byte",
  minutes: 3,
  // Half of a run: where a corpus begins anew the loss rises for a while, and most is gained at the end, when the rate is low.
  patience: 6,
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

/** What is different when a run goes on beside an editor. */
export const backgroundOptions: Pick<TrainingOptions, "busyWait"> = { busyWait: false };

/**
 * Whether a new network that was not told has tied embeddings: of thousands of words most are seldom read, and learn more where
 * each word that is told, or could have been, moves their vectors too.
 */
export function isTiedByDefault(tokens: TokenizerKind, task: Task): boolean {
  return tokens === "word" && task !== "many-to-one";
}

/** How many texts a run reads side by side that was not told: fewer where a model is trained on, for which more steps count more. */
export function batchOf(isFineTuning: boolean): number {
  return isFineTuning ? 16 : 32;
}

/** Peaks of the learning rate of a small network. */
const peakRates: Readonly<Record<CellName, number>> = { lstm: 2e-2, gru: 1e-2, rnn: 1e-2 };
/** The most units, of all layers together, that a small network has. */
const smallNetwork = 256;
/** Of thousands of words most come seldom, and at the rate of some hundred bytes their few steps are too large. */
const wordsShare = { tied: 0.3, own: 0.15 };
/** A trained model learns in smaller steps, which keep what it knows. */
const fineTuningShare = 0.3;
/** What is added to one learns at the rate of a new one: its rate is that of what was there times this. */
export const addedPace = 1 / fineTuningShare;

/**
 * The peak of the learning rate of a run that was given none. With more units it is lower in proportion, as Adam wants it of wider
 * layers (Yang et al. 2022, "Tensor Programs V", table 3). At the sizes that were searched it is twice or half of the best that was
 * found, at most (bench/RESULTS.md).
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

/** The cell that a user named. @throws MurmurError if there is none of that name. */
export function cellName(name: string): CellName {
  const known = cellNames.find((cell) => cell === name);
  if (known) return known;
  throw new MurmurError("bad-option", `There is no cell "${name}". Use one of: ${cellNames.join(", ")}.`);
}
