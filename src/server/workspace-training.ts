import type { CancellationToken, Connection } from "vscode-languageserver";
import { MurmurError } from "../errors.ts";
import { ClientProgress } from "./client-progress.ts";
import type { ModelStore } from "./model-store.ts";
import type { TrainParams, TrainResult } from "./protocol.ts";
import type { StatusReport } from "./status-report.ts";
import { describeFailure, describeResult, type RunRequest, type RunSignals, trainInWorker } from "./training-run.ts";
import type { WorkspaceModel } from "./workspace-model.ts";

export interface WorkspaceTrainingOptions {
  readonly connection: Connection;
  readonly report: StatusReport;
  readonly store: ModelStore;
  readonly workspace: WorkspaceModel;
}

/** What a run reads and how long it may take. */
export type TrainingSource = Pick<RunRequest, "paths" | "exclude" | "only" | "minutes">;

/** Trains on the workspace, one run at a time, and installs the result if it is better. */
export class WorkspaceTraining {
  readonly #options: WorkspaceTrainingOptions;
  /** The current run, from its request on. */
  #run:
    | { readonly finish: AbortController; readonly cancel: AbortController; readonly ended: Promise<TrainResult> }
    | undefined;

  constructor(options: WorkspaceTrainingOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Ends the run early and keeps its best model. */
  finish(): void {
    this.#run?.finish.abort();
  }

  /** Discards the run. @returns a promise that resolves when it has ended */
  async cancel(): Promise<void> {
    this.#run?.cancel.abort(cancelled());
    await this.#run?.ended;
  }

  /** Trains. @returns the result, once the run has ended; the promise never rejects */
  async train(source: TrainingSource, params: TrainParams, token: CancellationToken): Promise<TrainResult> {
    if (this.#run) return { outcome: "failed", message: "Murmur is already training. Stop the run first." };
    const [finish, cancel] = [new AbortController(), new AbortController()];
    const stop = (): void => cancel.abort(cancelled());
    if (token.isCancellationRequested) stop();
    const cancellation = token.onCancellationRequested(stop);
    const ended = this.#trainAlone(source, params, { finish: finish.signal, cancel: cancel.signal }, stop);
    this.#run = { finish, cancel, ended };
    try {
      return await ended;
    } finally {
      cancellation.dispose();
      this.#run = undefined;
      this.#options.report.update({ training: undefined });
    }
  }

  async #trainAlone(
    source: TrainingSource,
    params: TrainParams,
    signals: RunSignals,
    stop: () => void,
  ): Promise<TrainResult> {
    const { connection, report, store, workspace } = this.#options;
    const log = (line: string): void => connection.console.info(line);
    const start = performance.now();
    const reading = "reading files";
    report.update({ training: { percent: 0, detail: reading } });
    const display = { title: "Murmur is training", line: reading, token: params.workDoneToken };
    const progress = new ClientProgress(connection, display, stop);
    let result: TrainResult;
    try {
      // This waits for a reset in progress, which locks the same files, so that the run starts from the model that the reset leaves.
      const run = await workspace.start(async (init) => {
        await store.prepare();
        await store.discard();
        log(
          `Training starts: up to ${source.minutes} min on ${source.paths.join(", ")}, from the ${workspace.description}.`,
        );
        const ended = trainInWorker({ ...source, init, out: store.trainingPath }, signals, {
          log,
          progress: (percent, line) => {
            progress.report(percent, `${percent} %, ${line}`);
            report.update({ training: { percent, detail: line } });
          },
        });
        return { ended };
      });
      const trained = await run.ended;
      if (trained.isBetter) await workspace.install();
      result = { outcome: trained.isBetter ? "installed" : "kept", message: describeResult(trained) };
    } catch (error) {
      const { isCancelled, message } = describeFailure(error);
      result = { outcome: isCancelled ? "cancelled" : "failed", message };
    }
    progress.done();
    await store.discard();
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    log(`Training ended after ${minutes} min (${result.outcome}): ${result.message}`);
    return result;
  }
}

function cancelled(): MurmurError {
  return new MurmurError("cancelled", "Training was cancelled. The model in use is unchanged.");
}
