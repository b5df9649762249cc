/** Why a file is left out, or a folder with all that is in it, or a line of a file. */
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

/** For a person: "3 ignored, 1 binary, 2 lines with likely secrets"; empty if nothing was left out. */
export function describeSkipped(skipped: Readonly<Skipped>): string {
  const { "secret line": lines = 0, ...files } = skipped;
  const parts = Object.entries(files).map(([reason, count]) => `${count} ${reason}`);
  if (lines > 0) parts.push(lines === 1 ? "1 line with a likely secret" : `${lines} lines with likely secrets`);
  return parts.join(", ");
}
