import type { TrainingEvent } from "../../training/events.ts";
import type { LearnedPoint, PastRun, TrainingRun, TrainResult } from "../training-protocol.ts";
import { noteOn } from "./training-run.ts";

/** The most points of the training text's curve: as many as a page can show side by side. */
const mostPoints = 400;
/** Seconds between two reports of a run. */
const leastWidth = 0.5;

/** A run of some minutes before anything is known about it. */
export function newRun(minutes: number): TrainingRun {
  return { state: "preparing", isPaused: false, minutes, learned: [], evaluations: [], written: [], notes: [] };
}

/** A run as it is shown after an event. */
export function afterEvent(run: TrainingRun, event: TrainingEvent): TrainingRun {
  const note = noteOn(event);
  if (note !== undefined) return { ...run, notes: [...run.notes, note] };
  switch (event.kind) {
    case "started": {
      const { trainFiles, trainChars, heldOutFiles, heldOutChars, initial } = event;
      const [ofTraining, ofHeldOut] = [
        { files: trainFiles, characters: trainChars },
        { heldOutFiles, heldOutCharacters: heldOutChars },
      ];
      const state = run.state === "preparing" ? "training" : run.state;
      return { ...run, state, text: { ...ofTraining, ...ofHeldOut }, start: initial };
    }
    case "progress": {
      const { progress: share, seconds, secondsLeft, charsPerSecond: charactersPerSecond, trainBitsPerChar } = event;
      const point = { seconds, bitsPerChar: trainBitsPerChar, reports: 1 };
      const progress = { share, seconds, secondsLeft, charactersPerSecond };
      return { ...run, progress, learned: withPoint(run.learned, point) };
    }
    case "evaluated":
      return { ...run, evaluations: [...run.evaluations, { seconds: event.seconds, ...event.heldOut }] };
    case "compared":
      return { ...run, shipped: event.heldOut };
    case "sampled": {
      const { seconds, samples } = event;
      return samples.length === 0 ? run : { ...run, written: [...run.written, { seconds, samples }] };
    }
    default:
      return run;
  }
}

/**
 * A curve with another point. Points that fall into the same stretch of time become their mean; stretches are as short as they can be
 * without there being too many.
 */
function withPoint(points: readonly LearnedPoint[], point: LearnedPoint): LearnedPoint[] {
  const width = leastWidth * 2 ** Math.max(0, Math.ceil(Math.log2(point.seconds / (leastWidth * mostPoints))));
  const grouped: LearnedPoint[] = [];
  for (const one of [...points, point]) {
    const last = grouped.at(-1);
    const isSame = width > leastWidth && last && Math.floor(last.seconds / width) === Math.floor(one.seconds / width);
    if (isSame) grouped[grouped.length - 1] = meanOf(last, one);
    else grouped.push(one);
  }
  return grouped;
}

function meanOf(a: LearnedPoint, b: LearnedPoint): LearnedPoint {
  const reports = a.reports + b.reports;
  const mean = (x: number, y: number): number => (x * a.reports + y * b.reports) / reports;
  return { seconds: mean(a.seconds, b.seconds), bitsPerChar: mean(a.bitsPerChar, b.bitsPerChar), reports };
}

/** A run that has ended, as it is shown. */
export function afterEnd(run: TrainingRun, { outcome, message }: TrainResult): TrainingRun {
  return { ...run, state: "ended", isPaused: false, result: { outcome, message } };
}

/**
 * A run's line in the table of past runs; undefined if it ended before it had anything to learn from.
 * @param done its last event, if it came so far
 */
export function pastRunOf(
  { text, progress }: TrainingRun,
  done: Extract<TrainingEvent, { kind: "done" }> | undefined,
  { outcome }: TrainResult,
  ended: Date,
): PastRun | undefined {
  if (!text) return undefined;
  const { files, characters } = text;
  const seconds = done?.result.seconds ?? progress?.seconds ?? 0;
  const figures = done && { before: done.result.before, after: done.result.heldOut };
  return { ended: ended.toISOString(), files, characters, seconds, outcome, ...figures };
}
