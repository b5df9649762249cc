/** A part of a text, and what of it may be learned. */
interface FilteredPart {
  /** The length of the part in UTF-16 units. */
  readonly length: number;
  /** The lines of the part that may be learned. The form of their ends does not matter. */
  readonly text: string;
}

/**
 * Decides what may be learned from an open document. The owner of the documents gives the rules, such as that secrets are left
 * out.
 */
export interface LearningFilter {
  /** What may be learned of a text, in parts that follow each other, so that other work can run in between. */
  partsOf(text: string): Iterable<FilteredPart>;
  /**
   * Whether lines may be learned as they are, while they are being typed.
   * @param before the text before them; if it is long, the last {@link lookBack} UTF-16 units of it
   */
  allows(lines: string, before: string): boolean;
}

/** The longest text, in UTF-16 units, in which lines may be refused because of what begins before them, such as a private key. */
export const lookBack = 1 << 14;

export const allowsAll: LearningFilter = {
  partsOf: (text) => [{ length: text.length, text }],
  allows: () => true,
};
