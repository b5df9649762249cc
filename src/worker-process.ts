import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environmentWithLanguage } from "./l10n-bundles.ts";

/** The most characters of what a worker printed last that an error quotes. */
const mostQuoted = 2000;

/** A program of Murmur's in a process of its own. */
export interface WorkerProcess {
  readonly process: ChildProcess;
  /** The end of what it wrote to standard error so far. */
  readonly printed: () => string;
}

/**
 * Starts a worker.
 * @param folder where the calling code lies: that of all bundles, or that of its source file
 * @param names the names of the worker's bundle and of its source file there
 */
export function startWorker(
  folder: string,
  names: { readonly bundle: string; readonly source: string },
): WorkerProcess {
  const bundle = join(folder, names.bundle);
  const path = existsSync(bundle) ? bundle : join(folder, names.source);
  // The server gives large arrays back at once. A worker needs as large ones again in each step of training.
  const { MALLOC_MMAP_THRESHOLD_: _, ...env } = environmentWithLanguage();
  const process = fork(path, {
    env,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  let printed = "";
  process.stderr?.on("data", (data: Buffer) => {
    printed = (printed + data.toString()).slice(-mostQuoted);
  });
  return { process, printed: () => printed };
}
