import type { Task } from "../model/info.ts";

/** How good a model is on the held-out text; of a classifier, how well it tells the label after each character. */
export interface HeldOut {
  readonly chars: number;
  readonly bitsPerChar: number;
}

/** What a training run reports: started, then progress and evaluated, at most once each recovered and settled, and done at the end. */
export type TrainingEvent =
  | {
      readonly kind: "started";
      readonly task: Task;
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
