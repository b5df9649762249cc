import { describeSkipped, type Skipped } from "../corpus/skipped.ts";

/** Says on standard error what of a command's files was left out, and why, if anything was. */
export function sayLeftOut(skipped: Readonly<Skipped>): void {
  const reasons = describeSkipped(skipped);
  if (reasons !== "") process.stderr.write(`left out: ${reasons}\n`);
}
