import type { TrainingEvent } from "../../training/events.ts";
import type { PastRun, TrainingRun, TrainingView, TrainResult } from "../training-protocol.ts";
import type { PastRuns } from "./past-runs.ts";
import { afterEnd, afterEvent, newRun, pastRunOf } from "./run-view.ts";

/** The least milliseconds between two notifications. */
const period = 250;

/** What there is to see of training: the current or last run, and past ones. It is collected whether or not somebody watches. */
export class TrainingWatch {
  readonly #past: PastRuns;
  readonly #notify: (view: TrainingView) => void;
  #isWatched = false;
  #run: TrainingRun | undefined;
  #done: Extract<TrainingEvent, { kind: "done" }> | undefined;
  #pastRuns: readonly PastRun[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param notify called with what there is to see when it has changed, while it is watched */
  constructor(past: PastRuns, notify: (view: TrainingView) => void) {
    this.#past = past;
    this.#notify = notify;
  }

  get isWatched(): boolean {
    return this.#isWatched;
  }

  /** What there is to see now. @param isWatched whether changes are reported from now on */
  async watch(isWatched: boolean): Promise<TrainingView> {
    this.#isWatched = isWatched;
    this.#pastRuns = await this.#past.list();
    return this.#view;
  }

  /** A run has begun, or turns out to be worthwhile. @param isPaused whether it rests already */
  begin(minutes: number, isPaused = false): void {
    this.#done = undefined;
    this.#change({ ...newRun(minutes), isPaused });
  }

  take(event: TrainingEvent): void {
    if (event.kind === "done") this.#done = event;
    const run = this.#current;
    if (run) this.#change(afterEvent(run, event));
  }

  pause(isPaused: boolean): void {
    const run = this.#current;
    if (run) this.#change({ ...run, isPaused });
  }

  /** The run is to end early. */
  finish(): void {
    const run = this.#current;
    if (run) this.#change({ ...run, state: "ending" });
  }

  /** The run has ended. @param isOver false if it goes on another time, from its checkpoint */
  async end(result: TrainResult, isOver: boolean): Promise<void> {
    const run = this.#current;
    if (!run) return;
    const past = isOver ? pastRunOf(run, this.#done, result, new Date()) : undefined;
    if (past) this.#pastRuns = await this.#past.add(past);
    this.#change(afterEnd(run, result));
  }

  /** Forgets all runs: they were deleted with everything else that is known of the workspace. */
  forget(): void {
    this.#pastRuns = [];
    this.#change(undefined);
  }

  /** The run that is under way; undefined too while one that nobody asked for has yet to turn out to be worthwhile. */
  get #current(): TrainingRun | undefined {
    return this.#run?.state === "ended" ? undefined : this.#run;
  }

  get #view(): TrainingView {
    return { past: this.#pastRuns, ...(this.#run && { run: this.#run }) };
  }

  #change(run: TrainingRun | undefined): void {
    this.#run = run;
    if (!this.#isWatched) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#notify(this.#view);
    }, period).unref();
  }
}
