import type { TypingStatistics } from "../typing-statistics.ts";
import type { ServerSilence } from "./documents/silence.ts";

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

/** Request: why there is a suggestion at a position of a document, or none. It is computed when it is asked for. */
export const explainRequest = "murmur/explain";

export interface ExplainParams {
  readonly uri: string;
  /** From 0, in UTF-16 units. */
  readonly position: { readonly line: number; readonly character: number };
}

export interface ExplainedSuggestion {
  /** Why nothing is suggested; undefined: something is. */
  readonly silence?: SilenceReason | undefined;
  /** The cursor's line up to the cursor. */
  readonly before: string;
  /** What is suggested, or would be but for the silence. */
  readonly suggestion?: string | undefined;
  /** The eagerness that holds at the position. */
  readonly eagerness: (typeof eagernessLevels)[number];
  /** What a wrong suggestion is taken to cost there, in keystrokes. */
  readonly wrongCost: number;
  /** Those of the suggestion, and what was looked at after it; without one, those of the likeliest text. */
  readonly characters: readonly ExplainedCharacter[];
  /** How many of the characters are suggested. */
  readonly shown: number;
  /** The length, in characters, that is expected to save most; undefined: none saves anything. */
  readonly best?: number | undefined;
}

/** Why nothing is suggested. */
export type SilenceReason = ServerSilence;

/** A character of what was, or would have been, suggested. All probabilities are from 0 to 1. */
export interface ExplainedCharacter {
  readonly text: string;
  /** By all sources together, given the text before it. */
  readonly probability: number;
  /** By the network alone. */
  readonly network?: number | undefined;
  /** The likeliest other character. */
  readonly other?: { readonly text: string; readonly probability: number } | undefined;
  /** The local model's context that expects it most; in this document, in another, or undefined if that is not recorded. */
  readonly context?: { readonly name: string; readonly probability: number; readonly isHere?: boolean | undefined };
  /** The longest repeat of the text before it. */
  readonly repeat?: ExplainedRepeat | undefined;
  /** The probability that it and all before it are right. */
  readonly together: number;
  /** The expected number of keystrokes saved if the suggestion ends here, less what it costs. */
  readonly saving: number;
  /** The value of `together` below which a suggestion that ends here waits for more keys. */
  readonly bar: number;
  /** What the gate says of an end here; see EndVerdict. */
  readonly verdict: "not-here" | "in-word" | "wait" | "costs" | "saves";
}

