import { setImmediate } from "node:timers/promises";

/** Work in the background takes turns: one piece at a time, each in a turn of the event loop of its own, after what goes first. */
export class Turns {
  readonly #goingFirst = new Set<Promise<unknown>>();
  #turn: Promise<void> = Promise.resolve();

  /** Lets other work, such as a request that a user waits for, go first: nobody has a turn until it has ended. */
  yieldTo(work: Promise<unknown>): void {
    const ended: Promise<unknown> = work.then(
      () => this.#goingFirst.delete(ended),
      () => this.#goingFirst.delete(ended),
    );
    this.#goingFirst.add(ended);
  }

  /** Ends when it is one's turn: after all who asked before. */
  next(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await setImmediate();
      while (this.#goingFirst.size > 0) await Promise.all(this.#goingFirst);
    });
    return this.#turn;
  }
}
