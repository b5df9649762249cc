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
        progress(0, t("learning from {0} ({1}), and measuring on {2} that it does not learn from", ...textsOf(event)));
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
      case "done": {
        const { before, heldOut, steps, charsPerSecond } = event.result;
        const [former, now] = [before, heldOut].map((one) => formatNumber(decidingBits(one), 3));
        const speed = `${steps} steps at ${Math.round(charsPerSecond)} characters a second`;
        log(`Trained ${speed}. On held-out text: ${former} → ${now} bits per character.`);
        return { ...event.result, texts };
      }
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
        "On files that it had not seen, the trained model is no better than the one in use, which stays. Try a longer run or more files.",
      );
  return stopped === undefined ? result : t("{0} The run ended early: {1}", result, stopped);
}

/** What a better model brings the user, on files that it was not trained on. */
function gainFor(before: WholeHeldOut, after: WholeHeldOut): string {
  const gain = Math.max(1, Math.round(100 * (1 - decidingBits(after) / decidingBits(before))));
  if (before.acceptedShare === undefined || after.acceptedShare === undefined)
    return t("On files that it had not seen, it predicts {0} % better.", gain);
  const [former, now] = [percentOf(before.acceptedShare), percentOf(after.acceptedShare)];
  if (now > former)
    return t("On files that it had not seen, it now types {0} % of the characters; before: {1} %.", now, former);
  return now === former
    ? t("On files that it had not seen, it predicts {0} % better, and types about as many of the characters.", gain)
    : t(
        "On files that it had not seen, it predicts {0} % better, and types {1} % of the characters; before: {2} %.",
        gain,
        now,
        former,
      );
}

function percentOf(share: number): number {
  return Math.round(100 * share);
}

/** Whether the user cancelled a run, and the message to the user about a run without a result. */
export function describeFailure(error: unknown): { readonly isCancelled: boolean; readonly message: string } {
  const code = error instanceof MurmurError ? error.code : undefined;
  const message =
    code === "busy"
      ? t("Another window trains on this workspace. Wait until it ends, or stop it there.")
      : messageOf(error);
  return { isCancelled: code === "cancelled", message };
}
