import type { LanguageModel, Reading } from "../../model/language-model.ts";
import type { Tokenizer, Tokens } from "../../model/tokenizer.ts";
import type { Place } from "./local/place.ts";
import type { Mixture } from "./mixture.ts";
import { readOn } from "./reading.ts";

/**
 * What is expected at one place of a text. This is the seam at which sources are mixed: a decoder sees the final distribution
 * alone and goes on from any prediction, as often as it likes.
 */
export interface Prediction {
  /** Logits of the next token, [vocabulary]; softmax gives the probabilities at temperature 1. */
  readonly logits: Float32Array;
  /** What the network has read on the way here; a document's states are kept from it. */
  readonly reading: Reading;
  readonly tokenizer: Tokenizer;
  /** The prediction after more tokens. */
  read(tokens: Tokens): Promise<Prediction>;
  /** Where the local model's history has a longer repeat of this text that goes on with a token; undefined if it has none. */
  sourceOf(token: number): number | undefined;
  /** Tells which token came here, for whoever learns from it. */
  learn(token: number): void;
}

/** The network's prediction, by itself. */
export function networkPrediction(model: LanguageModel, reading: Reading): Prediction {
  return {
    logits: reading.logits,
    reading,
    tokenizer: model.tokenizer,
    read: async (tokens) => networkPrediction(model, await readOn(model, reading, tokens)),
    sourceOf: () => undefined,
    learn: () => undefined,
  };
}

/** What predictions are mixed from. */
export interface Sources {
  readonly model: LanguageModel;
  /** With the local model; undefined: the network answers alone. Only for a model that reads bytes. */
  readonly mixture?: Mixture | undefined;
  /** The name of the text that the local model's history has at a position; undefined if none is known. */
  readonly nameAt?: ((position: number) => string | undefined) | undefined;
  /** Whether the network's predictions count; else the local model answers alone, for measurement. */
  readonly useNetwork: boolean;
}

/** The prediction at a place: the network's, after `reading`, mixed with the local model's. */
export function mixedPrediction(sources: Sources, mixture: Mixture, reading: Reading, place: Place): Prediction {
  let logits: Float32Array | undefined;
  let network: Float32Array | undefined;
  const networkProbabilities = (): Float32Array | undefined => {
    if (sources.useNetwork) network ??= softmax(reading.logits);
    return network;
  };
  return {
    get logits() {
      logits ??= mixture.distribution(place, networkProbabilities()).map((p) => Math.log(p + 1e-30));
      return logits;
    },
    reading,
    tokenizer: sources.model.tokenizer,
    read: async (tokens) => {
      const next = place.clone();
      for (const byte of tokens) mixture.local.advance(next, byte);
      return mixedPrediction(sources, mixture, await readOn(sources.model, reading, tokens), next);
    },
    sourceOf: (byte) => place.pointers.sourceOf(byte, mixture.local.history),
    learn: (byte) => {
      mixture.learnMixing(place, networkProbabilities(), byte);
    },
  };
}

/** Probabilities of tokens, from their logits. */
export function softmax(logits: Float32Array): Float32Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > most) most = logit;
  const probabilities = new Float32Array(logits.length);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp((logits[i] as number) - most);
    probabilities[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < logits.length; i++) (probabilities[i] as number) /= sum;
  return probabilities;
}
