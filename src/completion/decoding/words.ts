import type { Tokenizer } from "../../model/tokenizer.ts";
import { type Prediction, softmax } from "../prediction/predictor.ts";

const ofWord = /[\p{L}\p{M}\p{N}_$]$/u;
/** From here on, UTF-8 takes three bytes, of which the first does not tell a letter from a sign. Many of these scripts do not separate words. */
const firstOfThreeBytes = 0x800;

/** Whether a text ends with a character of a word, a name or a number, so that more of it may follow. */
export function endsInWord(text: string): boolean {
  return ofWord.test(text) && text.charCodeAt(text.length - 1) < firstOfThreeBytes;
}

/** How far a capital after a small letter goes on with the word: a part of a name ends there, and may be worth suggesting if it is long. */
const shareOfNextPart = 0.49;

/**
 * The probability that the word at a text's end continues. A number after a name begins anew: where names are numbered, which one comes
 * is anybody's guess, and the name is worth suggesting. The next part of a name counts by half, as in "camelCase".
 */
export function wordProbability({ logits, tokenizer }: Pick<Prediction, "logits" | "tokenizer">, text: string): number {
  const kindsOfTokens = firstKinds(tokenizer);
  const last = text.slice(-1);
  const shares = [0, 1, small.test(last) ? shareOfNextPart : 1, digit.test(last) ? 1 : 0] as const;
  return softmax(logits).reduce((sum, p, token) => sum + p * (shares[kindsOfTokens[token] as number] as number), 0);
}

const known = new WeakMap<Tokenizer, Uint8Array>();

const [small, capital, digit] = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u];
/** What a token begins with; 0 for no character of a word. */
const kinds = { other: 1, capital: 2, digit: 3 } as const;

/** What each token begins with, as one of {@link kinds}. */
function firstKinds(tokenizer: Tokenizer): Uint8Array {
  const found =
    known.get(tokenizer) ?? Uint8Array.from({ length: tokenizer.size }, (_, token) => kindOf(tokenizer, token));
  known.set(tokenizer, found);
  return found;
}

function kindOf(tokenizer: Tokenizer, token: number): number {
  const text = tokenizer.textOf(token);
  // The first of two bytes, most likely of a letter: Latin, Greek, Cyrillic, Hebrew or Arabic.
  if (text === undefined) return token >= 0xc3 && token <= 0xdf ? kinds.other : 0;
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (text === "" || !endsInWord(first)) return 0;
  if (digit.test(first)) return kinds.digit;
  return capital.test(first) ? kinds.capital : kinds.other;
}
