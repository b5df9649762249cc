/** Shows how far a command is, on standard error. */
export interface ProgressDisplay {
  /** Shows a line, unless one was shown a moment ago. */
  show(line: () => string): void;
  /** Clears the line, before other output. */
  clear(): void;
}

/** On a terminal there is one line, which is overwritten; otherwise there is a new line every ten seconds. */
export function progressDisplay(): ProgressDisplay {
  const isTerminal = process.stderr.isTTY;
  const interval = isTerminal ? 250 : 10_000;
  let shown = performance.now();
  const clear = (): void => {
    if (isTerminal) process.stderr.write("\r\u001B[K");
  };
  return {
    show: (line) => {
      if (performance.now() - shown < interval) return;
      shown = performance.now();
      clear();
      process.stderr.write(isTerminal ? line() : `${line()}\n`);
    },
    clear,
  };
}
