// What of the protocol is about training; see protocol.ts.

/** Request: trains on the workspace's folders. The answer comes when the run ends. Cancelling the request cancels the run. */
export const trainRequest = "murmur/train";

/** Request: ends the run early and keeps the best model so far. The answer comes at once. */
export const stopTrainingRequest = "murmur/stopTraining";

/** Request: what the local model has read of the workspace. Training reads the same files, and in a large workspace more. */
export const filesReadRequest = "murmur/filesRead";

export interface FilesRead {
  /** The most characters (UTF-16 units) first. */
  readonly languages: readonly LanguageRead[];
  /** What was left out and why, in words; empty if nothing was. */
  readonly leftOut: string;
  /** Whether these are all files. */
  readonly isComplete: boolean;
  /** Whether the workspace has a model of its own. */
  readonly isTrained: boolean;
}

export interface LanguageRead {
  /** Murmur's name of the language, or the extension of the files. */
  readonly languageId: string;
  readonly files: number;
  readonly characters: number;
}

export interface TrainParams {
  /** The length of the run; by default, and if it is out of the setting's range, that of the setting. */
  readonly minutes?: number;
  /** The token of LSP's work-done progress. Without it, the server asks the client to create one. */
  readonly workDoneToken?: string | number;
}

type TrainOutcome = "installed" | "kept" | "cancelled" | "failed";

export interface TrainResult {
  readonly outcome: TrainOutcome;
  /** The id of the model that a new one has replaced, for `murmur/restore`. */
  readonly replaced?: string;
  /** Shown to the user. */
  readonly message: string;
}

/**
 * Request: what there is to see of training. If it is watched, the client is notified of each change ({@link trainingNotification}) until it
 * says otherwise. A run takes time for what is only shown while it is watched.
 */
export const watchTrainingRequest = "murmur/watchTraining";

export interface WatchTrainingParams {
  readonly isWatched: boolean;
}

/** Notification to the client: what there is to see of training has changed. At most four a second. */
export const trainingNotification = "murmur/training";

/** Request: lets the current run rest or go on. */
export const pauseTrainingRequest = "murmur/pauseTraining";

export interface PauseTrainingParams {
  readonly isPaused: boolean;
}

/** Request: ends the current run, or one that was interrupted, and discards what it has learned. The answer comes at once. */
export const cancelTrainingRequest = "murmur/cancelTraining";

/**
 * Request: whether a run was interrupted that goes on when the workspace is trained on again, and not by itself. To discard it is to cancel
 * it ({@link cancelTrainingRequest}).
 */
export const interruptedTrainingRequest = "murmur/interruptedTraining";

export interface TrainingView {
  /** The run under way or, if there is none, the last one since the server was started. */
  readonly run?: TrainingRun;
  /** Runs that have ended, the last first. */
  readonly past: readonly PastRun[];
}

/** A run as it is shown. All seconds are those of training: the time before the first step does not count, nor does a pause. */
export interface TrainingRun {
  readonly state: "preparing" | "training" | "ending" | "ended";
  readonly isPaused: boolean;
  /** The length that was asked for. */
  readonly minutes: number;
  /** What it reads, once that is known. */
  readonly text?: TrainedText;
  readonly progress?: {
    /** 0 to 1. */
    readonly share: number;
    readonly seconds: number;
    readonly secondsLeft: number;
    readonly charactersPerSecond: number;
  };
  /** On the training text. In a long run, one stands for several reports. */
  readonly learned: readonly LearnedPoint[];
  /** On held-out text. */
  readonly evaluations: readonly Evaluation[];
  /** On the same text: of the model that the run started from and, if that is another, of the model that comes with Murmur. */
  readonly start?: ModelFigures;
  readonly shipped?: ModelFigures;
  /** What the network wrote at the beginning of a file. */
  readonly written: readonly WrittenSamples[];
  /** What happened, in sentences. */
  readonly notes: readonly string[];
  /** How it ended. */
  readonly result?: { readonly outcome: TrainOutcome; readonly message: string };
}

interface TrainedText {
  readonly files: number;
  readonly characters: number;
  readonly heldOutFiles: number;
  readonly heldOutCharacters: number;
}

export interface LearnedPoint {
  readonly seconds: number;
  readonly bitsPerChar: number;
  /** How many reports it is the mean of. */
  readonly reports: number;
}

/** How good a model is on held-out text. */
export interface ModelFigures {
  /** By the network alone. */
  readonly bitsPerChar: number;
  /** By the network mixed with the local model, which is what suggestions are made from. */
  readonly mixed?: number;
  /** Share of the characters that Murmur types. */
  readonly acceptedShare?: number;
}

interface Evaluation extends ModelFigures {
  readonly seconds: number;
}

interface WrittenSamples {
  readonly seconds: number;
  /** By temperature, from low to high. */
  readonly samples: readonly { readonly temperature: number; readonly text: string }[];
}

/** A run that has ended, in the table of past runs. */
export interface PastRun {
  /** ISO 8601. */
  readonly ended: string;
  readonly files: number;
  readonly characters: number;
  /** Of training. */
  readonly seconds: number;
  readonly outcome: TrainOutcome;
  /** On the same held-out text; undefined for a run without a result. */
  readonly before?: ModelFigures;
  readonly after?: ModelFigures;
}
