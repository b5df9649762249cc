import type { TypingStatistics } from "../typing-statistics.ts";

/** Murmur's extensions to LSP, shared by the server and its client. This file has types and names only. */

/** Request: trains on the workspace's folders. The answer comes when the run ends. Cancelling the request cancels the run. */
export const trainRequest = "murmur/train";
/** Request: ends the run early and keeps the best model so far. The answer comes at once. */
export const stopTrainingRequest = "murmur/stopTraining";
/** Request: deletes the workspace's model and memory. The answer comes when the default model is in use. */
export const resetRequest = "murmur/reset";

export interface ResetResult {
  readonly outcome: "reset" | "failed";
  /** Shown to the user. */
  readonly message: string;
}

/** Request: the models that {@link restoreRequest} can bring back: those of this workspace, the one that was replaced last first, and the default one. */
export const formerModelsRequest = "murmur/formerModels";

export interface FormerModel {
  readonly id: string;
  /** When it was trained, ISO 8601; undefined: the default model. */
  readonly trained?: string;
  /** Bits per character on the text that was held out from its training. */
  readonly bitsPerChar?: number;
}

/** Request: uses a former model again. The answer comes when it is in use. The model that it replaces becomes a former one. */
export const restoreRequest = "murmur/restore";

export interface RestoreParams {
  /** Of one of the former models. */
  readonly id: string;
}

export interface RestoreResult {
  readonly outcome: "restored" | "failed";
  /** Shown to the user. */
  readonly message: string;
}

/**
 * Request: uses a copy of a model file, such as one that was trained on another machine. The answer comes when it is in use. The model that
 * it replaces becomes a former one.
 */
export const installRequest = "murmur/install";

export interface InstallParams {
  /** Of the model file. */
  readonly uri: string;
}

export interface InstallResult {
  readonly outcome: "installed" | "failed";
  /** Shown to the user. */
  readonly message: string;
}

/** Notification to the client: the status has changed. */
export const statusNotification = "murmur/status";

/** Notification to the client: there is more to suggest in a document than the answer in time held; request again. */
export const refreshNotification = "murmur/refresh";

export interface RefreshParams {
  readonly uri: string;
  /** The version of the document that the suggestion is for. */
  readonly version: number;
}

/** What a client adds to the parameters of LSP's request for inline completions if there are several cursors. */
export interface OtherCursors {
  /** The cursors besides that of the request. What is accepted is inserted at all of them. */
  readonly otherCursors?: readonly CursorPosition[] | undefined;
}

/** LSP's position: both from 0, characters in UTF-16 units. */
interface CursorPosition {
  readonly line: number;
  readonly character: number;
}

/** Notification to the server: the user has dismissed the suggestion in a document. */
export const dismissNotification = "murmur/dismiss";

export interface DismissParams {
  readonly uri: string;
}

/** Request: whether `murmur.exclude` names a document, so that nothing is suggested there. */
export const isExcludedRequest = "murmur/isExcluded";

export interface IsExcludedParams {
  readonly uri: string;
}

/** Request: the lines of a document in which a change that was made in others is due too. */
export const sameEditsRequest = "murmur/sameEdits";

export interface SameEditsParams {
  readonly uri: string;
  /** A line that is being edited, from 0: no change is taken from it. */
  readonly current?: number | undefined;
  /** The keys of changes that are not wanted elsewhere. */
  readonly refused: readonly string[];
}

export interface SameEditsResult {
  /** The version of the document that the edits are for. */
  readonly version: number;
  /** From the top to the bottom. */
  readonly edits: readonly LineEdit[];
}

/** What is due in one line. */
export interface LineEdit {
  readonly line: number;
  /** From left to right. */
  readonly patches: readonly LinePatch[];
  /** Identifies the change. */
  readonly key: string;
}

/** A replacement in a line, in UTF-16 units of it. */
export interface LinePatch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Notification to the client: what was typed, and what suggestions saved, since the last one. */
export const statisticsNotification = "murmur/statistics";

export interface StatisticsParams extends TypingStatistics {
  readonly languageId: string;
}

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
  /** The id of the model that a new one has replaced, for {@link restoreRequest}. */
  readonly replaced?: string;
  /** Shown to the user. */
  readonly message: string;
}

export type Status =
  | {
      readonly state: "ready";
      readonly model: string;
      /** How much of the workspace Murmur has read. */
      readonly memory?: string | undefined;
      /** Whether the workspace's files are being read. */
      readonly isReading?: boolean | undefined;
    }
  | {
      readonly state: "training";
      readonly model: string;
      readonly percent: number;
      readonly detail: string;
      /** Whether the user asked for the run. Another one gives way to what the user asks for. */
      readonly isAsked: boolean;
    }
  | { readonly state: "failed"; readonly message: string };

/** The name of the settings' section. */
export const settingsSection = "murmur";

/** The options that a client sends when it starts the server. All are optional. */
export interface InitializationOptions {
  /** The folder for this workspace's trained model and memory. */
  readonly storagePath?: string;
  /** If false, nothing in the workspace is read or saved: the default model answers, and learns the open documents only. Default: true. */
  readonly isTrusted?: boolean;
  /** Whether the client requests again on {@link refreshNotification}. If not, the first answer has more time. Default: false. */
  readonly canRefresh?: boolean;
  /** The settings' section, from a client that does not answer requests for it. */
  readonly [settingsSection]?: unknown;
}

/** `languageFiles` in the settings' section: which files belong to languages that completions are switched off in. */
export interface LanguageFiles {
  /** Globs of files not to read. */
  readonly off: readonly string[];
  /**
   * Globs of the only files to read. Set if completions are switched off in plain text, because every file of an unknown language is
   * plain text.
   */
  readonly only?: readonly string[] | undefined;
}

/** The shortest and the longest training run, in minutes. */
export const trainingLengths = { least: 0.05, most: 1440 } as const;

/** The values of the setting `eagerness`. */
export const eagernessLevels = ["quiet", "balanced", "eager"] as const;
