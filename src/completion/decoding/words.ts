import type { Tokenizer } from "../../model/tokenizer.ts";
import type { Prediction } from "../prediction/predictor.ts";

/** Letters, digits, and what identifiers have besides; not the letters of scripts that do not separate words. */
const lastOfWord = /(?:[\p{L}\p{M}\p{N}_$])$/u;
const withoutWords =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]$/u;

/** Whether a text ends with a character of a word, a name or a number, so that more of it may follow. */
export function endsInWord(text: string): boolean {
  return lastOfWord.test(text) && !withoutWords.test(text);
}

/** The probability that the next character belongs to a word. */
export function wordProbability({ logits, tokenizer }: Pick<Prediction, "logits" | "tokenizer">): number {
  const isWord = wordTokens(tokenizer);
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > most) most = logit;
  let [sum, words] = [0, 0];
  for (let token = 0; token < logits.length; token++) {
    const weight = Math.exp((logits[token] as number) - most);
    sum += weight;
    if (isWord[token] === 1) words += weight;
  }
  return words / sum;
}

const known = new WeakMap<Tokenizer, Uint8Array>();

/** Which tokens begin with a character of a word: 1 for those. */
function wordTokens(tokenizer: Tokenizer): Uint8Array {
  const found =
    known.get(tokenizer) ??
    Uint8Array.from({ length: tokenizer.size }, (_, token) => (isWordToken(tokenizer, token) ? 1 : 0));
  known.set(tokenizer, found);
  return found;
}

function isWordToken(tokenizer: Tokenizer, token: number): boolean {
  const text = tokenizer.textOf(token);
  // The first byte of a character of two bytes that is most likely a letter: Latin, Greek, Cyrillic, Hebrew or Arabic.
  if (text === undefined) return token >= 0xc3 && token <= 0xdf;
  return text !== "" && endsInWord(String.fromCodePoint(text.codePointAt(0) ?? 0));
}
