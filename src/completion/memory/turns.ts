import { setImmediate } from "node:timers/promises";

/** Turns for background work: one piece at a time, each in its own turn of the event loop, after more urgent work. */
export class Turns {
  readonly #goingFirst = new Set<Promise<unknown>>();
  #turn: Promise<void> = Promise.resolve();

  /** Lets other work go first, such as a request that a user waits for: there is no turn until it has ended. */
  yieldTo(work: Promise<unknown>): void {
    const ended: Promise<unknown> = work.then(
      () => this.#goingFirst.delete(ended),
      () => this.#goingFirst.delete(ended),
    );
    this.#goingFirst.add(ended);
  }

  /** Resolves when it is the caller's turn, in the order of the calls. */
  next(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await setImmediate();
      while (this.#goingFirst.size > 0) await Promise.all(this.#goingFirst);
    });
    return this.#turn;
  }
}
