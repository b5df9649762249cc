import { formatNumber, t } from "./l10n.ts";
/** A file's name on one line: control characters, which a name may hold, would act on the terminal. */
export function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** "1 file" or "3 files". */
export function filesOf(count: number): string {
  return count === 1 ? t("1 file") : t("{0} files", formatNumber(count));
}

/** Roughly from ten thousand on: "900 characters", "12 thousand characters", "3.4 million characters". */
export function charactersOf(count: number): string {
  if (count === 1) return t("1 character");
  if (count < 10_000) return t("{0} characters", formatNumber(count));
  return count < 999_500
    ? t("{0} thousand characters", Math.round(count / 1e3))
    : t("{0} million characters", formatNumber(count / 1e6, 1));
}

/** The size of a file: "13 KB", "3.5 MB". */
export function sizeOf(bytes: number): string {
  const thousands = Math.ceil(bytes / 1e3);
  return thousands < 1000 ? t("{0} KB", thousands) : t("{0} MB", formatNumber(bytes / 1e6, 1));
}
