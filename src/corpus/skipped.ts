import { formatNumber, t } from "../l10n.ts";
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
  const { "secret line": lines, ...files } = skipped;
  const parts = Object.entries(files).map(([reason, count]) => describe(reason as SkipReason, count));
  if (lines) parts.push(describe("secret line", lines));
  return parts.join(", ");
}

function describe(reason: SkipReason, count: number): string {
  const shown = formatNumber(count);
  switch (reason) {
    case "ignored":
      return t("{0} ignored", shown);
    case "excluded":
      return t("{0} excluded", shown);
    case "binary":
      return t("{0} binary", shown);
    case "unknown encoding":
      return t("{0} unknown encoding", shown);
    case "broken notebook":
      return t("{0} broken notebook", shown);
    case "too large":
      return t("{0} too large", shown);
    case "generated":
      return t("{0} generated", shown);
    case "secret":
      return t("{0} secret", shown);
    case "secret line":
      return count === 1 ? t("1 line with a likely secret") : t("{0} lines with likely secrets", shown);
    case "empty":
      return t("{0} empty", shown);
    case "duplicate":
      return t("{0} duplicate", shown);
    case "link":
      return t("{0} link", shown);
    case "not a file":
      return t("{0} not a file", shown);
    case "looping":
      return t("{0} looping", shown);
    case "unreadable":
      return t("{0} unreadable", shown);
  }
}
