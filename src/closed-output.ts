import { messageOf } from "./errors.ts";

const closed = new AbortController();
let isFinishing = false;

/**
 * Ends the process without a word when whoever reads its output has gone, as `head` does; says so if the output can't be written for
 * another reason, such as a full disk.
 */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") {
        process.stderr.write(`murmur: the output can't be written (${messageOf(error)}).\n`);
        process.exit(1);
      }
      closed.abort();
      if (!isFinishing) process.exit(0);
    });
  }
}

/** For a command that has something to finish: the process goes on, and the signal is aborted when the reader has gone. */
export function readerGone(): AbortSignal {
  isFinishing = true;
  return closed.signal;
}
