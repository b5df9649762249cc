import type { Sample } from "../evaluation/samples.ts";
import type { Task } from "../model/info.ts";

/** How good a model is on the held-out text. */
export interface HeldOut {
  readonly chars: number;
  /** By the network alone; of a classifier, how well it predicts the label after each character. */
  readonly bitsPerChar: number;
  /**
   * Bits per character by the network mixed with a local model that has read the training text, which is what suggestions are made
   * from. Undefined for networks that can't be mixed.
   */
  readonly mixed?: number;
}

/** The same, with what a user gets who types some of the held-out text. */
export interface WholeHeldOut extends HeldOut {
  /** Share of the characters that Murmur types. */
  readonly acceptedShare?: number;
  /** Share of the keystrokes saved, less what suggestions cost. */
  readonly netSaved?: number;
}

/** What decides between two models, unless both need next to nothing: fewer are better. */
export function decidingBits({
  mixed,
  bitsPerChar,
}: Pick<HeldOut, "bitsPerChar"> & { readonly mixed?: number | undefined }): number {
  return mixed ?? bitsPerChar;
}

/**
 * What a training run reports: started, then progress and evaluated, unsaved, and at most once each recovered, settled and stopped, and done
 * at the end. To somebody who watches it also reports sampled, and at most once compared.
 */
export type TrainingEvent =
  | {
      readonly kind: "started";
      readonly task: Task;
      readonly parameters: number;
      readonly trainChars: number;
      readonly trainFiles: number;
      readonly heldOutChars: number;
      readonly heldOutFiles: number;
      /** Step at which a resumed run continues; else 0. */
      readonly step: number;
      /** Of the model that the run started from, on the sample that it is evaluated on. */
      readonly initial: HeldOut;
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
      readonly heldOut: HeldOut;
    }
  /** Evaluated on a sample of the held-out text. */
  | { readonly kind: "evaluated"; readonly step: number; readonly seconds: number; readonly heldOut: HeldOut }
  /** What the network writes at the beginning of a file; empty if it could not. */
  | { readonly kind: "sampled"; readonly step: number; readonly seconds: number; readonly samples: readonly Sample[] }
  /** How good the model that comes with Murmur is on the sample, if the run did not start from it and can be compared with it. */
  | { readonly kind: "compared"; readonly heldOut: HeldOut }
  /** A checkpoint could not be written: `reason` is the error's message. The run goes on, and will try again. */
  | { readonly kind: "unsaved"; readonly step: number; readonly reason: string }
  /** The loss or its gradient became NaN or infinite at the step `diverged`. The run continues from its best weights, those of `step`, at a lower peak rate. */
  | { readonly kind: "recovered"; readonly diverged: number; readonly step: number; readonly learningRate: number }
  /** Training stops after this many evaluations without improvement. */
  | { readonly kind: "settled"; readonly step: number; readonly evaluations: number }
  /** An error stopped training: `reason` is its message. The best weights so far are written all the same. */
  | {
      readonly kind: "stopped";
      readonly step: number;
      readonly reason: string;
      /** Whether a checkpoint is left from which the run can be resumed. */
      readonly canResume: boolean;
    }
  | { readonly kind: "done"; readonly result: TrainingResult };

/** The events of a run in a separate process: first chosen, then the run's own, or unchanged. */
export type JobEvent =
  | {
      readonly kind: "chosen";
      /** A sentence on what was left out of the corpus; empty if nothing was. */
      readonly leftOut: string;
      /** A record of all texts of the corpus; see ReadTexts. */
      readonly texts: string;
    }
  /** Too little of the text is new for a run. */
  | { readonly kind: "unchanged" }
  | TrainingEvent;

export interface TrainingResult {
  readonly model: string;
  readonly parameters: number;
  readonly trainChars: number;
  readonly steps: number;
  readonly seconds: number;
  readonly charsPerSecond: number;
  /** Whether the model that is written is better than the one that the run started from; if not, it is that one. */
  readonly isBetter: boolean;
  /** Of the model that is written: the best of the run. */
  readonly heldOut: WholeHeldOut;
  /** Of the model that the run started from, on the same text. */
  readonly before: WholeHeldOut;
  /** Of the model that comes with Murmur, on the same text, if the run did not start from it and can be compared with it. */
  readonly shipped?: WholeHeldOut;
  /** The message of the error that stopped training, if one did. */
  readonly stopped?: string;
}
