/** Runs a task once all earlier tasks have ended. */
export type Exclusively = <T>(task: () => Promise<T> | T) => Promise<T>;

/** A queue that runs one task at a time, in order. A task that fails does not stop the next one. */
export function exclusiveQueue(): Exclusively {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}
