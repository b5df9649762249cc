// What of the protocol is about the playground, a page that shows how a model reads and writes; see protocol.ts.

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
