import { type Disposable, EventEmitter } from "vscode";

/** Silence for some minutes: nothing is suggested unless the user asks for it. It ends with the window. */
export class Snooze implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #until: Date | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** When it ends; undefined while nothing is snoozed. While a machine sleeps, its timers do too. */
  get until(): Date | undefined {
    return this.#until && this.#until.getTime() > Date.now() ? this.#until : undefined;
  }

  start(minutes: number): void {
    clearTimeout(this.#timer);
    const duration = minutes * 60_000;
    this.#until = new Date(Date.now() + duration);
    this.#timer = setTimeout(() => this.end(), duration);
    this.#changed.fire();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#until = undefined;
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}
