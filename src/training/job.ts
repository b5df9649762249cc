import { on } from "node:events";
import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import { startWorker, type WorkerProcess } from "../worker-process.ts";
import type { JobEvent } from "./events.ts";
import type { TrainingOptions } from "./options.ts";
import type { FromWorker, Since, ToWorker } from "./worker.ts";

/** A training run in a process of its own. */
export interface TrainingJob {
  /** To be read once; ends after "done" or "unchanged", throws a MurmurError if the run fails or is cancelled. */
  readonly events: AsyncIterable<JobEvent>;
  /** Ends the run early and keeps the best model so far. */
  readonly finish: () => void;
  /** Ends the run at once; nothing is written, and its last checkpoint stays. */
  readonly cancel: () => void;
  /** Lets the run rest after its next event, until {@link continue}. While it trains there are two a second. */
  readonly pause: () => void;
  readonly continue: () => void;
  /** Says whether somebody watches the run. It then also reports what the network writes. */
  readonly watch: (isWatched: boolean) => void;
}

/** Starts a run at low priority. @param since if given, the run is made only if enough of the text is new */
export function startTraining(options: TrainingOptions, since?: Since): TrainingJob {
  const cancelled = new AbortController();
  const started = startWorker(import.meta.dirname, { bundle: "worker.js", source: "worker.ts" });
  const worker = started.process;
  const post = (message: ToWorker): void => {
    if (worker.connected) worker.send(message);
  };
  post({ kind: "train", options, since });
  return {
    events: eventsOf(started, cancelled.signal),
    finish: () => post({ kind: "finish" }),
    pause: () => post({ kind: "pause" }),
    continue: () => post({ kind: "continue" }),
    watch: (isWatched) => post({ kind: "watch", isWatched }),
    cancel: () => {
      cancelled.abort();
      worker.kill("SIGKILL");
    },
  };
}

async function* eventsOf(
  { process: worker, printed }: WorkerProcess,
  cancelled: AbortSignal,
): AsyncGenerator<JobEvent, void, undefined> {
  const ended = new AbortController();
  worker.once("close", () => ended.abort());
  worker.once("error", () => ended.abort());
  try {
    for await (const [message] of on(worker, "message", { close: ["disconnect"] }) as AsyncIterable<[FromWorker]>) {
      if (message.kind === "failed") throw new MurmurError(message.code, message.message);
      yield message.event;
      if (message.event.kind === "done" || message.event.kind === "unchanged") return;
    }
    if (!ended.signal.aborted) await new Promise((resolve) => ended.signal.addEventListener("abort", resolve));
    if (cancelled.aborted)
      throw new MurmurError("cancelled", t("Training was cancelled. The model in use is unchanged."));
    throw new MurmurError(
      "training-failed",
      t(
        "The training process ended unexpectedly ({0}). Train again to go on.",
        worker.signalCode ?? worker.exitCode ?? "",
      ),
      { cause: printed() },
    );
  } finally {
    if (worker.exitCode === null && worker.signalCode === null) worker.kill("SIGKILL");
  }
}
