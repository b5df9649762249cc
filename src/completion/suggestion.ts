/** How readily suggestions are shown: what a wrong one costs, in keystrokes' worth of attention; see {@link wrongCosts}. */
export type Eagerness = "quiet" | "balanced" | "eager";

export const wrongCosts: Readonly<Record<Eagerness, number>> = { quiet: 8, balanced: 3, eager: 1 };

/** How a document is completed. */
export interface CompletionSettings {
  /** 0 (always the likeliest) to 2. */
  readonly temperature: number;
  /** Upper limit of a suggestion's length. */
  readonly maxCharacters: number;
  /** Balanced, if it is not given. */
  readonly eagerness?: Eagerness | undefined;
  /** Whether the user has asked for a suggestion: then the likeliest is given however unsure it is. */
  readonly isManual?: boolean | undefined;
}

export interface Suggestion {
  /** What goes in at the cursor; where nothing but blanks stands right of it, several lines perhaps; white space at its end only where text follows in the line. */
  readonly text: string;
  /** How many UTF-16 units right of the cursor `text` replaces: a closing bracket that stands there and is part of `text`. */
  readonly replacedLength: number;
  /** That all of `text` is right, calibrated. */
  readonly probability: number;
}

/** What came of a request: either a suggestion or why there is none. */
export type Answer = (
  | {
      readonly suggestion: Suggestion;
      /** Other candidates, best first, distinct from it and from one another. */
      readonly alternatives?: readonly Suggestion[];
      readonly silence?: undefined;
    }
  | { readonly suggestion?: undefined; readonly silence: Silence }
) & {
  /** Whether time ran out: a request with a larger budget may bring more. */
  readonly isPartial?: boolean;
};

/** Why nothing is suggested; {@link silences} has a sentence for each. */
export type Silence =
  | "cancelled"
  | "inside-character"
  | "unread"
  | "text-follows"
  | "stands-below"
  | "line-ends"
  | "unsure";

/** One line for the log: why nothing? */
export const silences: Readonly<Record<Silence, string>> = {
  cancelled: "the text changed, or the request was cancelled",
  "inside-character": "the cursor stands inside a character or a line end",
  unread: "the text before the cursor is still being read",
  "text-follows": "nothing likely leads to the text right of the cursor",
  "stands-below": "what would be suggested stands right below already",
  "line-ends": "the model expects the line to end here",
  unsure: "no continuation is likely enough to be worth a look",
};