export interface ExplainedRepeat {
  /** How many bytes are the same, up to 63. */
  readonly length: number;
  /** Whether this character came next there. */
  readonly isRight: boolean;
  /** The path of the file, or the URI of the document; undefined if it is not known any more. */
  readonly name?: string | undefined;
  /** Whether that is this document. */
  readonly isHere: boolean;
  /** From 1; undefined if it was typed since it was saved last. */
  readonly line?: number | undefined;
  /** The text of the line. */
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

/** Request: ends the current run and discards what it has learned. The answer comes at once. */
export const cancelTrainingRequest = "murmur/cancelTraining";

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

/**
 * Requests of the playground, a page that shows how a model reads and writes. The server has one model for it, beside the one that
 * completes, and answers one request at a time, after more urgent work. An answer is a {@link PlaygroundAnswer}.
 */
export const playgroundRequests = {
  /** Loads a model, in place of the one before. */
  load: "murmur/playground/load",
  /** Reads a text, and gives the probability of each character. */
  read: "murmur/playground/read",
  /** The distribution over what comes after a text. */
  next: "murmur/playground/next",
  /** Continues a text, greedily and by sampling. */
  write: "murmur/playground/write",
  /** What a hidden unit is after each character of a text. */
  activations: "murmur/playground/activations",
  /** The hidden units that follow a property of a text most closely. */
  findUnits: "murmur/playground/findUnits",
  /** Ends what is under way, and releases the model. */
  close: "murmur/playground/close",
} as const;

/** The parameters and the result of each of {@link playgroundRequests}. */
export interface PlaygroundCalls {
  readonly load: { readonly params: PlaygroundSource; readonly result: PlaygroundModel };
  readonly read: { readonly params: PlaygroundText; readonly result: PlaygroundReading };
  readonly next: { readonly params: NextParams; readonly result: NextCharacters };
  readonly write: { readonly params: WriteParams; readonly result: WriteResult };
  readonly activations: { readonly params: ActivationsParams; readonly result: readonly number[] };
  readonly findUnits: { readonly params: FindUnitsParams; readonly result: readonly FoundUnit[] };
  readonly close: { readonly params: Readonly<Record<never, never>>; readonly result: null };
}

export type PlaygroundAnswer<Result> =
  | { readonly result: Result }
  /** What was wrong and what to do, in a sentence. `isUnloaded`: no model is loaded, such as after the server was started anew. */
  | { readonly problem: string; readonly isUnloaded?: boolean };

/** Where a model is from. */
export type PlaygroundSource =
  | { readonly kind: "default" }
  /** The one that was trained on the workspace. */
  | { readonly kind: "workspace" }
  | { readonly kind: "file"; readonly uri: string }
  | { readonly kind: "bytes"; readonly name: string; readonly base64: string };

export interface PlaygroundModel {
  /** Its architecture and training, in a line. */
  readonly description: string;
  readonly task: "many-to-many" | "one-to-many" | "many-to-one" | "sequence-to-sequence";
  readonly tokenizer: "byte" | "char" | "word";
  readonly layers: number;
  /** Units of each layer. */
  readonly hidden: number;
  /** The most characters (UTF-16 units) of a text that are read. */
  readonly longest: number;
  /** The kinds of sources that can be chosen from now. */
  readonly sources: readonly PlaygroundSource["kind"][];
}

export interface PlaygroundText {
  /** If it is too long, its last part is read. */
  readonly text: string;
  /** For a one-to-many model the path of the file, for a sequence-to-sequence model the text that follows; empty: none. */
  readonly condition?: string;
}

export interface PlaygroundReading {
  /** The number of characters (UTF-16 units) at the beginning that were left out, because the text is too long. */
  readonly leftOut: number;
  /** Together they make up the text that was read. */
  readonly pieces: readonly ReadPiece[];
  /** Of a language model. */
  readonly bitsPerChar?: number;
  /** For each piece; of a language model. */
  readonly perplexity?: number;
  /** The probabilities of all labels after the text, likeliest first; of a classifier. */
  readonly labels?: readonly Likely[];
  /** Characters that the model does not know and reads as an unknown one. */
  readonly unknown: readonly string[];
}

/** A character of a text that was read, or a word if the model reads words. */
export interface ReadPiece {
  readonly text: string;
  /** Given the text before it. Of a classifier: the probability, after this character, of the label that the text has in the end. */
  readonly probability: number;
  /** What was likeliest in its place. Of a classifier: the likeliest labels after this character. */
  readonly likeliest: readonly Likely[];
}

export interface Likely {
  readonly text: string;
  /**
   * What a token is that stands for no text that can be written: the end of the text, a character that the model does not know, or the
   * byte in `text`, which is a control character or part of a character.
   */
  readonly kind?: "end" | "unknown" | "byte";
  readonly probability: number;
}

export interface NextParams extends PlaygroundText {
  /** From 0 to 2. */
  readonly temperatures: readonly number[];
}

export interface NextCharacters {
  /** The likeliest first. */
  readonly characters: readonly NextCharacter[];
  /** What is left for all others, at each temperature. */
  readonly others: readonly number[];
}

export interface NextCharacter extends Pick<Likely, "text" | "kind"> {
  /** At each temperature. */
  readonly probabilities: readonly number[];
}

export interface WriteParams extends PlaygroundText {
  /** Number of characters, or words, to skip: those that were written before. */
  readonly from: number;
  /** Number of characters, or words, to write after those. */
  readonly length: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed: number;
}

export interface WriteResult {
  /** At temperature 0. */
  readonly greedy: readonly WrittenPiece[];
  readonly sampled: readonly WrittenPiece[];
  /** The cycle at the end of all that was written greedily: where it begins, and the length of what is repeated, in UTF-16 units. */
  readonly cycle?: { readonly start: number; readonly unit: number };
}

export interface WrittenPiece {
  readonly text: string;
  /** At temperature 1. */
  readonly probability: number;
}

export interface ActivationsParams extends PlaygroundText {
  /** From 0. */
  readonly layer: number;
  /** From 0. */
  readonly unit: number;
}

/** What hidden units are searched by. */
export type TextProperty = "quotes" | "brackets" | "comments" | "indentation" | "column" | "line-end";

export interface FindUnitsParams extends PlaygroundText {
  readonly property: TextProperty;
}

export interface FoundUnit {
  readonly layer: number;
  readonly unit: number;
  /** Pearson's, of the unit with the property, from −1 to 1. */
  readonly correlation: number;
}
