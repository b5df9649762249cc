/** Characters of closed documents whose memory is worth a collection, which takes some 80 milliseconds. */
const worthCollecting = 4_000_000;
/** Milliseconds without a closed document before a collection. */
const pause = 2_000;

/**
 * Gives back the memory of closed documents. The engine collects garbage as more memory is asked for, so a server that does nothing more
 * would keep all of it.
 */
export class ClosedMemory {
  readonly #turn: () => Promise<void>;
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param turn resolves when it is the turn of background work */
  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  /** Notes that nothing holds a document of so many characters any more. */
  note(characters: number): void {
    this.#characters += characters;
    if (this.#characters < worthCollecting) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#collect(), pause).unref();
  }

  async #collect(): Promise<void> {
    this.#characters = 0;
    await this.#turn();
    // Only a server that was started with --expose-gc has this function. Without the flavor, V8 keeps most of the free pages.
    await globalThis.gc?.({ type: "major", execution: "async", flavor: "last-resort" });
  }
}
