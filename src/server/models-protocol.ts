// What of the protocol is about the models of a workspace; see protocol.ts.

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
  /** The name that the user gave it. */
  readonly name?: string;
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

/** Request: the models that the workspace can use, as {@link ModelEntry}. */
export const modelsRequest = "murmur/models";

export interface ModelEntry {
  readonly id: string;
  /** It comes with Murmur; `murmur.model` names it; it is the workspace's own; or another one has replaced it, or it was imported. */
  readonly kind: "default" | "team" | "own" | "former";
  readonly isInUse: boolean;
  /** The name that the user gave it. */
  readonly name?: string | undefined;
  /** The name of the file that it was installed from, or the path that `murmur.model` names. */
  readonly file?: string | undefined;
  readonly bytes: number;
  /** Its network in short, such as "LSTM, 2 × 512". */
  readonly network?: string | undefined;
  /** When it was trained, ISO 8601. */
  readonly trained?: string | undefined;
  /** The number of characters that it was trained on. */
  readonly characters?: number | undefined;
  /** Bits per character on the text that was held out from its training. */
  readonly bitsPerChar?: number | undefined;
  /** Why it can't be used. */
  readonly problem?: string | undefined;
}

/** How a change of the models ended. */
export interface ModelResult {
  readonly outcome: "done" | "failed";
  /** Shown to the user. */
  readonly message: string;
}

/** Request: adds a copy of a model file to the models, and does not use it; see {@link InstallParams}. Answers a {@link ModelResult}. */
export const importModelRequest = "murmur/importModel";

/** Request: names a model. A named one stays when others replace it, until it is deleted. Answers a {@link ModelResult}. */
export const renameModelRequest = "murmur/renameModel";

export interface RenameModelParams {
  readonly id: string;
  /** Empty: it has no name any more. */
  readonly name: string;
}

/** The length of the longest name of a model. */
export const longestModelName = 60;

/** Request: writes a model to a file. Answers a {@link ModelResult}. */
export const exportModelRequest = "murmur/exportModel";

export interface ExportModelParams {
  readonly id: string;
  /** Of the file, which is replaced if it exists. */
  readonly uri: string;
}

/** Request: deletes a model that another one has replaced, or that was imported. Answers a {@link ModelResult}. */
export const deleteModelRequest = "murmur/deleteModel";

export interface DeleteModelParams {
  readonly id: string;
}

/** Request: measures models on text of the workspace that none of them was trained on. Cancelling the request ends it. */
export const compareModelsRequest = "murmur/compareModels";

export interface CompareModelsParams {
  readonly ids: readonly string[];
  /** The token of LSP's work-done progress. */
  readonly workDoneToken?: string | number;
}

export type ComparisonResult =
  | { readonly outcome: "failed" | "cancelled"; readonly message: string }
  | ({ readonly outcome: "done"; readonly models: readonly ComparedModel[] } & ComparedText);

export interface ComparedText {
  /** The files and the characters that were predicted. */
  readonly files: number;
  readonly characters: number;
  /** Whether a model may have been trained on some of the text. */
  readonly mayBeKnown: boolean;
}

export interface ComparedModel {
  readonly id: string;
  /** Bits per character together with the local model; undefined: the network can't be mixed with it. */
  readonly mixed?: number | undefined;
  /** Bits per character of the network alone. */
  readonly network?: number | undefined;
  /** The share of the characters that Murmur types. */
  readonly acceptedShare?: number | undefined;
  /** The share of the keystrokes saved, less what suggestions cost. */
  readonly netSaved?: number | undefined;
}
