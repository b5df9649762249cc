/** Why a file, a whole folder or a line of a file is left out. */
export type SkipReason =
  | "ignored"
  | "excluded"
  | "binary"
  | "unknown encoding"
  | "broken notebook"
  | "too large"
  | "generated"
  | "secret"
  | "secret line"
  | "empty"
  | "duplicate"
  | "link"
  | "not a file"
  | "looping"
  | "unreadable";

/** Records that a number of files, folders or lines, by default one, are left out for a reason. */
export type Skip = (reason: SkipReason, count?: number) => void;

/** How many were left out, by reason. A folder that is left out as a whole counts once. */
export type Skipped = Partial<Record<SkipReason, number>>;

/** Returns a function that counts into a record. */
export function counter(skipped: Skipped): Skip {
  return (reason, count = 1) => {
    if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
  };
}

/** A summary for the user: "3 ignored, 1 binary, 2 lines with likely secrets". Empty if nothing was left out. */
export function describeSkipped(skipped: Readonly<Skipped>): string {
  const { "secret line": lines = 0, ...files } = skipped;
  const parts = Object.entries(files).map(([reason, count]) => `${count} ${reason}`);
  if (lines > 0) parts.push(lines === 1 ? "1 line with a likely secret" : `${lines} lines with likely secrets`);
  return parts.join(", ");
}
