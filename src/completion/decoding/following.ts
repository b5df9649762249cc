import type { Prediction } from "../prediction/predictor.ts";
import type { Continuation, DecodingLimits } from "./continuation.ts";
import { after } from "./decoder.ts";
import { probabilityOf } from "./sampling.ts";

/** The number of tokens of the rest of the line that are compared. */
const mostTokens = 8;

type Limits = Pick<DecodingLimits, "around" | "signal" | "isOutOfTime">;

/**
 * Whether the first characters of a continuation make the rest of the line likelier than it is without them. If they do not, they
 * are not what is missing in the middle of the line.
 * @param length number of characters
 * @returns undefined if it was cancelled or time ran out
 */
export async function leadsTo(
  { start, characters }: Continuation,
  length: number,
  limits: Limits,
): Promise<boolean | undefined> {
  const last = characters[length - 1];
  if (!last) return false;
  const without = await logProbability(start, limits);
  const end = without === undefined ? undefined : (characters[length]?.before ?? (await after(last)));
  const withIt = end && (await logProbability(end, limits));
  return without === undefined || withIt === undefined ? undefined : withIt > without;
}

/** The log-probability that the beginning of the rest comes next. */
async function logProbability(
  start: Prediction,
  { around: { rest }, signal, isOutOfTime }: Limits,
): Promise<number | undefined> {
  const tokens = start.tokenizer.encode(rest).subarray(0, mostTokens);
  let prediction = start;
  let sum = 0;
  for (const [i, token] of tokens.entries()) {
    if (i > 0) {
      if (signal.aborted || isOutOfTime()) return undefined;
      prediction = await prediction.read(Int32Array.of(tokens[i - 1] ?? token));
    }
    sum += Math.log(probabilityOf(prediction.logits, token));
  }
  return sum;
}
