import type { CancellationToken, Connection } from "vscode-languageserver";
import { MurmurError, printedBefore } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { TrainingEvent } from "../../training/events.ts";
import type { Since } from "../../training/worker.ts";
import type { ModelStore } from "../models/model-store.ts";
import type { WorkspaceModel } from "../models/workspace-model.ts";
import type { StatusReport } from "../status-report.ts";
import { type TrainingView, type TrainParams, type TrainResult, trainingNotification } from "../training-protocol.ts";
import { ClientProgress } from "./client-progress.ts";
import { CurrentRun, type PauseReason } from "./current-run.ts";
import { PastRuns } from "./past-runs.ts";
import {
  describeFailure,
  describeResult,
  type RunRequest,
  type RunResult,
  trainInWorker,
  type WorkerRun,
} from "./training-run.ts";
import { TrainingWatch } from "./training-watch.ts";

export interface WorkspaceTrainingOptions {
  readonly connection: Connection;
  readonly report: StatusReport;
  readonly store: ModelStore;
  readonly workspace: WorkspaceModel;
}

/** What a run reads and how long it may take. */
export type TrainingSource = Pick<RunRequest, "paths" | "exclude" | "only" | "minutes">;

/**
 * Why a run is made: the user asks for it; to continue one that was interrupted, and for nothing else; or because enough of the text has
 * changed.
 */
export type Reason = "asked" | "interrupted" | Since;

/**
 * Trains on the workspace, one run at a time, and installs the result if it is better. A run that is interrupted, with the server or
 * without, leaves its checkpoint, and the next run continues from it if the workspace's text and the model in use are still the same.
 */
export class WorkspaceTraining {
  readonly #options: WorkspaceTrainingOptions;
  readonly #watch: TrainingWatch;
  #run: CurrentRun | undefined;
  /** The run that the user asks for, while one that nobody asked for makes way. */
  #next: CurrentRun | undefined;

