import type { TypingStatistics } from "../typing-statistics.ts";
import type { ServerSilence } from "./documents/silence.ts";

// Murmur's extensions to LSP, shared by the server and its client. This file has types and names only, as have those beside it whose names
// end as its own: what is about the models, training and the playground.

/** Notification to the client: the status has changed. */
export const statusNotification = "murmur/status";

/** Notification to the client: there is more to suggest in a document than the answer in time held; request again. */
export const refreshNotification = "murmur/refresh";

export interface RefreshParams {
  readonly uri: string;
  /** The version of the document that the suggestion is for. */
  readonly version: number;
}

/** What a client may add to the parameters of LSP's request for inline completions. */
export interface RequestDetails {
  /** The cursors besides that of the request. What is accepted is inserted at all of them. */
  readonly otherCursors?: readonly CursorPosition[] | undefined;
  /**
   * Whether the client requests no further suggestions for this version of the document, so that the answer must be whole: a
   * notification that there is more would be lost. VS Code computes one explicit request for each version, and takes its answer for
   * that of the next ones.
   */
  readonly isLast?: boolean | undefined;
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
      readonly isPaused?: boolean | undefined;
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

/** What the client adds to the settings' section, besides `languageFiles`. */
export interface FolderSettings {
  /** The URIs of the workspace's folders in which completions are off altogether: they are not read. */
  readonly offFolders: readonly string[];
}

/** The shortest and the longest training run, in minutes. */
export const trainingLengths = { least: 0.05, most: 1440 } as const;

/** The values of the setting `eagerness`. */
export const eagernessLevels = ["quiet", "balanced", "eager"] as const;
