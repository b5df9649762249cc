import { messageOf } from "./errors.ts";

const closed = new AbortController();
let isFinishing = false;

/**
 * Ends the process silently when the reader of its output exits, as `head` does. If the output can't be written for another reason, such
 * as a full disk, the process prints an error and fails.
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

/** Keeps the process running after its reader has exited, for a command that has work to finish. @returns a signal that is aborted then */
export function readerGone(): AbortSignal {
  isFinishing = true;
  return closed.signal;
}
