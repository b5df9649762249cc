import type { LanguageModel } from "../model/language-model.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { decode } from "./decoder.ts";
import { networkPrediction } from "./predictor.ts";
import { uniform } from "./random.ts";
import { readOn, readStart } from "./reading.ts";
import type { Sampling } from "./sampling.ts";

export interface Generation extends Sampling {
  readonly prompt: string;
  /** Number of characters to generate. */
  readonly length: number;
  /** The same seed gives the same text. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GeneratedCharacter {
  readonly text: string;
  /** Natural logarithm of its probability after what stands before it, at temperature 1. */
  readonly logProbability: number;
}

/** One-to-many: reads a prompt from the start of a text, then feeds each generated character back with the state. */
export async function* generate(
  model: LanguageModel,
  generation: Generation,
): AsyncGenerator<GeneratedCharacter, void, void> {
  if (generation.length === 0) return;
  const prompt = model.tokenizer.encode(normalizeText(generation.prompt));
  const reading = await readOn(model, await readStart(model), prompt);
  const characters = decode(networkPrediction(model, reading), {
    temperature: generation.temperature,
    topK: generation.topK,
    topP: generation.topP,
    draw: (offset, part) => uniform(generation.seed, 4 * offset + part),
    withinLine: false,
    isEndless: true,
    signal: generation.signal,
  });
  let count = 0;
  for await (const { text, probability } of characters) {
    yield { text, logProbability: Math.log(probability) };
    if (++count === generation.length) return;
  }
}
