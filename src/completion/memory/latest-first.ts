/** Lets only the work go on that was begun last. Older work waits, wherever it is, until that has ended. */
export class LatestFirst {
  /** In the order in which it was begun. */
  readonly #begun: Waiting[] = [];

  /** Does work, which pauses wherever it may have to wait for newer work. From an abort of the signal on, it waits no more. */
  async run<Result>(signal: AbortSignal, work: (pause: () => Promise<void>) => Promise<Result>): Promise<Result> {
    const own: Waiting = { wake: () => undefined };
    const wake = (): void => own.wake();
    this.#begun.push(own);
    signal.addEventListener("abort", wake);
    try {
      return await work(() => this.#untilLatest(own, signal));
    } finally {
      signal.removeEventListener("abort", wake);
      this.#begun.splice(this.#begun.indexOf(own), 1);
      this.#begun.at(-1)?.wake();
    }
  }

  async #untilLatest(own: Waiting, signal: AbortSignal): Promise<void> {
    while (this.#begun.at(-1) !== own && !signal.aborted) {
      await new Promise<void>((resolve) => {
        own.wake = resolve;
      });
    }
  }
}

interface Waiting {
  wake: () => void;
}
