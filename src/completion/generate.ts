import { withStart } from "../model/bits-per-char.ts";
import { contextOf, followingOf } from "../model/condition.ts";
import type { LanguageModel, Reading } from "../model/language-model.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { decode } from "./decoding/decoder.ts";
import type { Sampling } from "./decoding/sampling.ts";
import { networkPrediction, type Prediction } from "./prediction/predictor.ts";
import { readOn } from "./prediction/reading.ts";
import { uniform } from "./random.ts";

export interface Generation extends Sampling {
  readonly prompt: string;
  /** For a one-to-many model: the path of the file that the text would be in. */
  readonly context?: string | undefined;
  /** For a sequence-to-sequence model: the text that follows. */
  readonly following?: string | undefined;
  /** Number of characters to generate. */
  readonly length: number;
  /** The same seed gives the same text. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GeneratedCharacter {
  readonly text: string;
  /** Natural logarithm of its probability given the text before it, at temperature 1. */
  readonly logProbability: number;
}

/** Generates text after a prompt: reads the prompt as the beginning of a text, then feeds each generated character back. */
export async function* generate(
  model: LanguageModel,
  generation: Generation,
): AsyncGenerator<GeneratedCharacter, void, void> {
  if (generation.length === 0) return;
  const reading = await readPrompt(model, generation);
  let count = 0;
  for await (const character of generateFrom(networkPrediction(model, reading), generation)) {
    yield character;
    if (++count === generation.length) return;
  }
}

/** Generates text from a prediction on, as long as the caller takes characters. */
export async function* generateFrom(
  prediction: Prediction,
  { temperature, topK, topP, seed, signal }: Sampling & Pick<Generation, "seed" | "signal">,
): AsyncGenerator<GeneratedCharacter, void, void> {
  const draw = (offset: number, part: number): number => uniform(seed, 4 * offset + part);
  const decoding = { temperature, topK, topP, draw, withinLine: false, isEndless: true, signal };
  for await (const { text, probability } of decode(prediction, decoding)) {
    yield { text, logProbability: Math.log(probability) };
  }
}

/** Reads the prompt. The condition, if there is one, enters the state at the same point as in training. */
async function readPrompt(
  model: LanguageModel,
  { prompt, context, following }: Pick<Generation, "prompt" | "context" | "following">,
): Promise<Reading> {
  const tokens = withStart(model.tokenizer.encode(normalizeText(prompt)));
  const condition =
    context !== undefined
      ? { at: 0, tokens: contextOf(context) }
      : following !== undefined
        ? { at: tokens.length - 1, tokens: followingOf(model.tokenizer, normalizeText(following)) }
        : undefined;
  const start: Reading = { state: model.start(), logits: new Float32Array() };
  if (!condition) return await readOn(model, start, tokens);
  const before = await readOn(model, start, tokens.subarray(0, condition.at));
  const state = await model.enter(before.state, condition.tokens);
  return await readOn(model, { ...before, state }, tokens.subarray(condition.at));
}
