import { describeSkipped, type Skipped } from "../corpus/skipped.ts";

/** Prints to standard error how many of a command's files and lines were left out, and why, if any were. */
export function sayLeftOut(skipped: Readonly<Skipped>): void {
  const reasons = describeSkipped(skipped);
  if (reasons !== "") process.stderr.write(`left out: ${reasons}\n`);
}
