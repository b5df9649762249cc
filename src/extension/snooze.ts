import { type Disposable, EventEmitter, type Memento } from "vscode";

/** What the snooze is kept under: when it ends, in milliseconds since 1970. */
const key = "snoozedUntil";

/** Silence for some minutes: nothing is suggested unless the user asks for it. It holds in one window, also when that is reloaded. */
export class Snooze implements Disposable {
  readonly #memory: Memento;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #until: Date | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param memory of the window's workspace */
  constructor(memory: Memento) {
    this.#memory = memory;
    this.#keepUntil(memory.get<number>(key, 0));
  }

  /** When it ends; undefined while nothing is snoozed. While a machine sleeps, its timers do too. */
  get until(): Date | undefined {
    return this.#until && this.#until.getTime() > Date.now() ? this.#until : undefined;
  }

  start(minutes: number): void {
    const until = Date.now() + minutes * 60_000;
    void this.#memory.update(key, until);
    this.#keepUntil(until);
    this.#changed.fire();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#until = undefined;
    void this.#memory.update(key, undefined);
    this.#changed.fire();
  }

  #keepUntil(until: number): void {
    clearTimeout(this.#timer);
    const left = until - Date.now();
    if (left <= 0) return;
    this.#until = new Date(until);
    this.#timer = setTimeout(() => this.end(), left);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}
