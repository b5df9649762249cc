import { constants, setPriority } from "node:os";
import { loadCorpus } from "../corpus/load-corpus.ts";
import { counter, describeSkipped, type Skipped } from "../corpus/skipped.ts";
import { MurmurError, messageOf } from "../errors.ts";
import type { JobEvent } from "./events.ts";
import type { TrainingOptions } from "./options.ts";
import { train } from "./trainer.ts";

/** What the process that forked the worker sends it. */
export type ToWorker = { readonly kind: "train"; readonly options: TrainingOptions } | { readonly kind: "finish" };

/** What the worker sends back. */
export type FromWorker =
  | { readonly kind: "event"; readonly event: JobEvent }
  | { readonly kind: "failed"; readonly code: MurmurError["code"]; readonly message: string };

const finish = new AbortController();

process.on("message", (message: ToWorker) => {
  if (message.kind === "finish") finish.abort();
  else void run(message.options);
});
// The run is over, or the process that forked this one is gone and nobody waits for the result.
process.on("disconnect", () => process.exit());

async function run(options: TrainingOptions): Promise<void> {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    const skipped: Skipped = {};
    const corpus = await loadCorpus(options, counter(skipped));
    await send({ kind: "event", event: { kind: "chosen", leftOut: describeSkipped(skipped) } });
    for await (const event of train(corpus, options, finish.signal)) await send({ kind: "event", event });
  } catch (error) {
    const code = error instanceof MurmurError ? error.code : "training-failed";
    await send({ kind: "failed", code, message: messageOf(error) });
  }
  process.disconnect();
}

function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
