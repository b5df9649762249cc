import { createHash } from "node:crypto";
import { type Corpus, charsOf, hashOf } from "../corpus/corpus.ts";
import type { Example } from "../model/example.ts";
import { formatVersion } from "../model/info.ts";
import { encodeModelFile } from "../model/model-file.ts";
import { parameterSpecs } from "../model/parameters.ts";
import type { HeldOut } from "./events.ts";
import { type HeldOutExamples, heldOutExamples, measure } from "./held-out.ts";
import { batchOf, peakRateOf, type TrainingOptions } from "./options.ts";
import { type StartingPoint, startingPoint } from "./starting-point.ts";

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
  /** The peak of the learning rate, unless the run diverges. */
  readonly peakRate: number;
  readonly heldOut: HeldOutExamples;
  /** Identifies the run: a checkpoint with another key belongs to another run. */
  readonly key: string;
}

/** @throws MurmurError if the options, the model to start from or the corpus are invalid */
export async function planOf(corpus: Corpus, asked: AskedOptions): Promise<RunPlan> {
  const isFineTuning = asked.init !== undefined;
  const options: RunOptions = { ...asked, batch: asked.batch ?? batchOf(isFineTuning) };
  const start = await startingPoint(corpus, options);
  const { architecture, tokenizer } = start;
  const peakRate = options.learningRate ?? peakRateOf(architecture, tokenizer.stored.kind, isFineTuning);
  return {
    options,
    corpus,
    corpusHash: hashOf(corpus.train),
    trainChars: charsOf(corpus.train),
    start,
    peakRate,
    heldOut: heldOutExamples(corpus.heldOut, start, options.window),
    key: keyOf(start, corpus, options, peakRate),
  };
}

/** SHA-256 (hex) of all that decides the steps of a run. Its length is not part of it: a run may be resumed with another. */
function keyOf(
  { architecture, tokenizer, weights }: StartingPoint,
  corpus: Corpus,
  { batch, window, seed, dropout, weightDecay, learningRate }: RunOptions,
  peakRate: number,
): string {
  const texts = [hashOf(corpus.train), hashOf(corpus.heldOut), tokenizer.stored];
  // A learning rate that is given also holds for the parameters that are added to a trained model.
  const options = [batch, window, seed, dropout, weightDecay, peakRate, learningRate ?? "by rule"];
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
  { start, options, corpusHash, trainChars }: RunPlan,
  weights: readonly Float32Array[],
  { step, seconds, heldOut }: TrainingRecord,
): Uint8Array {
  const { architecture, tokenizer } = start;
  const { seed, licence } = options;
  const names = parameterSpecs(architecture, tokenizer.size).map(({ name }) => name);
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
        ...(licence === undefined ? {} : { licence }),
        date: new Date().toISOString(),
      },
    },
    new Map(names.map((name, i) => [name, weights[i] ?? new Float32Array()])),
  );
}

/** Evaluates weights as a user would have them: in a model file. */
export function evaluate(
  plan: RunPlan,
  weights: readonly Float32Array[],
  examples: readonly Example[],
): Promise<HeldOut> {
  const file = modelFileOf(plan, weights, { step: 0, seconds: 0, heldOut: { chars: 0, bitsPerChar: 0 } });
  return measure(file, examples, plan.options);
}
