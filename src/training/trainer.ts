import { assertEnough, type Corpus } from "../corpus/corpus.ts";
import { messageOf } from "../errors.ts";
import { parameterCount } from "../model/parameters.ts";
import { removeUnfinished, targetOf, writeWhole } from "../output-file.ts";
import { removeCheckpoint } from "./checkpoint.ts";
import type { TrainingEvent } from "./events.ts";
import { Learner } from "./learner.ts";
import { lockOutput } from "./output-lock.ts";
import { type AskedOptions, modelFileOf, planOf, shippedModelOn } from "./plan.ts";
import { Run } from "./run.ts";
import { Showing } from "./showing.ts";
import { laneSourceOf } from "./tasks/examples.ts";

/**
 * Trains a model on a corpus and writes the best one, by the held-out text, to `out`.
 *
 * The run is as long as `minutes`, `epochs` or `steps` say. It reports as it goes. Whoever reads the events sets the pace, and may
 * stop reading; then nothing is written but the last checkpoint.
 *
 * An error after the first step (a second divergence, a corpus that vanishes) ends the run, which writes its best
 * weights all the same and says why in its result. If there are none better than those it began with, the error is thrown.
 * @param finish when aborted, the run ends early and keeps its best
 * @param isWatched whether somebody watches the run now, and is shown what the network writes
 * @throws MurmurError if the options or the model to start from are invalid, another run writes to the same file, the run fails before
 * it has learned anything, or the result can't be written
 */
export async function* train(
  corpus: Corpus,
  asked: AskedOptions,
  finish: AbortSignal,
  isWatched: () => boolean = () => false,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const begun = performance.now();
  assertEnough(corpus, asked.window);
  const out = await targetOf(asked.out);
  await using lock = await lockOutput(out);
  const checkpointPath = `${out}.checkpoint`;
  for (const path of [checkpointPath, out]) await removeUnfinished(path, 0);
  const plan = await planOf(corpus, asked);
  const { options, trainChars, start } = plan;
  const lanes = laneSourceOf(start.architecture, corpus.train, start.tokenizer, options);
  await using learner = await Learner.create(start, lanes, options);
  const run = await Run.begin(plan, learner, checkpointPath, begun);
  yield run.started();
  yield { kind: "evaluated", step: run.best.step, seconds: run.done.seconds, heldOut: run.best.heldOut };

  const showing = new Showing(plan);
  const shown = (isLast?: boolean) => (isWatched() ? showing.due(run, isLast) : []);
  const failure = yield* untilFailure(run.timed(learn(run, finish, shown)));
  const { steps, chars, seconds } = run.done;
  const error = failure ?? (yield* untilFailure(evaluateLast(run)));
  if (!error) yield* shown(true);
  const { weights, step, heldOut } = await run.result();
  if (error && step === 0) {
    if (!run.canResume) await removeCheckpoint(checkpointPath);
    throw error;
  }
  const stopped = error && messageOf(error);
  if (stopped !== undefined) yield { kind: "stopped", step: steps, reason: stopped, canResume: run.canResume };
  await writeWhole(out, modelFileOf(plan, weights, { step, seconds, heldOut }));
  if (!error || !run.canResume) await removeCheckpoint(checkpointPath);
  const shipped = await shippedModelOn(plan).catch(() => undefined);
  // Whoever reads the events may end this process after the last one.
  await lock[Symbol.asyncDispose]();
  yield {
    kind: "done",
    result: {
      model: options.out,
      parameters: parameterCount(start.architecture, start.tokenizer.size),
      trainChars,
      steps,
      seconds,
      charsPerSecond: steps === 0 ? 0 : chars / seconds,
      isBetter: step > 0,
      heldOut,
      before: run.before,
      ...(shipped && { shipped }),
      ...(stopped !== undefined && { stopped }),
    },
  };
}

/**
 * The steps of a run, with what falls due between them.
 * @param shown what is due for somebody who watches
 */
async function* learn(
  run: Run,
  finish: AbortSignal,
  shown: () => AsyncIterable<TrainingEvent> | readonly TrainingEvent[],
): AsyncGenerator<TrainingEvent, void, undefined> {
  while (run.progress < 1 && !finish.aborted) {
    yield* shown();
    if (!(await run.step())) {
      yield run.recover();
      continue;
    }
    if (run.isEvaluationDue) {
      yield await run.evaluate();
      if (run.hasSettled) {
        yield { kind: "settled", step: run.done.steps, evaluations: run.best.evaluationsSince };
        return;
      }
    }
    const unsaved = run.isCheckpointDue && (await run.writeCheckpoint());
    if (unsaved) yield unsaved;
    if (run.isReportDue) yield run.report();
  }
}

async function* evaluateLast(run: Run): AsyncGenerator<TrainingEvent, void, undefined> {
  if (run.isUnevaluated) yield await run.evaluate(true);
}

/** The events of a part of a run. @returns the error that ended it, if one did */
async function* untilFailure(
  events: AsyncIterable<TrainingEvent>,
): AsyncGenerator<TrainingEvent, Error | undefined, undefined> {
  try {
    yield* events;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
