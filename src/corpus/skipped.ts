/** Why a file is left out, or a folder with all that is in it. */
export type SkipReason =
  | "ignored"
  | "excluded"
  | "binary"
  | "too large"
  | "generated"
  | "secret"
  | "empty"
  | "duplicate"
  | "link"
  | "not a file"
  | "looping"
  | "unreadable";

/** Takes the reason why one more file or folder is left out, or so many. */
export type Skip = (reason: SkipReason, count?: number) => void;

/** How many were left out, by reason; a folder that is left out as a whole counts as one. */
export type Skipped = Partial<Record<SkipReason, number>>;

/** Counts into a record. */
export function counter(skipped: Skipped): Skip {
  return (reason, count = 1) => {
    if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
  };
}

/** For a person: "3 ignored, 1 binary"; empty if nothing was left out. */
export function describeSkipped(skipped: Readonly<Skipped>): string {
  return Object.entries(skipped)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(", ");
}
