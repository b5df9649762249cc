import type { LanguageModel, Reading } from "../model/language-model.ts";
import type { Tokenizer, Tokens } from "../model/tokenizer.ts";
import { readOn } from "./reading.ts";

/**
 * What is expected at one place of a text. This is the seam at which sources are mixed: a decoder sees the final distribution
 * alone and goes on from any prediction, as often as it likes. Never changed once made.
 */
export interface Prediction {
  /** Logits of the next token, [vocabulary]; softmax gives the probabilities at temperature 1. */
  readonly logits: Float32Array;
  /** What the network has read on the way here; a document's states are kept from it. */
  readonly reading: Reading;
  readonly tokenizer: Tokenizer;
  /** The prediction after more tokens. */
  read(tokens: Tokens): Promise<Prediction>;
}

/** The network's prediction, by itself. */
export function networkPrediction(model: LanguageModel, reading: Reading): Prediction {
  return {
    logits: reading.logits,
    reading,
    tokenizer: model.tokenizer,
    read: async (tokens) => networkPrediction(model, await readOn(model, reading, tokens)),
  };
}
