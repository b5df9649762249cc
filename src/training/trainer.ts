import { createHash } from "node:crypto";
import { assert, MurmurError } from "../errors.ts";
import { removeUnfinished, writeWhole } from "../files.ts";
import { languageOfName } from "../languages.ts";
import { bitsPerChar, exampleCosts } from "../model/bits-per-char.ts";
import type { Example } from "../model/example.ts";
import { formatVersion, type ModelInfo } from "../model/info.ts";
import { LanguageModel } from "../model/language-model.ts";
import { encodeModelFile } from "../model/model-file.ts";
import { parameterCount, parameterSpecs } from "../model/parameters.ts";
import { Random } from "../random.ts";
import { AdamW } from "./adamw.ts";
import { WeightAverage } from "./average.ts";
import { type Checkpoint, readCheckpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { assertEnough, type Corpus, charsOf, hashOf, sample, sampleOfEach } from "./corpus.ts";
import type { HeldOut, TrainingEvent, TrainingOptions, TrainingResult } from "./events.ts";
import { Lanes } from "./lanes.ts";
import { peakRateOf } from "./options.ts";
import { lockOutput } from "./output-lock.ts";
import { learningRateAt } from "./schedule.ts";
import { measuredExamples, readingOf } from "./shapes/shapes.ts";
import { startingPoint } from "./starting-point.ts";
import { TrainingStep } from "./step.ts";
import { partOf, type TextSource } from "./text-source.ts";

/** Most characters of the held-out text that are read to measure a model before and after a run. */
const heldOutLimit = 160_000;
/** The same within a run, where measuring takes time from training. */
const sampleLimit = 40_000;
/** The sample is read side by side in parts of this many characters: a single long text would be read by one lane. */
const samplePart = 4000;
/** Evaluations in a run, beside the one before it. */
const evaluations = 12;
const secondsBetweenReports = 0.5;
/** What the learning rates of a run that has diverged are multiplied with when it goes on. */
const recoveryCaution = 0.3;

/**
 * Trains a model on a corpus and writes the best one seen on the held-out text to `options.out`.
 *
 * The run is as long as `options.minutes`, `options.epochs` or `options.steps` say. It reports as it goes; whoever reads the events sets
 * the pace, and may stop reading, which ends the run with nothing written but its last checkpoint.
 * @param finish when aborted, the run ends early and keeps its best
 * @throws MurmurError if the options or the model to start from are no good, another run writes to the same file, or the result
 * can't be written
 */
export async function* train(
  corpus: Corpus,
  options: Omit<TrainingOptions, "paths" | "exclude" | "heldOut">,
  finish: AbortSignal,
): AsyncGenerator<TrainingEvent, void, undefined> {
  assertEnough(corpus, options.window);
  await using lock = await lockOutput(options.out);
  const start = await startingPoint(corpus, options);
  const { architecture, tokenizer } = start;
  const { shape, hidden } = architecture;
  const peakRate = options.learningRate ?? peakRateOf(architecture, options.init !== undefined);
  const specs = parameterSpecs(architecture, tokenizer.size);
  const weights = specs.map((spec) => start.weights.get(spec.name) ?? new Float32Array());
  const random = new Random(options.seed);
  const { batch, window } = options;
  using lanes = new Lanes(readingOf(architecture, corpus.train, tokenizer, options), { batch, hidden });
  const optimizer = new AdamW(
    weights,
    specs.map((spec) => (spec.shape.length > 1 ? options.weightDecay : 0)),
  );
  const average = new WeightAverage(weights);
  await using step = await TrainingStep.create(architecture, tokenizer.size, options, weights);
  const sampleOf = (limit: number): TextSource[] =>
    shape === "many-to-one"
      ? sampleOfEach(corpus.heldOut, ({ name }) => languageOfName(name), limit)
      : sample(corpus.heldOut, limit);
  const heldOutTexts = sampleOf(heldOutLimit);
  const sampled = sampleOf(sampleLimit).flatMap(shape === "many-to-many" ? inParts : (source) => source);
  const heldOutExamples = measuredExamples(architecture, heldOutTexts, tokenizer, window);
  const sampleExamples = measuredExamples(architecture, sampled, tokenizer, window);
  const corpusHash = hashOf(corpus.train);
  const checkpointPath = `${options.out}.checkpoint`;
  for (const path of [checkpointPath, options.out]) await removeUnfinished(path, 0);
  const texts = [corpusHash, hashOf(corpus.heldOut), tokenizer.stored];
  const rates = [options.dropout, options.weightDecay, peakRate];
  const run = runKey([texts, architecture, batch, window, options.seed, rates], weights);

  const modelOf = (values: readonly Float32Array[], heldOut: HeldOut, at: number, seconds: number): Uint8Array => {
    const info: ModelInfo = {
      formatVersion,
      tokenizer: tokenizer.stored,
      architecture,
      training: {
        corpusHash,
        trainChars: charsOf(corpus.train),
        steps: at,
        seconds: Math.round(seconds),
        seed: options.seed,
        heldOut,
        ...(options.licence === undefined ? {} : { licence: options.licence }),
        date: new Date().toISOString(),
      },
    };
    return encodeModelFile(info, new Map(specs.map((spec, i) => [spec.name, values[i] ?? new Float32Array()])));
  };
  const evaluate = async (values: readonly Float32Array[], examples: readonly Example[]): Promise<HeldOut> => {
    const model = await LanguageModel.loadAny(modelOf(values, { chars: 0, bitsPerChar: 0 }, 0, 0), options);
    try {
      const measured = await exampleCosts(model, examples);
      return { chars: measured.reduce((sum, cost) => sum + cost.chars, 0), bitsPerChar: bitsPerChar(measured) };
    } finally {
      await model.release();
    }
  };
  const initial = weights.map((values) => values.slice());

  const resumed = options.resume ? await resumable(checkpointPath, run) : undefined;
  if (resumed) {
    setAll(weights, resumed.weights);
    setAll(step.states, resumed.states);
    optimizer.restore(resumed.optimizer);
    average.restore(resumed.average);
    random.restore(resumed.random);
    lanes.restore(resumed.lanes);
  }
  let at = resumed?.step ?? 0;
  let caution = resumed?.caution ?? 1;
  const before = resumed?.before ?? (await evaluate(initial, heldOutExamples));
  let best = resumed?.best ?? { heldOut: await evaluate(initial, sampleExamples), step: 0, weights: initial };
  let evaluated = resumed?.evaluations ?? 0;
  yield {
    kind: "started",
    shape,
    parameters: parameterCount(architecture, tokenizer.size),
    trainChars: charsOf(corpus.train),
    trainFiles: corpus.train.length,
    heldOutChars: before.chars,
    heldOutFiles: heldOutTexts.length,
    step: at,
  };
  yield { kind: "evaluated", step: best.step, heldOut: best.heldOut };

  const clock = stopwatch(resumed?.seconds ?? 0);
  const recent = { nats: 0, steps: 0 };
  let reported = clock.seconds();
  let saved = clock.seconds();
  const { steps, epochs, minutes = 0 } = options;
  const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
  const progress = (): number => {
    if (steps !== undefined) return share(at, steps);
    if (epochs !== undefined) return share(lanes.chars, epochs * charsOf(corpus.train));
    return share(clock.seconds(), 60 * minutes);
  };

  /** The least in this run, which from a good model on gets worse before it gets better, and the evaluations since. */
  let settling = resumed?.settling ?? { least: Number.POSITIVE_INFINITY, evaluations: 0 };
  /** The step whose weights were measured last in this process. */
  let measuredAt = 0;
  const keepBest = async (): Promise<HeldOut> => {
    measuredAt = at;
    const heldOut = await evaluate(average.values, sampleExamples);
    if (heldOut.bitsPerChar < best.heldOut.bitsPerChar) {
      best = { heldOut, step: at, weights: average.values.map((values) => values.slice()) };
    }
    settling =
      heldOut.bitsPerChar < settling.least
        ? { least: heldOut.bitsPerChar, evaluations: 0 }
        : { ...settling, evaluations: settling.evaluations + 1 };
    return heldOut;
  };
  let lastEvaluation = best.heldOut;
  while (progress() < 1 && !finish.aborted) {
    lanes.fill(step.batch);
    const loss = await step.run(random);
    const rate = learningRateAt(progress(), peakRate * caution);
    const isGood = Number.isFinite(loss) && Number.isFinite(optimizer.update(step.gradients, rate));
    if (!isGood) {
      if (caution < 1) throw diverged(at, peakRate * caution);
      caution = recoveryCaution;
      setAll(weights, best.weights);
      optimizer.reset();
      average.reset(weights);
      for (const state of step.states) state.fill(0);
      yield { kind: "recovered", diverged: at, step: best.step, learningRate: peakRate * caution };
      continue;
    }
    average.add(weights);
    at++;
    recent.nats += loss;
    recent.steps++;
    if (Math.floor(progress() * evaluations) > evaluated && progress() < 1) {
      evaluated = Math.floor(progress() * evaluations);
      lastEvaluation = await keepBest();
      yield { kind: "evaluated", step: at, heldOut: lastEvaluation };
      if (settling.evaluations >= options.patience) {
        yield { kind: "settled", step: at, evaluations: settling.evaluations };
        break;
      }
    }
    const seconds = clock.seconds();
    if (seconds - saved > options.secondsBetweenCheckpoints) {
      saved = seconds;
      await writeCheckpoint(checkpointPath, {
        run,
        step: at,
        weights,
        optimizer: optimizer.save(),
        average: average.save(),
        states: step.states,
        lanes: lanes.save(),
        random: random.save(),
        seconds,
        caution,
        architecture,
        before,
        best,
        evaluations: evaluated,
        settling,
      });
    }
    if (seconds - reported > secondsBetweenReports) {
      reported = seconds;
      const done = Math.min(1, progress());
      yield {
        kind: "progress",
        progress: done,
        step: at,
        seconds,
        secondsLeft: done > 0 ? (seconds * (1 - done)) / done : 0,
        charsPerSecond: lanes.chars / seconds,
        trainBitsPerChar: (recent.nats / recent.steps / Math.LN2) * (lanes.tokens / lanes.chars),
        heldOutBitsPerChar: lastEvaluation.bitsPerChar,
      };
      recent.nats = recent.steps = 0;
    }
  }
  const seconds = clock.seconds();
  if (at !== measuredAt) yield { kind: "evaluated", step: at, heldOut: await keepBest() };
  // The sample chose it; all of the held-out text decides whether it is better than what the run began with.
  const after = best.step === 0 ? before : await evaluate(best.weights, heldOutExamples);
  const isBetter = after.bitsPerChar < before.bitsPerChar;
  const heldOut = isBetter ? after : before;
  const kept = isBetter ? best : { step: 0, weights: initial };
  await writeWhole(options.out, modelOf(kept.weights, heldOut, kept.step, seconds));
  await removeCheckpoint(checkpointPath);
  const result: TrainingResult = {
    model: options.out,
    parameters: parameterCount(architecture, tokenizer.size),
    trainChars: charsOf(corpus.train),
    steps: at,
    seconds,
    charsPerSecond: at === 0 ? 0 : lanes.chars / seconds,
    heldOut,
    before,
  };
  // Whoever reads may end this process behind the last event.
  await lock[Symbol.asyncDispose]();
  yield { kind: "done", result };
}

/** SHA-256 (hex) of what must be the same for a run to go on from another's checkpoint; its length need not. */
function runKey(of: unknown, weights: readonly Float32Array[]): string {
  const hash = createHash("sha256").update(JSON.stringify(of));
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

function setAll(arrays: readonly Float32Array[], values: readonly Float32Array[]): void {
  arrays.forEach((array, i) => {
    const by = values[i];
    assert(by?.length === array.length, "what is restored has the length of what it replaces");
    array.set(by);
  });
}

function inParts(source: TextSource): TextSource[] {
  return Array.from({ length: Math.ceil(source.chars / samplePart) }, (_, i) =>
    partOf(source, i * samplePart, Math.min(source.chars, (i + 1) * samplePart)),
  );
}

/** Seconds of training, those of an earlier part of the run included. */
function stopwatch(earlier: number): { seconds: () => number } {
  const start = performance.now();
  return { seconds: () => earlier + (performance.now() - start) / 1000 };
}
