import { createHash } from "node:crypto";
import { type Corpus, charsOf, hashOf } from "../corpus/corpus.ts";
import type { TextSource } from "../corpus/text-source.ts";
import type { Sample } from "../evaluation/samples.ts";
import { formatVersion } from "../model/info.ts";
import { encodeModelFile, readModelFile } from "../model/model-file.ts";
import { parameterSpecs } from "../model/parameters.ts";
import { ReadTexts } from "../model/read-texts.ts";
import { findDefaultModel } from "../model/shipped.ts";
import type { HeldOut, WholeHeldOut } from "./events.ts";
import { canBeMixed, type HeldOutTexts, heldOutTexts, measureAll, measureSample, writtenByModel } from "./held-out.ts";
import { batchOf, peakRateOf, type TrainingOptions } from "./options.ts";
import { roughMinutes } from "./schedule.ts";
import { type StartingPoint, startingPoint } from "./starting-point.ts";

/** The least share of the held-out text that a model must not have read to be measured on that part alone. */
const leastMeasured = 0.3;

/** What a run is asked to do with a corpus. */
export type AskedOptions = Omit<TrainingOptions, "paths" | "exclude" | "heldOut">;
/** The same, with the defaults that depend on whether it fine-tunes a model. */
type RunOptions = AskedOptions & { readonly batch: number };

/** Everything about a run that is decided before its first step. */
export interface RunPlan {
  readonly options: RunOptions;
  readonly corpus: Corpus;
  readonly corpusHash: string;
  readonly trainChars: number;
  readonly start: StartingPoint;
  /** The record of the texts that the network will have read, those of the model that it started from included; see ReadTexts. */
  readonly texts: string | undefined;
  /** The peak of the learning rate, unless the run diverges. */
  readonly peakRate: number;
  readonly heldOut: HeldOutTexts;
  /** Identifies the run: a checkpoint with another key belongs to another run. */
  readonly key: string;
}

/** @throws MurmurError if the options, the model to start from or the corpus are invalid */
export async function planOf(corpus: Corpus, asked: AskedOptions): Promise<RunPlan> {
  const isFineTuning = asked.init !== undefined;
  const options: RunOptions = { ...asked, batch: asked.batch ?? batchOf(isFineTuning) };
  const start = await startingPoint(corpus, options);
  const { architecture, tokenizer } = start;
  const trainChars = charsOf(corpus.train);
  const peakRate = options.learningRate ?? peakRateOf(architecture, tokenizer.stored.kind, isFineTuning);
  return {
    options,
    corpus,
    corpusHash: hashOf(corpus.train),
    trainChars,
    start,
    texts: textsRecord(start, corpus),
    peakRate,
    heldOut: await heldOutTexts({ ...corpus, heldOut: unread(corpus.heldOut, start.readTexts) }, start, {
      ...options,
      minutes: roughMinutes(options, trainChars),
    }),
    key: keyOf(start, corpus, options, peakRate),
  };
}

/**
 * The texts that a model is measured on: those that it has not read. (It may have read some in an earlier run, when other files were held
 * out.) All of them, if too few are left.
 */
function unread(heldOut: readonly TextSource[], readTexts: ReadTexts): readonly TextSource[] {
  if (readTexts.size === 0) return heldOut;
  const own = heldOut.filter(({ sketch }) => !readTexts.hasMostOf(sketch));
  return charsOf(own) >= leastMeasured * charsOf(heldOut) ? own : heldOut;
}

/** SHA-256 (hex) of all that decides the steps of a run. Its length is not part of it: a run may be resumed with another. */
function keyOf(
  { architecture, tokenizer, weights }: StartingPoint,
  corpus: Corpus,
  { batch, window, seed, dropout, weightDecay, learningRate, bestBy }: RunOptions,
  peakRate: number,
): string {
  const texts = [hashOf(corpus.train), hashOf(corpus.heldOut), tokenizer.stored];
  // A learning rate that is given also holds for the parameters that are added to a trained model.
  const options = [batch, window, seed, dropout, weightDecay, peakRate, learningRate ?? "by rule", bestBy];
  const hash = createHash("sha256").update(JSON.stringify([texts, architecture, options]));
  for (const values of weights) hash.update(values);
  return hash.digest("hex");
}

