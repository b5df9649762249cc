import type { CellName } from "../model/cell.ts";
import type { NetworkShape } from "../model/info.ts";
import type { TokenizerKind } from "../model/tokenizer.ts";

/** What a training run is asked to do. */
export interface TrainingOptions {
  /** Files and folders to train on and to hold out a part of; see chooseFiles for what is taken of them. */
  readonly paths: readonly string[];
  /** Globs of files to leave out, relative to each folder of `paths`. */
  readonly exclude: readonly string[];
  /** Where the trained model goes; written at once and whole, at the end. */
  readonly out: string;
  /** A model file to start from; undefined: from nothing. */
  readonly init?: string | undefined;
  /** The shape of the model to start from, or many-to-many, unless it is given; from another, the weights that fit are used. */
  readonly shape?: NetworkShape | undefined;
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
  /** Share of the text to hold out (0 to 0.9), or a file or folder that is held out. */
  readonly heldOut: number | string;
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

/** How good a model is on the held-out text; of a classifier, how well it tells the label after each character. */
export interface HeldOut {
  readonly chars: number;
  readonly bitsPerChar: number;
}

/** What a training run reports: started, then progress and evaluated, at most once each recovered and settled, and done at the end. */
export type TrainingEvent =
  | {
      readonly kind: "started";
      readonly shape: NetworkShape;
      readonly parameters: number;
      readonly trainChars: number;
      readonly trainFiles: number;
      readonly heldOutChars: number;
      readonly heldOutFiles: number;
      /** Step at which a resumed run goes on. */
      readonly step: number;
    }
  | {
      readonly kind: "progress";
      /** 0 to 1. */
      readonly progress: number;
      readonly step: number;
      readonly seconds: number;
      readonly secondsLeft: number;
      readonly charsPerSecond: number;
      /** Mean over the last steps, in bits per character. */
      readonly trainBitsPerChar: number;
      /** At the last evaluation. */
      readonly heldOutBitsPerChar: number;
    }
  /** Measured on a sample of the held-out text. */
  | { readonly kind: "evaluated"; readonly step: number; readonly heldOut: HeldOut }
  /** The loss or its gradient became no number at `diverged`: the run goes on from the best weights, those of `step`, at a lower peak rate. */
  | { readonly kind: "recovered"; readonly diverged: number; readonly step: number; readonly learningRate: number }
  /** The last `evaluations` were no better than the best of this run: it ends early. */
  | { readonly kind: "settled"; readonly step: number; readonly evaluations: number }
  | { readonly kind: "done"; readonly result: TrainingResult };

export interface TrainingResult {
  readonly model: string;
  readonly parameters: number;
  readonly trainChars: number;
  readonly steps: number;
  readonly seconds: number;
  readonly charsPerSecond: number;
  /** Of the written model: the best that was seen. */
  readonly heldOut: HeldOut;
  /** Of the model that the run started from, on the same text. */
  readonly before: HeldOut;
}
