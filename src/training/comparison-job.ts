import { fork } from "node:child_process";
import { on } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MurmurError } from "../errors.ts";
import type { ComparisonEvent, ComparisonOptions } from "./comparison.ts";
import type { FromComparison } from "./comparison-worker.ts";

/** The file of the worker: its bundle next to this one, or comparison-worker.ts next to this file. */
function workerPath(): string {
  const bundle = join(import.meta.dirname, "comparison-worker.js");
  return existsSync(bundle) ? bundle : join(import.meta.dirname, "comparison-worker.ts");
}

/**
 * Compares models in a process of its own, at low priority; see compareModels. Aborting the signal ends it at once.
 * @throws MurmurError if it fails ("evaluation-failed" and others), or is cancelled ("cancelled")
 */
export async function* comparisonInWorker(
  options: ComparisonOptions,
  signal: AbortSignal,
): AsyncGenerator<ComparisonEvent, void, undefined> {
  const worker = fork(workerPath(), { stdio: ["ignore", "ignore", "pipe", "ipc"], serialization: "advanced" });
  const cancel = (): boolean => worker.kill("SIGKILL");
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  let errors = "";
  worker.stderr?.on("data", (data: Buffer) => {
    errors = (errors + data.toString()).slice(-2000);
  });
  let measured = 0;
  try {
    worker.send(options);
    for await (const [message] of on(worker, "message", { close: ["disconnect"] }) as AsyncIterable<[FromComparison]>) {
      if (message.kind === "failed") throw new MurmurError(message.code, message.message);
      yield message.event;
      if (message.event.kind === "measured") measured++;
    }
    if (signal.aborted) throw new MurmurError("cancelled", "The comparison was cancelled.");
    if (measured === options.models.length) return;
    throw new MurmurError("evaluation-failed", `The comparing process ended unexpectedly. ${errors}`.trim());
  } finally {
    signal.removeEventListener("abort", cancel);
    if (worker.exitCode === null && worker.signalCode === null) worker.kill("SIGKILL");
  }
}
