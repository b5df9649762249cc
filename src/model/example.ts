import { startToken, type Tokenizer, type Tokens } from "./tokenizer.ts";

/** What a network reads from the zero state on, and what it has to predict after each token. */
export interface Example {
  readonly tokens: Tokens;
  /** One for each of `tokens`: the next token, or a label. */
  readonly targets: Tokens;
  /** Index of the first target with a loss weight. */
  readonly from: number;
  /** Number of characters of the targets with a loss weight. */
  readonly chars: number;
  /** What is added to the state just before the token at `at` is read. */
  readonly condition?: { readonly at: number; readonly tokens: Tokens };
}

/** The example that a language model is evaluated on with a text: all of it is predicted, from its first character on. */
export function textExample(tokenizer: Tokenizer, text: string): Example {
  const targets = tokenizer.encode(text);
  return { tokens: delayed(targets, startToken), targets, from: 0, chars: text.length };
}

/** `tokens` shifted by one, after `first`: the token that is read last before each of them is predicted. */
export function delayed(tokens: Tokens, first: number): Tokens {
  const before = new Int32Array(tokens.length);
  tokens.forEach((_, i) => {
    before[i] = i === 0 ? first : (tokens[i - 1] ?? first);
  });
  return before;
}
