import { isOnBattery } from "./power.ts";
import type { WorkspaceTraining } from "./workspace-training.ts";

/** Milliseconds between two looks at whether a run may begin or go on. */
const longestPeriod = 10_000;

export interface IdleTrainingOptions {
  /** The minutes without an edit after which a run may begin; undefined: none is wanted. */
  readonly idleMinutes: () => number | undefined;
  readonly training: Pick<WorkspaceTraining, "isPaused" | "interrupt">;
  /** Trains if enough has changed. Resolves when the run has ended. */
  readonly train: () => Promise<void>;
}

/** Trains while nobody types and the machine is not on its battery, and rests as soon as somebody types. */
export class IdleTraining implements Disposable {
  readonly #options: IdleTrainingOptions;
  #timer: NodeJS.Timeout | undefined;
  #editedAt = performance.now();
  /** Whether something may have changed since the last run that was considered here. */
  #isDue = true;
  #isRunning = false;

  constructor(options: IdleTrainingOptions) {
    this.#options = options;
  }

  /** Follows the settings, from now on. */
  follow(): void {
    clearInterval(this.#timer);
    const minutes = this.#options.idleMinutes();
    if (minutes === undefined) {
      if (this.#isRunning) void this.#options.training.interrupt();
      return;
    }
    const period = Math.min(longestPeriod, (60_000 * minutes) / 4);
    this.#timer = setInterval(() => void this.#look(), period).unref();
  }

  /** Somebody has edited a document or a file. */
  note(): void {
    this.#editedAt = performance.now();
    this.#isDue = true;
    if (this.#isRunning) this.#options.training.isPaused = true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { training, train } = this.#options;
    if (!this.#isRunning && !this.#isDue) return;
    const mayRun = this.#isIdle && !(await isOnBattery()) && this.#isIdle;
    if (this.#isRunning) training.isPaused = !mayRun;
    else if (mayRun) {
      this.#isRunning = true;
      this.#isDue = false;
      await train();
      this.#isRunning = false;
    }
  }

  get #isIdle(): boolean {
    const minutes = this.#options.idleMinutes() ?? Number.POSITIVE_INFINITY;
    return performance.now() - this.#editedAt > 60_000 * minutes;
  }
}
