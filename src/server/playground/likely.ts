import { replacementCharacter, startToken, type Tokenizer } from "../../model/tokenizer.ts";
import type { Likely } from "../playground-protocol.ts";

/** How many of the likeliest are shown in a character's place. */
const mostLikely = 5;

/** The likeliest tokens, likeliest first. @param probabilities [vocabulary] */
export function likeliest(tokenizer: Tokenizer, probabilities: Float32Array): Likely[] {
  return largest(probabilities, mostLikely).map((token) => ({
    ...nameOf(tokenizer, token),
    probability: rounded(probabilities[token] ?? 0),
  }));
}

/** The likeliest labels, likeliest first. @param probabilities [labels] */
export function likeliestLabels(
  labels: readonly string[],
  probabilities: Float32Array,
  count: number = mostLikely,
): Likely[] {
  return largest(probabilities, count).map((label) => ({
    text: labels[label] ?? "",
    probability: rounded(probabilities[label] ?? 0),
  }));
}

const control = /\p{Cc}/u;

/** How a token is shown. */
export function nameOf(tokenizer: Tokenizer, token: number): Pick<Likely, "text" | "kind"> {
  if (token === startToken) return { text: "", kind: "end" };
  const text = tokenizer.textOf(token);
  if (text === replacementCharacter) return { text, kind: "unknown" };
  const isText = text !== undefined && (!control.test(text) || text === "\n" || text === "\t");
  return isText ? { text } : { text: token.toString(16).toUpperCase().padStart(2, "0"), kind: "byte" };
}

/** The indices of the largest values, in descending order. */
export function largest(values: ArrayLike<number>, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (found.length === count && value <= (values[found.at(-1) ?? 0] ?? 0)) continue;
    let at = found.length;
    while (at > 0 && value > (values[found[at - 1] ?? 0] ?? 0)) at--;
    found.splice(at, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}

/** A number as it is sent: four digits are enough to be shown. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
