import { isOnBattery } from "./power.ts";
import type { WorkspaceTraining } from "./workspace-training.ts";

/** Milliseconds between two looks at whether a run may begin or go on. */
const longestPeriod = 10_000;
/** Milliseconds of a pause after which the run is interrupted, because it takes memory. It continues from its checkpoint later. */
const longestPause = 15 * 60_000;

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
  /** When the run was paused. */
  #pausedAt: number | undefined;
  #isLooking = false;

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

  /** Somebody has edited a document. */
  noteEdit(): void {
    this.#editedAt = performance.now();
    this.#isDue = true;
    if (this.#isRunning) this.#pause();
  }

  /** Files have changed. */
  noteFiles(): void {
    this.#isDue = true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking || (!this.#isRunning && !this.#isDue)) return;
    this.#isLooking = true;
    const mayRun = this.#isIdle && !(await isOnBattery()) && this.#isIdle;
    this.#isLooking = false;
    if (!this.#isRunning) {
      if (mayRun) await this.#train();
    } else if (mayRun) this.#continue();
    else this.#pause();
  }

  async #train(): Promise<void> {
    this.#isRunning = true;
    this.#isDue = false;
    this.#pausedAt = undefined;
    try {
      await this.#options.train();
    } finally {
      this.#isRunning = false;
    }
  }

  #pause(): void {
    const { training } = this.#options;
    training.isPaused = true;
    this.#pausedAt ??= performance.now();
    if (performance.now() - this.#pausedAt < longestPause) return;
    this.#isDue = true;
    void training.interrupt();
  }

  #continue(): void {
    this.#options.training.isPaused = false;
    this.#pausedAt = undefined;
  }

  get #isIdle(): boolean {
    const minutes = this.#options.idleMinutes() ?? Number.POSITIVE_INFINITY;
    return performance.now() - this.#editedAt > 60_000 * minutes;
  }
}
