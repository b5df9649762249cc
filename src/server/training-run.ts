import { MurmurError, messageOf } from "../errors.ts";
import type { TrainingEvent, TrainingResult } from "../training/events.ts";
import { startTraining, type TrainingJob } from "../training/job.ts";
import type { TrainingOptions } from "../training/options.ts";
import { backgroundOptions, defaultTrainingOptions } from "../training/options.ts";
import { timeLeft } from "../training/time.ts";

export type RunRequest = Pick<TrainingOptions, "paths" | "exclude" | "only" | "minutes" | "init" | "out">;

/** How a run may be ended, also before it has begun. */
export interface RunSignals {
  /** Ends it early with its best model kept. */
  readonly finish: AbortSignal;
  /** Ends it at once with nothing kept. */
  readonly cancel: AbortSignal;
}

/** Who is told of a run. */
export interface RunListener {
  /** A line for the log. */
  readonly log: (line: string) => void;
  /** Percent done and a line for a person. */
  readonly progress: (percent: number, line: string) => void;
}

/**
 * Trains in the worker.
 * @throws MurmurError if the run fails ("training-failed" and others) or is cancelled ("cancelled")
 */
export async function trainInWorker(
  request: RunRequest,
  { finish, cancel }: RunSignals,
  listener: RunListener,
): Promise<TrainingResult> {
  cancel.throwIfAborted();
  const job = startTraining({ ...defaultTrainingOptions, ...backgroundOptions, ...request });
  if (finish.aborted) job.finish();
  finish.addEventListener("abort", job.finish);
  cancel.addEventListener("abort", job.cancel);
  try {
    return await resultOf(job, listener);
  } finally {
    finish.removeEventListener("abort", job.finish);
    cancel.removeEventListener("abort", job.cancel);
  }
}

async function resultOf(job: TrainingJob, { log, progress }: RunListener): Promise<TrainingResult> {
  /** Bits per character before the first step, on what the run is measured with as it goes. */
  let first: number | undefined;
  for await (const event of job.events) {
    switch (event.kind) {
      case "chosen":
        if (event.leftOut) log(`Left out of training: ${event.leftOut}.`);
        break;
      case "started":
        log(`Training ${filesOf(event)}.`);
        progress(0, `training ${filesOf(event)}`);
        break;
      case "evaluated":
        first ??= event.heldOut.bitsPerChar;
        break;
      case "progress": {
        const speed = `${Math.round(event.charsPerSecond)} characters/s`;
        const gain = gainOf(first ?? event.heldOutBitsPerChar, event.heldOutBitsPerChar);
        progress(Math.floor(event.progress * 100), `${speed}, ${gain}, ${timeLeft(event.secondsLeft)} left`);
        break;
      }
      case "recovered":
        log(`Training diverged at step ${event.diverged}, and goes on from step ${event.step} at a lower rate.`);
        break;
      case "settled":
        log(`Training ends early: ${event.evaluations} evaluations brought no improvement.`);
        break;
      case "stopped":
        log(`Training stopped at step ${event.step}, with its best kept: ${event.reason}`);
        break;
      case "done":
        return event.result;
    }
  }
  throw new MurmurError("training-failed", "Training ended without a result.");
}

function filesOf(event: Extract<TrainingEvent, { kind: "started" }>): string {
  const { trainFiles, trainChars, heldOutFiles } = event;
  const thousands = Math.round(trainChars / 1000);
  return `on ${trainFiles} files (${thousands} thousand characters), measuring on ${heldOutFiles} that are held out`;
}

/**
 * How much better a run has got, in percent and not in bits per character: what it is measured with as it goes is a sample, and
 * has another value than the whole that the result names.
 */
function gainOf(before: number, now: number): string {
  const percent = Math.round((1 - now / before) * 100);
  return percent > 0 ? `bits per character down ${percent} % so far` : "no better so far";
}

/** What a person is told of a run that ended well. */
export function describeResult({ before, heldOut, stopped }: TrainingResult, isBetter: boolean): string {
  const [from, to] = [before, heldOut].map(({ bitsPerChar }) => bitsPerChar.toFixed(2));
  const early = stopped === undefined ? "" : ` The run ended early: ${stopped}`;
  const result = isBetter
    ? `Murmur has learned your workspace: ${from} → ${to} bits per character on held-out files. The new model is in use.`
    : `Training brought no improvement on ${from} bits per character on held-out files; the model in use stays. Try more minutes or more files.`;
  return result + early;
}

/** Whether a run was ended by who asked for it, and what a person is told of one that brought no result. */
export function describeFailure(error: unknown): { readonly isCancelled: boolean; readonly message: string } {
  const isCancelled = error instanceof MurmurError && error.code === "cancelled";
  return { isCancelled, message: messageOf(error) };
}
