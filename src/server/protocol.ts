/** What Murmur's language server and its client say to one another beyond LSP. Types and names only. */

/** Request: trains on the workspace's folders; answered when the run has ended. Cancelling the request cancels the run. */
export const trainRequest = "murmur/train";
/** Request: ends the run early and keeps the best model so far; answered at once. */
export const stopTrainingRequest = "murmur/stopTraining";
/** Request: deletes the workspace's model and all that was learned of the workspace; answered when the default model is in use. */
export const resetRequest = "murmur/reset";

export interface ResetResult {
  readonly outcome: "reset" | "failed";
  /** For a person. */
  readonly message: string;
}

/** Notification to the client, whenever it changes. */
export const statusNotification = "murmur/status";

/** Notification to the client: there is more to suggest in a document than was answered in time; ask again. */
export const refreshNotification = "murmur/refresh";

export interface RefreshParams {
  readonly uri: string;
  /** Of the document that the suggestion is for. */
  readonly version: number;
}

/** Notification to the server: the user has dismissed what is suggested in a document. */
export const dismissNotification = "murmur/dismiss";

export interface DismissParams {
  readonly uri: string;
}

export interface TrainParams {
  /** Of LSP's work-done progress; without it the server asks the client for one. */
  readonly workDoneToken?: string | number;
}

type TrainOutcome = "installed" | "kept" | "cancelled" | "failed";

export interface TrainResult {
  readonly outcome: TrainOutcome;
  /** For a person. */
  readonly message: string;
}

export type Status =
  | {
      readonly state: "ready";
      readonly model: string;
      /** What is known of the workspace's files. */
      readonly memory?: string | undefined;
    }
  | { readonly state: "training"; readonly model: string; readonly percent: number; readonly detail: string }
  | { readonly state: "failed"; readonly message: string };

/** The section of the settings. */
export const settingsSection = "murmur";

/** Given to the server when it starts; all of it is optional. */
export interface InitializationOptions {
  /** A folder for what belongs to this workspace: its trained model, and what was learned of its text. */
  readonly storagePath?: string;
  /** False: nothing of the workspace is read or kept; the default model answers, and learns the open documents alone. Default: true. */
  readonly isTrusted?: boolean;
  /** Whether the client asks again on {@link refreshNotification}; else a first answer has more time. Default: false. */
  readonly canRefresh?: boolean;
  /** The section of the settings, from a client that can't be asked for it. */
  readonly [settingsSection]?: unknown;
}

/** In the section of the settings, as `languageFiles`: which files are of languages that completions are off in. */
export interface LanguageFiles {
  /** Globs of files that are not read. */
  readonly off: readonly string[];
  /** Globs of the only files that are read, where completions are off in plain text, which is what a file of no known language is. */
  readonly only?: readonly string[] | undefined;
}

/** The values of the setting `eagerness`. */
export const eagernessLevels = ["quiet", "balanced", "eager"] as const;