  constructor(options: WorkspaceTrainingOptions) {
    const { connection, store } = options;
    this.#options = options;
    this.#watch = new TrainingWatch(new PastRuns(store.runsPath, connection.console), (view) => {
      void connection.sendNotification(trainingNotification, view);
    });
  }

  /** What there is to see of the runs. @param isWatched whether the client is notified of changes from now on */
  async watch(isWatched: boolean): Promise<TrainingView> {
    if (this.#run) this.#run.isWatched = isWatched;
    return await this.#watch.watch(isWatched);
  }

  /** Forgets what was seen of the runs. */
  forget(): void {
    this.#watch.forget();
  }

  /** Interrupts a run that nobody asked for. @returns whether no run is under way then */
  async makeWay(): Promise<boolean> {
    if (this.#run?.isAsked === false) await this.interrupt();
    return !this.isRunning;
  }

  get isRunning(): boolean {
    return (this.#next ?? this.#run) !== undefined;
  }

  /** Ends the run early and keeps its best model. */
  finish(): void {
    const run = this.#next ?? this.#run;
    if (!run) return;
    if (run === this.#run) {
      this.#pause(run, "asked", false);
      this.#watch.finish();
    }
    run.finish.abort();
  }

  /** Ends the run at once; the next one continues from its last checkpoint. @returns a promise that resolves when it has ended */
  async interrupt(): Promise<void> {
    this.#run?.interrupt();
    await this.#run?.ended;
  }

  /** Ends the run at once and discards what it has learned; without a run, what an interrupted one has left. */
  async discard(): Promise<void> {
    const run = this.#next ?? this.#run;
    if (run) run.discard();
    else await this.#options.store.discard();
  }

  /** Lets a run that nobody asked for rest or go on. */
  set isPaused(isPaused: boolean) {
    if (this.#run?.isAsked === false) this.#pause(this.#run, "edits", isPaused);
  }

  /** Lets the run rest or go on, as the user says. */
  pause(isPaused: boolean): void {
    if (this.#run) this.#pause(this.#run, "asked", isPaused);
  }

  #pause(run: CurrentRun, reason: PauseReason, isPaused: boolean): void {
    if (!run.pause(reason, isPaused)) return;
    this.#watch.pause(isPaused);
    const { percent, isAsked } = run;
    const detail = isPaused ? t("paused") : t("goes on");
    run.display.report(percent, t("{0} %, {1}", percent, detail));
    this.#options.report.update({ training: { percent, detail, isAsked, isPaused } });
  }

  /** Trains because the user asks for it. @returns the result, once the run has ended; the promise never rejects */
  async train(source: TrainingSource, params: TrainParams, token: CancellationToken): Promise<TrainResult> {
    if (this.#next || this.#run?.isAsked)
      return { outcome: "failed", message: t("Murmur is already training. Stop the run first.") };
    const run = new CurrentRun(true);
    this.#next = run;
    // This run continues from the last checkpoint of one that nobody asked for.
    await this.makeWay();
    this.#next = undefined;
    if (token.isCancellationRequested) run.discard();
    const cancellation = token.onCancellationRequested(run.discard);
    const display = { title: t("Murmur is training"), line: t("reading files"), token: params.workDoneToken };
    run.display = new ClientProgress(this.#options.connection, display, run.discard);
    const result = await this.#trainAlone(run, source);
    cancellation.dispose();
    return result ?? { outcome: "kept", message: "" };
  }

  /**
   * Trains although nobody asked for it, unless a run is under way.
   * @param reason why the run is made
   * @returns the result, once the run has ended; undefined if there was none. The promise never rejects
   */
  async trainByItself(source: TrainingSource, reason: Reason): Promise<TrainResult | undefined> {
    if (this.isRunning) return undefined;
    return await this.#trainAlone(new CurrentRun(false), source, reason);
  }

  async #trainAlone(
    run: CurrentRun,
    source: TrainingSource,
    reason: Reason = "asked",
  ): Promise<TrainResult | undefined> {
    this.#run = run;
    run.isWatched = this.#watch.isWatched;
    run.ended = this.#resultOf(run, source, reason);
    try {
      return await run.ended;
    } finally {
      this.#run = undefined;
      this.#options.report.update({ training: undefined });
    }
  }

  /** A whole run: trains, installs the result, logs and cleans up. */
  async #resultOf(run: CurrentRun, source: TrainingSource, reason: Reason): Promise<TrainResult | undefined> {
    const { connection, report, store, workspace } = this.#options;
    const start = performance.now();
    // A run that nobody asked for is shown when it turns out to be worthwhile.
    if (run.isAsked) {
      report.update({ training: { percent: 0, detail: t("reading files"), isAsked: true } });
      this.#watch.begin(source.minutes ?? 0);
    }
    let result: TrainResult;
    let isOver = true;
    try {
      const trained = await this.#runOf(run, source, reason);
      if (!trained) return undefined;
      await run.untilContinued();
      // It may have been discarded while it was paused.
      if (!run.isInterrupted) run.cancel.signal.throwIfAborted();
      const replaced = trained.isBetter ? await workspace.install() : undefined;
      await store.recordTexts(trained.texts);
      result = {
        outcome: trained.isBetter ? "installed" : "kept",
        message: describeResult(trained),
        ...(replaced !== undefined && { replaced }),
      };
    } catch (error) {
      const { isCancelled, message } = describeFailure(error);
      const printed = printedBefore(error);
      if (printed !== undefined) connection.console.error(`The training process printed: ${printed}`);
      isOver = run.cancel.signal.aborted && !run.isInterrupted;
      result = { outcome: isCancelled ? "cancelled" : "failed", message };
    } finally {
      run.display.done();
    }
    await this.#watch.end(result, !run.isInterrupted);
    // A run that failed can be continued, if it has come to its first checkpoint.
    if (isOver) await store.discard().catch(() => undefined);
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    connection.console.info(`Training ended after ${minutes} min (${result.outcome}): ${result.message}`);
    return result;
  }

  /** Trains, from the checkpoint of an interrupted run if that was a run on the same text. @throws MurmurError */
  async #runOf(run: CurrentRun, source: TrainingSource, reason: Reason): Promise<RunResult | undefined> {
    const { connection, report, store, workspace } = this.#options;
    const log = (line: string): void => connection.console.info(line);
    const since = typeof reason === "object" ? reason : undefined;
    const begin = (): Promise<WorkerRun> =>
      // This waits for a reset in progress, which locks the same files, so that the run starts from the model that the reset leaves.
      workspace.start(async (init) => {
        await store.prepare();
        log(
          `Training ${since ? "if enough has changed" : "starts"}: up to ${source.minutes} min on ${source.paths.join(", ")}, from the ${workspace.description}.`,
        );
        const listener = {
          log,
          progress: (percent: number, line: string) => {
            run.percent = percent;
            if (run.isPaused) return;
            run.display.report(percent, t("{0} %, {1}", percent, line));
            report.update({ training: { percent, detail: line, isAsked: run.isAsked } });
          },
          event: (event: TrainingEvent) => {
            if (event.kind === "started" && !run.isAsked) this.#watch.begin(source.minutes ?? 0, run.isPaused);
            this.#watch.take(event);
          },
        };
        const signals = { finish: run.finish.signal, cancel: run.cancel.signal };
        const worker = trainInWorker({ ...source, init, out: store.trainingPath }, signals, listener, since);
        run.worker = worker;
        return worker;
      });
    try {
      return await (await begin()).ended;
    } catch (error) {
      if (!(error instanceof MurmurError && error.code === "bad-checkpoint")) throw error;
      await store.discard();
      log(`The checkpoint of an interrupted run does not fit: ${error.message}`);
      if (reason === "interrupted") return undefined;
      return await (await begin()).ended;
    }
  }
}
