import { setImmediate, setTimeout } from "node:timers/promises";

/** However long the quiet lasts, there are turns for one `spell` after each `longestQuiet`, in milliseconds. */
const longestQuiet = 300;
const spell = 75;

/** Turns for background work: one piece at a time, each in its own turn of the event loop, after more urgent work. */
export class Turns {
  readonly #goingFirst = new Set<Promise<unknown>>();
  #turn: Promise<void> = Promise.resolve();
  /** When the quiet began and when it ends, by `performance.now()`. */
  #quiet = { from: 0, to: 0 };

  /** Lets other work go first, such as a request that a user waits for: there is no turn until it has ended. */
  yieldTo(work: Promise<unknown>): void {
    const ended: Promise<unknown> = work.then(
      () => this.#goingFirst.delete(ended),
      () => this.#goingFirst.delete(ended),
    );
    this.#goingFirst.add(ended);
  }

  /**
   * Holds turns back for so many milliseconds, in which more urgent work is expected. Calls that go on and on hold back most turns, but not
   * all.
   */
  beQuiet(milliseconds: number): void {
    const now = performance.now();
    this.#quiet = { from: now < this.#quiet.to ? this.#quiet.from : now, to: now + milliseconds };
  }

  /** Resolves when it is the caller's turn, in the order of the calls. */
  next(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await setImmediate();
      for (let left = this.#quietLeft(); left > 0 || this.#goingFirst.size > 0; left = this.#quietLeft()) {
        await Promise.all([...this.#goingFirst, left > 0 && setTimeout(left, undefined, { ref: false })]);
      }
    });
    return this.#turn;
  }

  #quietLeft(): number {
    const now = performance.now();
    const quiet = longestQuiet - ((now - this.#quiet.from) % (longestQuiet + spell));
    return Math.min(this.#quiet.to - now, quiet);
  }
}
