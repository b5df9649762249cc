/** How readily suggestions are shown; see {@link wrongCosts}. */
export type Eagerness = "quiet" | "balanced" | "eager";

/** The cost of a wrong suggestion for each eagerness, in keystrokes' worth of attention. */
export const wrongCosts: Readonly<Record<Eagerness, number>> = { quiet: 8, balanced: 3, eager: 1 };

/** The default of {@link CompletionSettings.maxCharacters}. Longer suggestions save no more, as measured in bench/RESULTS.md. */
export const usualMaxCharacters = 80;

/** The settings of a completion. */
export interface CompletionSettings {
  /** From 0 (always the likeliest character) to 2. */
  readonly temperature: number;
  /** Upper limit of a suggestion's length, in characters. */
  readonly maxCharacters: number;
  /** Default: balanced. */
  readonly eagerness?: Eagerness | undefined;
  /** Whether the user asked for a suggestion. The likeliest one is then given, however unlikely it is. */
  readonly isManual?: boolean | undefined;
}

export interface Suggestion {
  /**
   * The text to insert at the cursor. It may have several lines if only blanks follow in the cursor's line. It ends with white
   * space only if text follows in the line.
   */
  readonly text: string;
  /** The number of UTF-16 units right of the cursor that `text` replaces: closing brackets that are part of `text`. */
  readonly replacedLength: number;
  /** The calibrated probability that all of `text` is right. */
  readonly probability: number;
}

/** The answer to a request: a suggestion, or the reason for none. */
export type Answer = (
  | {
      readonly suggestion: Suggestion;
      /** Other candidates, best first, all different. */
      readonly alternatives?: readonly Suggestion[];
      readonly silence?: undefined;
    }
  | { readonly suggestion?: undefined; readonly silence: Silence }
) & {
  /** Whether time ran out, so that a request with a larger budget may give more. */
  readonly isPartial?: boolean;
};

/** The reason why nothing is suggested; {@link silences} has a sentence for each. */
export type Silence =
  | "cancelled"
  | "inside-character"
  | "unread"
  | "foreign"
  | "text-follows"
  | "already-below"
  | "line-ends"
  | "unsure";

/** A line for the log that says why nothing is suggested. */
export const silences: Readonly<Record<Silence, string>> = {
  cancelled: "the text changed, or the request was cancelled",
  "inside-character": "the cursor is inside a character or a line end",
  unread: "the text before the cursor is still being read",
  foreign: "the document is empty, and the texts that are known are in other languages",
  "text-follows": "no likely text leads to the text right of the cursor",
  "already-below": "the lines below the cursor already have the likeliest text",
  "line-ends": "the model expects the line to end here",
  unsure: "no continuation is likely enough to be worth a look",
};
