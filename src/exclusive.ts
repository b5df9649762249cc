/**
 * Runs a task once all earlier tasks have ended.
 * @throws the signal's reason if it is aborted before the task begins
 */
export type Exclusively = <T>(task: () => Promise<T> | T, signal?: AbortSignal) => Promise<T>;

/** A queue that runs one task at a time, in order. A task that fails, or is aborted while it waits, does not stop the next one. */
export function exclusiveQueue(): Exclusively {
  let last: Promise<unknown> = Promise.resolve();
  return async (task, signal) => {
    const former = last;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    last = former.then(() => ended);
    try {
      await (signal ? Promise.race([former, aborted(signal)]) : former);
      signal?.throwIfAborted();
      return await task();
    } finally {
      end();
    }
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
