/**
 * Decides what may be learned from an open document. The owner of the documents gives the rules, such as that secrets are left
 * out.
 */
export interface LearningFilter {
  /** The lines of a text that may be learned, in parts, so that other work can run in between. */
  partsOf(text: string): Iterable<string>;
  /** Whether lines may be learned as they are, while they are being typed. */
  allows(lines: string): boolean;
}

export const allowsAll: LearningFilter = { partsOf: (text) => [text], allows: () => true };
