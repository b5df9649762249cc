import { createHash } from "node:crypto";
import { assertEnough, type Corpus, charsOf, hashOf } from "../corpus/corpus.ts";
import { MurmurError } from "../errors.ts";
import type { Example } from "../model/example.ts";
import { formatVersion } from "../model/info.ts";
import { encodeModelFile } from "../model/model-file.ts";
import { parameterCount, parameterSpecs } from "../model/parameters.ts";
import { removeUnfinished, targetOf, writeWhole } from "../output-file.ts";
import { BestSoFar } from "./best.ts";
import { type Checkpoint, readCheckpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { HeldOut, TrainingEvent } from "./events.ts";
import { heldOutExamples, measure } from "./held-out.ts";
import { Learner } from "./learner.ts";
import { batchOf, peakRateOf, type TrainingOptions } from "./options.ts";
import { lockOutput } from "./output-lock.ts";
import { learningRateAt } from "./schedule.ts";
import { type StartingPoint, startingPoint } from "./starting-point.ts";
import { laneSourceOf } from "./tasks/examples.ts";

/** Evaluations in a run, beside the one before it. */
const evaluations = 12;
const secondsBetweenReports = 0.5;
/** What the learning rates of a run that has diverged are multiplied with when it goes on. */
const recoveryCaution = 0.3;

/** What a run is asked to do with a corpus. */
type AskedOptions = Omit<TrainingOptions, "paths" | "exclude" | "heldOut">;
/** The same, and what it does where it was not told. */
type RunOptions = AskedOptions & { readonly batch: number };

/**
 * Trains a model on a corpus and writes the best one seen on the held-out text to `out`.
 *
 * The run is as long as `minutes`, `epochs` or `steps` say. It reports as it goes; whoever reads the events sets
 * the pace, and may stop reading, which ends the run with nothing written but its last checkpoint.
 * @param finish when aborted, the run ends early and keeps its best
 * @throws MurmurError if the options or the model to start from are no good, another run writes to the same file, or the result
 * can't be written
 */
export async function* train(
  corpus: Corpus,
  asked: AskedOptions,
  finish: AbortSignal,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const isFineTuning = asked.init !== undefined;
  const options: RunOptions = { ...asked, batch: asked.batch ?? batchOf(isFineTuning) };
  assertEnough(corpus, options.window);
  const out = await targetOf(options.out);
  await using lock = await lockOutput(out);
  const checkpointPath = `${out}.checkpoint`;
  for (const path of [checkpointPath, out]) await removeUnfinished(path, 0);
  const start = await startingPoint(corpus, options);
  const { architecture, tokenizer, weights: initial } = start;
  const peakRate = options.learningRate ?? peakRateOf(architecture, tokenizer.stored.kind, isFineTuning);
  const reading = laneSourceOf(architecture, corpus.train, tokenizer, options);
  await using learner = await Learner.create(start, reading, options);
  const heldOut = heldOutExamples(corpus.heldOut, start, options.window);
  const encode = modelEncoder(start, corpus, options);
  const evaluate = (weights: readonly Float32Array[], examples: readonly Example[]): Promise<HeldOut> =>
    measure(encode(weights, { step: 0, seconds: 0, heldOut: { chars: 0, bitsPerChar: 0 } }), examples, options);

  const run = runKey(start, corpus, options, peakRate);
  const trainChars = charsOf(corpus.train);
  const resumed = options.resume ? await resumable(checkpointPath, run) : undefined;
  if (resumed) learner.restore(resumed.learner);
  let caution = resumed?.caution ?? 1;
  const before = resumed?.before ?? (await evaluate(initial, heldOut.all));
  const best = resumed
    ? BestSoFar.from(resumed.best)
    : new BestSoFar({ heldOut: await evaluate(initial, heldOut.sample), step: 0, weights: initial });
  yield {
    kind: "started",
    task: architecture.task,
    parameters: parameterCount(architecture, tokenizer.size),
    trainChars,
    trainFiles: corpus.train.length,
    heldOutChars: before.chars,
    heldOutFiles: heldOut.files,
    step: learner.steps,
  };
  yield { kind: "evaluated", step: best.step, heldOut: best.heldOut };

  const clock = stopwatch(resumed?.seconds ?? 0);
  const progress = (): number => progressOf(options, learner, trainChars, clock.seconds());
  /** How many parts of the run are through, with an evaluation at the end of each. */
  const partsDone = (): number => Math.floor(Math.min(1, progress()) * evaluations);
  let evaluated = partsDone();
  let lastEvaluation = best.heldOut;
  /** The step whose weights were measured last in this process. */
  let measuredAt = 0;
  const evaluateNow = async (): Promise<TrainingEvent> => {
    measuredAt = learner.steps;
    lastEvaluation = await evaluate(learner.averaged, heldOut.sample);
    best.take({ heldOut: lastEvaluation, step: measuredAt, weights: learner.averaged });
    return { kind: "evaluated", step: measuredAt, heldOut: lastEvaluation };
  };
  const recent = { nats: 0, steps: 0 };
  let reported = clock.seconds();
  let saved = clock.seconds();
  while (progress() < 1 && !finish.aborted) {
    const loss = await learner.learn(learningRateAt(progress(), peakRate * caution));
    if (loss === undefined) {
      if (caution < 1) throw diverged(learner.steps, peakRate * caution);
      caution = recoveryCaution;
      learner.goBackTo(best.weights);
      yield { kind: "recovered", diverged: learner.steps, step: best.step, learningRate: peakRate * caution };
      continue;
    }
    recent.nats += loss;
    recent.steps++;
    if (partsDone() > evaluated && progress() < 1) {
      evaluated = partsDone();
      yield await evaluateNow();
      if (best.evaluationsSince >= options.patience) {
        yield { kind: "settled", step: learner.steps, evaluations: best.evaluationsSince };
        break;
      }
    }
    const seconds = clock.seconds();
    if (seconds - saved > options.secondsBetweenCheckpoints) {
      saved = seconds;
      await writeCheckpoint(checkpointPath, {
        run,
        learner: learner.save(),
        seconds,
        caution,
        before,
        best: best.save(),
      });
    }
    if (seconds - reported > secondsBetweenReports) {
      reported = seconds;
      const done = Math.min(1, progress());
      yield {
        kind: "progress",
        progress: done,
        step: learner.steps,
        seconds,
        secondsLeft: done > 0 ? (seconds * (1 - done)) / done : 0,
        charsPerSecond: learner.chars / seconds,
        trainBitsPerChar: (recent.nats / recent.steps / Math.LN2) * (learner.tokens / learner.chars),
        heldOutBitsPerChar: lastEvaluation.bitsPerChar,
      };
      recent.nats = recent.steps = 0;
    }
  }
  const seconds = clock.seconds();
  if (learner.steps !== measuredAt) yield await evaluateNow();

  // The sample chose it; more of the held-out text decides whether it is better than what the run began with.
  const { step, weights } = best;
  const after = step === 0 ? before : await evaluate(weights, heldOut.all);
  const kept =
    after.bitsPerChar < before.bitsPerChar
      ? { weights, step, heldOut: after }
      : { weights: initial, step: 0, heldOut: before };
  await writeWhole(out, encode(kept.weights, { ...kept, seconds }));
  await removeCheckpoint(checkpointPath);
  // Whoever reads may end this process behind the last event.
  await lock[Symbol.asyncDispose]();
  yield {
    kind: "done",
    result: {
      model: options.out,
      parameters: parameterCount(architecture, tokenizer.size),
      trainChars,
      steps: learner.steps,
      seconds,
      charsPerSecond: learner.steps === 0 ? 0 : learner.chars / seconds,
      heldOut: kept.heldOut,
      before,
    },
  };
}

/** What a model file tells of its training beside what all models of the run tell. */
interface Trained {
  readonly step: number;
  readonly seconds: number;
  readonly heldOut: HeldOut;
}

/** Makes model files of the weights of a run. */
function modelEncoder(
  { architecture, tokenizer }: StartingPoint,
  corpus: Corpus,
  { seed, licence }: RunOptions,
): (weights: readonly Float32Array[], trained: Trained) => Uint8Array {
  const names = parameterSpecs(architecture, tokenizer.size).map(({ name }) => name);
  const corpusHash = hashOf(corpus.train);
  return (weights, { step, seconds, heldOut }) =>
    encodeModelFile(
      {
        formatVersion,
        tokenizer: tokenizer.stored,
        architecture,
        training: {
          corpusHash,
          trainChars: charsOf(corpus.train),
          steps: step,
          seconds: Math.round(seconds),
          seed,
          heldOut,
          ...(licence === undefined ? {} : { licence }),
          date: new Date().toISOString(),
        },
      },
      new Map(names.map((name, i) => [name, weights[i] ?? new Float32Array()])),
    );
}

/** How far a run is, from 0 to 1 or beyond. */
function progressOf(
  { steps, epochs, minutes = 0 }: RunOptions,
  done: Pick<Learner, "steps" | "chars">,
  trainChars: number,
  seconds: number,
): number {
  const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
  if (steps !== undefined) return share(done.steps, steps);
  if (epochs !== undefined) return share(done.chars, epochs * trainChars);
  return share(seconds, 60 * minutes);
}

/** SHA-256 (hex) of what must be the same for a run to go on from another's checkpoint; its length need not. */
function runKey(
  { architecture, tokenizer, weights }: StartingPoint,
  corpus: Corpus,
  { batch, window, seed, dropout, weightDecay, learningRate }: RunOptions,
  peakRate: number,
): string {
  const texts = [hashOf(corpus.train), hashOf(corpus.heldOut), tokenizer.stored];
  // A rate that is given is also that of what is added to a trained model.
  const options = [batch, window, seed, dropout, weightDecay, peakRate, learningRate ?? "by rule"];
  const hash = createHash("sha256").update(JSON.stringify([texts, architecture, options]));
  for (const values of weights) hash.update(values);
  return hash.digest("hex");
}

async function resumable(path: string, run: string): Promise<Checkpoint | undefined> {
  const checkpoint = await readCheckpoint(path);
  if (checkpoint && checkpoint.run !== run) {
    throw new MurmurError(
      "bad-checkpoint",
      `The checkpoint ${path} belongs to a run on other files or with other options. Train without --resume, or give the options of that run.`,
    );
  }
  return checkpoint;
}

function diverged(step: number, rate: number): MurmurError {
  return new MurmurError(
    "training-failed",
    `Training diverged at step ${step} (the loss or its gradient is no number). Try a lower learning rate than ${rate}.`,
  );
}

/** Seconds of training, those of an earlier part of the run included. */
function stopwatch(earlier: number): { seconds: () => number } {
  const start = performance.now();
  return { seconds: () => earlier + (performance.now() - start) / 1000 };
}
