import { constants, setPriority } from "node:os";
import { MurmurError, messageOf } from "../errors.ts";
import { useLanguageOfParent } from "../l10n-bundles.ts";
import { type ComparisonEvent, type ComparisonOptions, compareModels } from "./comparison.ts";

/** What the worker sends back to the process that forked it, which sends it the options. */
export type FromComparison =
  | { readonly kind: "event"; readonly event: ComparisonEvent }
  | { readonly kind: "failed"; readonly code: MurmurError["code"]; readonly message: string };

useLanguageOfParent();
process.on("message", (options: ComparisonOptions) => void run(options));
// The comparison is over, or the process that forked this one is gone.
process.on("disconnect", () => process.exit());

async function run(options: ComparisonOptions): Promise<void> {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    for await (const event of compareModels(options)) await send({ kind: "event", event });
  } catch (error) {
    const code = error instanceof MurmurError ? error.code : "evaluation-failed";
    await send({ kind: "failed", code, message: messageOf(error) });
  }
  process.disconnect();
}

function send(message: FromComparison): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
