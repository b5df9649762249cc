import { assert } from "../../errors.ts";

/** The way in which a token is chosen from a distribution. */
export interface Sampling {
  /** 0 chooses the likeliest token. Above 0, a token is drawn from softmax(logits / temperature). */
  readonly temperature: number;
  /** Draw only from this many of the likeliest tokens. */
  readonly topK?: number | undefined;
  /**
   * Draw only from the smallest set of likeliest tokens whose probabilities sum to this share (nucleus sampling: Holtzman et al.,
   * 2020).
   */
  readonly topP?: number | undefined;
}

/**
 * Chooses a token.
 * @param logits [vocabulary]
 * @param allowed says which tokens to choose from; at least one
 * @param draw a random number in [0, 1), used if the temperature is above 0
 */
export function chooseToken(
  logits: Float32Array,
  allowed: (token: number) => boolean,
  sampling: Sampling,
  draw: number,
): number {
  return sampling.temperature === 0 ? likeliest(logits, allowed) : drawn(candidates(logits, allowed, sampling), draw);
}

/** The probability of `token` at temperature 1 among all tokens: softmax(logits)[token]. */
export function probabilityOf(logits: Float32Array, token: number): number {
  const chosen = logits[token];
  assert(chosen !== undefined, `token ${token} is not in a vocabulary of ${logits.length}`);
  let sum = 0;
  // Relative to the chosen logit, not to the largest one. An overflow to Infinity gives a probability of 0, as it should.
  for (const logit of logits) sum += Math.exp(logit - chosen);
  return 1 / sum;
}

/** The probability of the second-likeliest token at temperature 1. */
export function secondProbability(logits: Float32Array): number {
  const first = likeliest(logits, () => true);
  return probabilityOf(
    logits,
    likeliest(logits, (token) => token !== first),
  );
}

function likeliest(logits: Float32Array, allowed: (token: number) => boolean): number {
  let best = -1;
  let bestLogit = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] ?? Number.NEGATIVE_INFINITY;
    if (logit > bestLogit && allowed(token)) {
      best = token;
      bestLogit = logit;
    }
  }
  assert(best >= 0, "no token may follow");
  return best;
}

interface Candidate {
  readonly token: number;
  /** Probability, up to a common factor. */
  readonly weight: number;
}

/** The tokens to draw from, likeliest first. */
function candidates(logits: Float32Array, allowed: (token: number) => boolean, sampling: Sampling): Candidate[] {
  const tokens = Array.from(logits, (_, token) => token).filter(allowed);
  const logitOf = (token: number) => logits[token] ?? Number.NEGATIVE_INFINITY;
  const largest = tokens.reduce((most, token) => Math.max(most, logitOf(token)), Number.NEGATIVE_INFINITY);
  const sorted = tokens
    .map((token) => ({ token, weight: Math.exp((logitOf(token) - largest) / sampling.temperature) }))
    .sort((a, b) => b.weight - a.weight || a.token - b.token)
    .slice(0, sampling.topK);
  if (sampling.topP === undefined) return sorted;
  const share = sampling.topP * totalWeight(sorted);
  let sum = 0;
  const beyond = sorted.findIndex(({ weight }) => {
    sum += weight;
    return sum >= share;
  });
  return beyond < 0 ? sorted : sorted.slice(0, beyond + 1);
}

function drawn(from: readonly Candidate[], draw: number): number {
  let left = draw * totalWeight(from);
  for (const { token, weight } of from) {
    left -= weight;
    if (left < 0) return token;
  }
  const last = from.at(-1);
  assert(last, "no token may follow");
  return last.token;
}

function totalWeight(of: readonly Candidate[]): number {
  return of.reduce((sum, { weight }) => sum + weight, 0);
}
