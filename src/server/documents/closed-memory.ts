import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Characters of closed documents whose memory is worth a collection of garbage, which takes some 80 milliseconds. */
const worthCollecting = 4_000_000;
/** Milliseconds without an edit and without a closed document before a collection. */
const pause = 2_000;

/**
 * Gives back the memory of closed documents. V8 collects garbage as more memory is asked for, so a server that does nothing more would keep
 * all of it.
 */
export class ClosedMemory {
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Notes that nothing holds a document of so many characters any more. */
  note(characters: number): void {
    this.#characters += characters;
    if (this.#characters < worthCollecting) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#collect(), pause).unref();
  }

  /** Waits for another pause, because somebody types. */
  postpone(): void {
    this.#timer?.refresh();
  }

  #collect(): void {
    this.#characters = 0;
    this.#timer = undefined;
    // Without the flavor, V8 keeps most of the free pages.
    void collector()({ type: "major", execution: "async", flavor: "last-resort" });
  }
}

/** V8's function that collects garbage. Where Node was started without --expose-gc, only contexts that are made from now on have it. */
function collector(): NonNullable<typeof globalThis.gc> {
  if (globalThis.gc) return globalThis.gc;
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
