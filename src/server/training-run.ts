import { MurmurError, messageOf } from "../errors.ts";
import type { TrainingResult } from "../training/events.ts";
import { startTraining, type TrainingJob } from "../training/job.ts";
import type { TrainingOptions } from "../training/options.ts";
import { backgroundOptions, defaultTrainingOptions } from "../training/options.ts";
import { timeLeft } from "../training/time.ts";
import type { TrainResult } from "./protocol.ts";
import type { Settings } from "./settings.ts";

export interface RunRequest {
  readonly folders: readonly string[];
  readonly exclude: readonly string[];
  readonly settings: Settings["training"];
  /** The model in use, to go on from. */
  readonly init: string | undefined;
  readonly out: string;
}

/** A started run: how to end it, and what comes of it. */
export interface TrainingRun {
  readonly finish: () => void;
  readonly cancel: () => void;
  /** Never rejects. */
  readonly ended: Promise<RunEnd>;
}

type RunEnd = { readonly trained: TrainingResult } | { readonly result: TrainResult };

/**
 * Starts a run in the worker.
 * @param report is told of percent done and a line for a person
 */
export function startRun(request: RunRequest, report: (percent: number, line: string) => void): TrainingRun {
  const options: TrainingOptions = {
    ...defaultTrainingOptions,
    ...backgroundOptions,
    init: request.init,
    paths: request.folders,
    exclude: request.exclude,
    minutes: request.settings.minutes,
    out: request.out,
  };
  const job = startTraining(options);
  return { finish: job.finish, cancel: job.cancel, ended: follow(job, report) };
}

async function follow(job: TrainingJob, report: (percent: number, line: string) => void): Promise<RunEnd> {
  try {
    for await (const event of job.events) {
      if (event.kind === "done") return { trained: event.result };
      if (event.kind === "started")
        report(0, `${event.trainFiles} files, ${Math.round(event.trainChars / 1000)} thousand characters`);
      if (event.kind === "progress") {
        const heldOut = event.heldOutBitsPerChar.toFixed(2);
        report(
          Math.floor(event.progress * 100),
          `${Math.round(event.charsPerSecond)} characters/s, ${heldOut} bits per character held out, ${timeLeft(event.secondsLeft)} left`,
        );
      }
    }
    throw new MurmurError("training-failed", "Training ended without a result.");
  } catch (error) {
    const outcome = error instanceof MurmurError && error.code === "cancelled" ? "cancelled" : "failed";
    return { result: { outcome, message: messageOf(error) } };
  }
}

/** What a person is told of a run that ended well. */
export function describeResult({ before, heldOut }: TrainingResult, isBetter: boolean): string {
  const figures = `${before.bitsPerChar.toFixed(2)} → ${heldOut.bitsPerChar.toFixed(2)} bits per character on files that it did not train on`;
  return isBetter
    ? `Murmur has learned your workspace: ${figures}. The new model is in use.`
    : `Training brought no improvement (${before.bitsPerChar.toFixed(2)} bits per character on files that it did not train on); the model in use stays. Try more minutes or more files.`;
}
