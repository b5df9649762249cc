import { startToken, type Tokenizer, type Tokens } from "./tokenizer.ts";

/** What a network reads from its zero state on, and what it is to tell after each token that it has read. */
export interface Example {
  readonly tokens: Tokens;
  /** One for each of `tokens`: the next token, or a label. */
  readonly targets: Tokens;
  /** Where the targets begin that count. */
  readonly from: number;
  /** Characters that the targets that count stand for. */
  readonly chars: number;
  /** What enters the state just before the token at `at` is read. */
  readonly condition?: { readonly at: number; readonly tokens: Tokens };
}

/** A text as a language model is measured with it: predicted from its first character to its last. */
export function textExample(tokenizer: Tokenizer, text: string): Example {
  const targets = tokenizer.encode(text);
  return { tokens: delayed(targets, startToken), targets, from: 0, chars: text.length };
}

/** `tokens` one later, behind `first`: what has been read when each of them is to be predicted. */
export function delayed(tokens: Tokens, first: number): Tokens {
  const before = new Int32Array(tokens.length);
  tokens.forEach((_, i) => {
    before[i] = i === 0 ? first : (tokens[i - 1] ?? first);
  });
  return before;
}
