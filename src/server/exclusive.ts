/** Runs a task after those before it have ended. */
export type Exclusively = <T>(task: () => Promise<T> | T) => Promise<T>;

/** A queue that runs one task at a time, in the order in which they come; one that fails does not stop the next. */
export function exclusiveQueue(): Exclusively {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}
