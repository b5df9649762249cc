import type { DocumentText } from "./document-text.ts";

/** A passage of a text, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How a text became what it is. */
export interface Edit {
  /** The text before it. */
  readonly former: DocumentText;
  /** Up to here, in UTF-16 units, the two are the same. */
  readonly from: number;
  /** What came in, as it stands in the text after it. */
  readonly spans: readonly Span[];
}

/** More UTF-16 units in one edit than this come not from typing but from opening, pasting or switching branches. */
export const longestTyped = 500;
