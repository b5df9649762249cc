import type { SkipReason } from "./files.ts";

/** What was not learned of some files, and why. */
export class LeftOut {
  /** How many files, by reason. */
  readonly files: Partial<Record<SkipReason, number>> = {};
  /** How many lines of the other files, because they are likely to hold secrets. */
  secretLines = 0;

  skip(reason: SkipReason): void {
    this.files[reason] = (this.files[reason] ?? 0) + 1;
  }

  /** For a person, such as "3 binary, 1 in an unknown encoding"; undefined if nothing was left out. */
  get description(): string | undefined {
    const parts = Object.entries(this.files).map(([reason, count]) => `${count} ${reason}`);
    if (this.secretLines > 0) parts.push(`${this.secretLines} lines with likely secrets`);
    return parts.length > 0 ? parts.join(", ") : undefined;
  }
}
