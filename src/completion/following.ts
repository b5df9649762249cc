import type { Continuation } from "./continuation.ts";
import { after } from "./decoder.ts";
import type { Prediction } from "./predictor.ts";
import { probabilityOf } from "./sampling.ts";

/** So many tokens of what follows tell whether it does. */
const mostTokens = 8;

/**
 * Whether some characters of a continuation make the text right of the cursor likelier than it is without them. So what is
 * inserted in the middle of a line is what is missing there, and nothing that the line does not go on from.
 * @param length number of characters
 */
export async function leadsTo(
  { start, characters }: Continuation,
  length: number,
  following: string,
): Promise<boolean> {
  const last = characters[length - 1];
  if (!last) return false;
  const behind = characters[length]?.before ?? (await after(last));
  return (await logProbability(behind, following)) > (await logProbability(start, following));
}

/** ln of the probability that a text, or its beginning, comes next. */
async function logProbability(start: Prediction, text: string): Promise<number> {
  const tokens = start.tokenizer.encode(text).subarray(0, mostTokens);
  let prediction = start;
  let sum = 0;
  for (const [i, token] of tokens.entries()) {
    sum += Math.log(probabilityOf(prediction.logits, token));
    if (i + 1 < tokens.length) prediction = await prediction.read(Int32Array.of(token));
  }
  return sum;
}
