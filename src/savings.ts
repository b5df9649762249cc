/** What was typed, and what suggestions saved: counts of characters (UTF-16 units), and of suggestions. */
export interface Savings {
  /** Characters that the user typed. */
  readonly typed: number;
  /** Characters of accepted suggestions. */
  readonly accepted: number;
  /** Suggestions that were shown. */
  readonly shown: number;
  /** Suggestions that the user typed something else against. */
  readonly wrong: number;
}

export const nothingSaved: Savings = { typed: 0, accepted: 0, shown: 0, wrong: 0 };

export function sumOf(all: readonly Savings[]): Savings {
  return all.reduce(
    (sum, { typed, accepted, shown, wrong }) => ({
      typed: sum.typed + typed,
      accepted: sum.accepted + accepted,
      shown: sum.shown + shown,
      wrong: sum.wrong + wrong,
    }),
    nothingSaved,
  );
}