/** What differs between the model files of a run. */
interface TrainingRecord {
  readonly step: number;
  readonly seconds: number;
  readonly heldOut: HeldOut;
}

/** The bytes of the model file with these weights. */
export function modelFileOf(
  { start, options, texts, corpusHash, trainChars }: RunPlan,
  weights: readonly Float32Array[],
  { step, seconds, heldOut }: TrainingRecord,
): Uint8Array {
  const { architecture, tokenizer } = start;
  const { seed, licence } = options;
  const names = parameterSpecs(architecture, tokenizer.size).map(({ name }) => name);
  // Weights that no step has changed have read nothing new.
  const read = step === 0 ? recordOf(start.readTexts) : texts;
  return encodeModelFile(
    {
      formatVersion,
      tokenizer: tokenizer.stored,
      architecture,
      training: {
        corpusHash,
        trainChars,
        steps: step,
        seconds: Math.round(seconds),
        seed,
        heldOut,
        ...(read === undefined ? {} : { texts: read }),
        ...(licence === undefined ? {} : { licence }),
        date: new Date().toISOString(),
      },
    },
    new Map(names.map((name, i) => [name, weights[i] ?? new Float32Array()])),
  );
}

/** A record of more texts than this would be larger than it is useful: they are no one's workspace. */
const mostRecorded = 20_000;

function textsRecord({ readTexts }: StartingPoint, { train }: Corpus): string | undefined {
  const all = train.length > mostRecorded ? readTexts : readTexts.and(ReadTexts.of(train.map(({ sketch }) => sketch)));
  return recordOf(all);
}

function recordOf(texts: ReadTexts): string | undefined {
  return texts.size === 0 ? undefined : texts.record;
}

/** Evaluates weights as a user would have them, in a model file, on all held-out text. */
export function evaluateAll(plan: RunPlan, weights: readonly Float32Array[]): Promise<WholeHeldOut> {
  return measureAll(unmeasured(plan, weights), plan.heldOut, plan.options);
}

/** The same on the sample. */
export function evaluateSample(plan: RunPlan, weights: readonly Float32Array[]): Promise<HeldOut> {
  return measureSample(unmeasured(plan, weights), plan.heldOut, plan.options);
}

/**
 * How good the model that comes with Murmur is on all held-out text; undefined if it can't replace the network of this run, or if the run
 * started from it.
 */
export async function shippedModelOn(plan: RunPlan): Promise<WholeHeldOut | undefined> {
  const file = await comparableShippedModel(plan);
  return file && (await measureAll(file, plan.heldOut, plan.options));
}

/** The same on the sample. */
export async function shippedModelOnSample(plan: RunPlan): Promise<HeldOut | undefined> {
  const file = await comparableShippedModel(plan);
  return file && (await measureSample(file, plan.heldOut, plan.options));
}

async function comparableShippedModel({ start, options }: RunPlan): Promise<Uint8Array | undefined> {
  const path = findDefaultModel();
  const isLike = canBeMixed(start.architecture, start.tokenizer);
  return path === undefined || options.init === path || !isLike ? undefined : await readModelFile(path);
}

/** What a network with these weights writes at the beginning of a file. */
export function writtenBy(plan: RunPlan, weights: readonly Float32Array[]): Promise<Sample[]> {
  return writtenByModel(unmeasured(plan, weights));
}

function unmeasured(plan: RunPlan, weights: readonly Float32Array[]): Uint8Array {
  return modelFileOf(plan, weights, { step: 0, seconds: 0, heldOut: { chars: 0, bitsPerChar: 0 } });
}
