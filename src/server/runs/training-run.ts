import { MurmurError, messageOf } from "../../errors.ts";
import { formatNumber, t } from "../../l10n.ts";
import { decidingBits, type TrainingEvent, type TrainingResult, type WholeHeldOut } from "../../training/events.ts";
import { startTraining, type TrainingJob } from "../../training/job.ts";
import type { TrainingOptions } from "../../training/options.ts";
import { backgroundOptions, defaultTrainingOptions } from "../../training/options.ts";
import { timeLeft } from "../../training/time.ts";
import type { Since } from "../../training/worker.ts";
import { charactersOf, filesOf } from "../../wording.ts";

export type RunRequest = Pick<TrainingOptions, "paths" | "exclude" | "only" | "minutes" | "init" | "out">;

/** The signals that end a run, even before it has started. */
export interface RunSignals {
  /** Ends the run early and keeps its best model. */
  readonly finish: AbortSignal;
  /** Ends the run at once. Its last checkpoint stays. */
  readonly cancel: AbortSignal;
}

/** A run in a worker process. */
export interface WorkerRun extends Pick<TrainingJob, "pause" | "continue" | "watch"> {
  /**
   * The result; undefined if too little of the text is new. Rejects with a MurmurError if the run fails ("training-failed" and others), or
   * with the reason for which it was cancelled.
   */
  readonly ended: Promise<RunResult | undefined>;
}

/** The result of a run, and a record of the texts that it had (see ReadTexts). */
export interface RunResult extends TrainingResult {
  readonly texts: string;
}

/** Receives reports of a run. */
export interface RunListener {
  /** Writes a line to the log. */
  readonly log: (line: string) => void;
  /** Shows the percentage done and a line of detail to the user. */
  readonly progress: (percent: number, line: string) => void;
  /** Takes each event of the run, to show it. */
  readonly event: (event: TrainingEvent) => void;
}

/**
 * Trains in a worker process, from the checkpoint that an interrupted run left, if there is one.
 * @param since if given, the run is made only if enough of the text is new
 * @throws the signal's reason if the run is cancelled already
 */
export function trainInWorker(
  request: RunRequest,
  { finish, cancel }: RunSignals,
  listener: RunListener,
  since?: Since,
): WorkerRun {
  cancel.throwIfAborted();
  const job = startTraining({ ...defaultTrainingOptions, ...backgroundOptions, ...request, resume: true }, since);
  if (finish.aborted) job.finish();
  finish.addEventListener("abort", job.finish);
  cancel.addEventListener("abort", job.cancel);
  const ended = async (): Promise<RunResult | undefined> => {
    try {
      return await resultOf(job, listener);
    } catch (error) {
      cancel.throwIfAborted();
      throw error;
    } finally {
      finish.removeEventListener("abort", job.finish);
      cancel.removeEventListener("abort", job.cancel);
    }
  };
  return { ended: ended(), pause: job.pause, continue: job.continue, watch: job.watch };
}

async function resultOf(job: TrainingJob, { log, progress, event: show }: RunListener): Promise<RunResult | undefined> {
  /** Before the first step, on the sample that the run is evaluated on. */
  let first: number | undefined;
  let texts = "";
  for await (const event of job.events) {
    if (event.kind === "unchanged") return undefined;
    if (event.kind === "chosen") {
      if (event.leftOut) log(`Left out of training: ${event.leftOut}.`);
      texts = event.texts;
      continue;
    }
    show(event);
    const note = noteOn(event);
    if (note !== undefined) log(note);
    switch (event.kind) {
      case "started":
        if (event.step > 0) log(`Continuing the interrupted run at step ${event.step}.`);
        log(t("Training on {0} ({1}), measuring on held-out text of {2}.", ...textsOf(event)));
        progress(0, t("training on {0} ({1}), measuring on held-out text of {2}", ...textsOf(event)));
        break;
      case "evaluated":
        first ??= decidingBits(event.heldOut);
        break;
      case "progress": {
        const now = decidingBits(event.heldOut);
        const gain = Math.round((1 - now / (first ?? now)) * 100);
        progress(Math.floor(event.progress * 100), lineOf(timeLeft(event.secondsLeft), gain));
        break;
      }
      case "done":
        return { ...event.result, texts };
    }
  }
  throw new MurmurError("training-failed", t("Training ended without a result."));
}

/** What an event means that is out of the ordinary; undefined if it is not. */
export function noteOn(event: TrainingEvent): string | undefined {
  switch (event.kind) {
    case "unsaved":
      return t("Training goes on without a checkpoint of step {0}: {1}", formatNumber(event.step), event.reason);
    case "recovered":
      return t(
        "Training diverged at step {0} and continues from step {1} at a lower learning rate.",
        formatNumber(event.diverged),
        formatNumber(event.step),
      );
    case "settled":
      return t("Training stops early after {0} evaluations without improvement.", event.evaluations);
    case "stopped":
      return t("Training stopped at step {0} and kept its best model: {1}", formatNumber(event.step), event.reason);
    default:
      return undefined;
  }
}

/** The files to train on, their characters, and the files to measure on. */
function textsOf({ trainFiles, trainChars, heldOutFiles }: Extract<TrainingEvent, { kind: "started" }>): string[] {
  return [filesOf(trainFiles), charactersOf(trainChars), filesOf(heldOutFiles)];
}

/**
 * @param gain the improvement so far, in percent rather than in bits per character: a run is evaluated on a sample, whose bits per
 * character differ from those of the whole held-out text that the result reports
 */
function lineOf(left: string, gain: number): string {
  return gain > 0
    ? t("{0} left, predicts {1} % better so far. Suggestions keep working.", left, gain)
    : t("{0} left, no better yet. Suggestions keep working.", left);
}

/** The message to the user about a run that produced a model. */
export function describeResult({ before, heldOut, isBetter, stopped }: TrainingResult): string {
  const result = isBetter
    ? t("Murmur has learned your workspace. {0} The new model is now in use.", gainFor(before, heldOut))
    : t(
        "The trained model is no better on held-out text than the one in use ({0} bits per character), which stays in use. Try a longer run or more files.",
        bitsOf(before),
      );
  return stopped === undefined ? result : t("{0} The run ended early: {1}", result, stopped);
}

/** What a better model brings the user, on text that it was not trained on. */
function gainFor(before: WholeHeldOut, after: WholeHeldOut): string {
  const bits = t("{0} → {1} bits per character", bitsOf(before), bitsOf(after));
  if (before.acceptedShare === undefined || after.acceptedShare === undefined)
    return t("On text that it had not seen, it predicts better ({0}).", bits);
  const [former, now] = [percentOf(before.acceptedShare), percentOf(after.acceptedShare)];
  if (now > former)
    return t(
      "On text that it had not seen, it now types {0} % of the characters; before: {1} % ({2}).",
      now,
      former,
      bits,
    );
  return now === former
    ? t(
        "On text that it had not seen, it predicts better ({0}), and types about as many of the characters as before.",
        bits,
      )
    : t(
        "On text that it had not seen, it predicts better ({0}), and types {1} % of the characters; before: {2} %.",
        bits,
        now,
        former,
      );
}

function percentOf(share: number): number {
  return Math.round(100 * share);
}

function bitsOf(heldOut: WholeHeldOut): string {
  return formatNumber(decidingBits(heldOut), 3);
}

/** Whether the user cancelled a run, and the message to the user about a run without a result. */
export function describeFailure(error: unknown): { readonly isCancelled: boolean; readonly message: string } {
  const isCancelled = error instanceof MurmurError && error.code === "cancelled";
  return { isCancelled, message: messageOf(error) };
}
