import { setTimeout } from "node:timers/promises";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { TrainResult } from "../training-protocol.ts";
import type { ClientProgress } from "./client-progress.ts";
import type { WorkerRun } from "./training-run.ts";

/** Milliseconds between two looks at whether a paused run that has ended may install its result. */
const pollPeriod = 500;

/** Receives the progress of a run. */
type Progress = Pick<ClientProgress, "report" | "done">;

/** Why a run rests: the user says so, or somebody edits and nobody asked for the run. */
export type PauseReason = "asked" | "edits";

/** The current run, from its request on. */
export class CurrentRun {
  readonly finish = new AbortController();
  readonly cancel = new AbortController();
  /** Whether the user asked for it. */
  readonly isAsked: boolean;
  /** Shows its progress. */
  display: Progress = { report: () => {}, done: () => {} };
  /** Whether the next run continues from its checkpoint. */
  isInterrupted = false;
  /** Resolves when the run has ended; undefined: too little of the text was new. Never rejects. */
  ended: Promise<TrainResult | undefined> = Promise.resolve(undefined);
  percent = 0;
  #worker: WorkerRun | undefined;
  readonly #pauses = new Set<PauseReason>();
  #isWatched = false;

  constructor(isAsked: boolean) {
    this.isAsked = isAsked;
  }

  set worker(worker: WorkerRun) {
    this.#worker = worker;
    worker.watch(this.#isWatched);
    if (this.isPaused) worker.pause();
  }

  set isWatched(isWatched: boolean) {
    this.#isWatched = isWatched;
    this.#worker?.watch(isWatched);
  }

  get isPaused(): boolean {
    return this.#pauses.size > 0;
  }

  /**
   * Lets the run rest for a reason, or ends that: it goes on when there is no other, and when the user says so. @returns whether that changes
   * anything
   */
  pause(reason: PauseReason, isPaused: boolean): boolean {
    const was = this.isPaused;
    if (isPaused) this.#pauses.add(reason);
    else if (reason === "asked") this.#pauses.clear();
    else this.#pauses.delete(reason);
    if (this.isPaused === was) return false;
    if (isPaused) this.#worker?.pause();
    else this.#worker?.continue();
    return true;
  }

  readonly discard = (): void => this.cancel.abort(cancelled());

  interrupt(): void {
    if (this.cancel.signal.aborted) return;
    this.isInterrupted = true;
    this.cancel.abort(interrupted());
  }

  /** Resolves when the run is not paused, or is to end. */
  async untilContinued(): Promise<void> {
    while (this.isPaused && !this.cancel.signal.aborted && !this.finish.signal.aborted) await setTimeout(pollPeriod);
  }
}

function cancelled(): MurmurError {
  return new MurmurError("cancelled", t("Training was cancelled. The model in use is unchanged."));
}

function interrupted(): MurmurError {
  return new MurmurError("cancelled", t("Training was interrupted. The next run continues from its last checkpoint."));
}
