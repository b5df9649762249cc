import { MurmurError } from "../errors.ts";
import { withStart } from "./bits-per-char.ts";
import type { LanguageModel, State } from "./language-model.ts";

export interface Prediction {
  readonly label: string;
  readonly probability: number;
}

/** Tokens that are read at once. */
const tokensAtOnce = 512;

/**
 * Classifies a text by the final state of a many-to-one network.
 * @returns all labels with their probabilities, likeliest first
 * @throws MurmurError ("bad-model") if the network has another task
 */
export async function classify(model: LanguageModel, text: string): Promise<Prediction[]> {
  const { task, labels } = model.info.architecture;
  if (task !== "many-to-one") {
    throw new MurmurError(
      "bad-model",
      `The model is not a classifier: its task is ${task}. Train a classifier with "murmur train --task many-to-one".`,
    );
  }
  const tokens = withStart(model.tokenizer.encode(text));
  let state: State = model.start();
  let logits = new Float32Array(labels.length);
  for (let at = 0; at < tokens.length; at += tokensAtOnce) {
    const reading = await model.read(state, tokens.subarray(at, at + tokensAtOnce));
    state = reading.state;
    logits = reading.logits.slice(-labels.length);
  }
  const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const weights = Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return labels
    .map((label, i) => ({ label, probability: (weights[i] ?? 0) / total }))
    .sort((a, b) => b.probability - a.probability);
}
