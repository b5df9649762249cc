/** What may be learned of a document that is open, by rules that whoever holds the documents gives, such as that no secret is. */
export interface LearningFilter {
  /** The lines of a text that may be learned, in parts, so that other work can go on in between. */
  partsOf(text: string): Iterable<string>;
  /** Whether lines that are being typed may be learned, as they are now. */
  allows(lines: string): boolean;
}

export const allowsAll: LearningFilter = { partsOf: (text) => [text], allows: () => true };
