/** What was typed, and what suggestions saved: counts of characters (UTF-16 units), and of suggestions. */
export interface TypingStatistics {
  /** Characters that the user typed. */
  readonly typed: number;
  /** Characters of accepted suggestions. */
  readonly accepted: number;
  /** Suggestions that were shown. */
  readonly shown: number;
  /** Suggestions that the user typed something else against. */
  readonly rejected: number;
}

export const noStatistics: TypingStatistics = { typed: 0, accepted: 0, shown: 0, rejected: 0 };

export function sumOf(all: readonly TypingStatistics[]): TypingStatistics {
  return all.reduce(
    (sum, { typed, accepted, shown, rejected }) => ({
      typed: sum.typed + typed,
      accepted: sum.accepted + accepted,
      shown: sum.shown + shown,
      rejected: sum.rejected + rejected,
    }),
    noStatistics,
  );
}
