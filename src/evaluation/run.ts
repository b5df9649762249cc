import type { ChildProcess } from "node:child_process";
import { MurmurError } from "../errors.ts";
import { startWorker, type WorkerProcess } from "../worker-process.ts";
import { typedLength } from "./edits/tree.ts";
import type { TextLike } from "./engine-under-test.ts";
import type { FileToMeasure, MeasuredFile, Measurement } from "./measure.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

/** A running evaluation of files, in parallel processes. */
export interface EvaluationRun {
  /** The number of UTF-16 units, over all files, that have been measured. */
  charsDone(): number;
  /** The measured files, in the given order. Rejects with a MurmurError if the model is invalid or a process ends unexpectedly. */
  readonly measured: Promise<readonly MeasuredFile[]>;
}

/**
 * Measures files in several processes, each of which loads the model and reads the given texts. Every file is measured from the
 * same state, so the number of processes affects only the time.
 */
export function startEvaluation(
  files: readonly FileToMeasure[],
  measurement: Measurement,
  processes: number,
): EvaluationRun {
  const workers = Array.from({ length: Math.min(processes, files.length) }, () => new Worker(measurement));
  return {
    charsDone: () => workers.reduce((sum, worker) => sum + worker.charsDone, 0),
    measured: measureAll(files, workers),
  };
}

async function measureAll(files: readonly FileToMeasure[], workers: readonly Worker[]): Promise<MeasuredFile[]> {
  const measured: MeasuredFile[] = [...files];
  // Longest first, so that all processes end at about the same time.
  const queue = [...files.entries()].sort(([, a], [, b]) => charsOf(b) - charsOf(a)).values();
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const [i, file] of queue) measured[i] = { ...file, ...(await worker.measure(file)) };
      }),
    );
  } finally {
    for (const worker of workers) worker.end();
  }
  return measured;
}

/** The number of UTF-16 units that are measured in a file. */
export function charsOf(file: FileToMeasure): number {
  return "former" in file ? typedLength(file) : file.text.length;
}

/** One process, which measures one file at a time. */
class Worker {
  readonly #process: ChildProcess;
  readonly #failed: Promise<never>;
  #answered: (result: Omit<MeasuredFile, keyof TextLike>) => void = () => {};
  #whole = 0;
  #part = 0;

  constructor(measurement: Measurement) {
    const worker = startWorker(import.meta.dirname, { bundle: "evaluation-worker.js", source: "worker.ts" });
    this.#process = worker.process;
    this.#failed = this.#listen(worker);
    // The error is reported to the caller that measures a file.
    this.#failed.catch(() => {});
    this.#post({ kind: "prepare", measurement });
  }

  get charsDone(): number {
    return this.#whole + this.#part;
  }

  async measure(file: FileToMeasure): Promise<Omit<MeasuredFile, keyof TextLike>> {
    const result = new Promise<Omit<MeasuredFile, keyof TextLike>>((resolve) => {
      this.#answered = resolve;
    });
    this.#post({ kind: "file", file });
    const answer = await Promise.race([result, this.#failed]);
    this.#part = 0;
    this.#whole += charsOf(file);
    return answer;
  }

  /** Ends the process at once. */
  end(): void {
    this.#process.kill("SIGKILL");
  }

  #listen({ process, printed }: WorkerProcess): Promise<never> {
    return new Promise((_, reject) => {
      process.on("message", (message: FromWorker) => {
        if (message.kind === "progress") this.#part = message.offset;
        else if (message.kind === "result") this.#answered(message.result);
        else reject(new MurmurError(message.code, message.message));
      });
      const ended = (): void => {
        const how = process.signalCode ?? process.exitCode;
        reject(
          new MurmurError("evaluation-failed", `A measuring process ended unexpectedly (${how}). ${printed()}`.trim()),
        );
      };
      process.once("error", ended);
      process.once("close", ended);
    });
  }

  #post(message: ToWorker): void {
    if (this.#process.connected) this.#process.send(message);
  }
}
