import type { TrainingOptions } from "./options.ts";

/** Share of a run in which the learning rate rises from zero. */
const warmUp = 0.02;
/** The learning rate at the end, as a share of its peak. */
const last = 0.02;

/** Learning rate after `progress` (0 to 1) of a run: linear warm-up, then cosine decay (Loshchilov & Hutter 2017, eq. 5). */
export function learningRateAt(progress: number, peak: number): number {
  if (progress < warmUp) return peak * Math.max(progress / warmUp, 0.01);
  const decayed = (Math.min(progress, 1) - warmUp) / (1 - warmUp);
  return peak * (last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * decayed)));
}

/** What a run has done so far. A checkpoint records all three, so a resumed run continues its schedule from there. */
export interface Done {
  readonly steps: number;
  /** Characters read. */
  readonly chars: number;
  /** Seconds of training; the time between a kill and `--resume` does not count. */
  readonly seconds: number;
}

/** Characters that the default model reads in a minute of training on two cores. */
const charsPerMinute = 300_000;

/** Roughly how many minutes a run takes. @param trainChars characters in an epoch */
export function roughMinutes(
  {
    steps,
    epochs,
    minutes = 0,
    batch,
    window,
  }: Pick<TrainingOptions, "steps" | "epochs" | "minutes" | "window"> & { readonly batch: number },
  trainChars: number,
): number {
  if (steps !== undefined) return (steps * batch * window) / charsPerMinute;
  if (epochs !== undefined) return (epochs * trainChars) / charsPerMinute;
  return minutes;
}

/**
 * How much of a run is done, from 0 to 1 or beyond. For a run with a length in steps or epochs this depends on its steps alone. For
 * one with a length in minutes it follows the clock, so another run takes other steps.
 * @param length in steps or epochs, or else in seconds of training
 * @param trainChars characters in an epoch
 */
export function progressOf(
  length: Pick<TrainingOptions, "steps" | "epochs"> & { readonly seconds: number },
  done: Done,
  trainChars: number,
): number {
  const { steps, epochs, seconds } = length;
  const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
  if (steps !== undefined) return share(done.steps, steps);
  if (epochs !== undefined) return share(done.chars, epochs * trainChars);
  return share(done.seconds, seconds);
}
