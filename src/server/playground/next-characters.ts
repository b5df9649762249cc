import { isWhole, mayFollow } from "../../completion/decoding/characters.ts";
import { chooseToken } from "../../completion/decoding/sampling.ts";
import { type Prediction, softmax } from "../../completion/prediction/predictor.ts";
import type { NextCharacter, NextCharacters } from "../playground-protocol.ts";
import { largest, nameOf, rounded } from "./likely.ts";
import type { Turn } from "./text-reading.ts";

/** How many of the likeliest characters are given. */
const mostCharacters = 20;

/**
 * The likeliest characters at a prediction, with their probabilities at some temperatures. A byte that only begins a character is
 * completed to the likeliest character that begins with it.
 */
export async function nextCharacters(
  prediction: Prediction,
  temperatures: readonly number[],
  turn: Turn,
): Promise<NextCharacters> {
  const distributions = distributionsOf(prediction, temperatures);
  const characters: NextCharacter[] = [];
  for (const token of largest(prediction.logits, mostCharacters)) {
    const probabilities = distributions.map((distribution) => distribution[token] ?? 0);
    characters.push(await wholeCharacter(prediction, token, { temperatures, probabilities, turn }));
  }
  // A temperature above 0 distinguishes all of them.
  const by = temperatures.findIndex((temperature) => temperature > 0);
  characters.sort((a, b) => (b.probabilities[by] ?? 0) - (a.probabilities[by] ?? 0));
  const others = temperatures.map((_, i) =>
    rounded(Math.max(0, 1 - characters.reduce((sum, { probabilities }) => sum + (probabilities[i] ?? 0), 0))),
  );
  return { characters: characters.map(withRounded), others };
}

/** Probabilities at a temperature, [vocabulary]. At 0 the likeliest token has all of it. */
function softmaxAt(logits: Float32Array, temperature: number): Float32Array {
  if (temperature > 0) return softmax(logits.map((logit) => logit / temperature));
  const probabilities = new Float32Array(logits.length);
  const [likeliest = 0] = largest(logits, 1);
  probabilities[likeliest] = 1;
  return probabilities;
}

function distributionsOf({ logits }: Prediction, temperatures: readonly number[]): Float32Array[] {
  return temperatures.map((temperature) => softmaxAt(logits, temperature));
}

interface Beginning {
  readonly temperatures: readonly number[];
  /** Of the first token, at each temperature. */
  readonly probabilities: readonly number[];
  readonly turn: Turn;
}

/** The likeliest character that begins with a token. */
async function wholeCharacter(
  first: Prediction,
  token: number,
  { temperatures, probabilities, turn }: Beginning,
): Promise<NextCharacter> {
  const { tokenizer } = first;
  if (!mayFollow(tokenizer, [], token)) return { ...nameOf(tokenizer, token), probabilities };
  const tokens = [token];
  let product = probabilities;
  for (let prediction = first; !isWhole(tokenizer, tokens); ) {
    await turn();
    prediction = await prediction.read(Int32Array.of(tokens.at(-1) ?? token));
    const allowed = (candidate: number): boolean => mayFollow(tokenizer, tokens, candidate);
    const next = chooseToken(prediction.logits, allowed, { temperature: 0 }, 0);
    const factors = distributionsOf(prediction, temperatures);
    product = product.map((probability, i) => probability * (factors[i]?.[next] ?? 0));
    tokens.push(next);
  }
  return { text: tokenizer.decode(tokens), probabilities: product };
}

function withRounded(character: NextCharacter): NextCharacter {
  return { ...character, probabilities: character.probabilities.map(rounded) };
}
