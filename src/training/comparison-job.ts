import { on } from "node:events";
import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import { startWorker } from "../worker-process.ts";
import type { ComparisonEvent, ComparisonOptions } from "./comparison.ts";
import type { FromComparison } from "./comparison-worker.ts";

/**
 * Compares models in a process of its own, at low priority; see compareModels. Aborting the signal ends it at once.
 * @throws MurmurError if it fails ("evaluation-failed" and others), or is cancelled ("cancelled")
 */
export async function* comparisonInWorker(
  options: ComparisonOptions,
  signal: AbortSignal,
): AsyncGenerator<ComparisonEvent, void, undefined> {
  const files = { bundle: "comparison-worker.js", source: "comparison-worker.ts" };
  const { process: worker, printed } = startWorker(import.meta.dirname, files);
  const cancel = (): boolean => worker.kill("SIGKILL");
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  let measured = 0;
  try {
    worker.send(options);
    for await (const [message] of on(worker, "message", { close: ["disconnect"] }) as AsyncIterable<[FromComparison]>) {
      if (message.kind === "failed") throw new MurmurError(message.code, message.message);
      yield message.event;
      if (message.event.kind === "measured") measured++;
    }
    if (signal.aborted) throw new MurmurError("cancelled", t("The comparison was cancelled."));
    if (measured === options.models.length) return;
    throw new MurmurError(
      "evaluation-failed",
      t("The comparing process ended unexpectedly ({0}). Compare again.", worker.signalCode ?? worker.exitCode ?? ""),
      { cause: printed() },
    );
  } finally {
    signal.removeEventListener("abort", cancel);
    if (worker.exitCode === null && worker.signalCode === null) worker.kill("SIGKILL");
  }
}
