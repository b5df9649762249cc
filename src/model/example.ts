import type { Tokens } from "./tokenizer.ts";

/** What a network reads and what it is to tell after each token that it has read. */
export interface Example {
  readonly tokens: Tokens;
  /** One for each of `tokens`: the next token. */
  readonly targets: Tokens;
  /** Characters that the targets stand for. */
  readonly chars: number;
}

/** `tokens` one later, behind `first`: what has been read when each of them is to be predicted. */
export function delayed(tokens: Tokens, first: number): Tokens {
  const before = new Int32Array(tokens.length);
  if (before.length > 0) before[0] = first;
  before.set(tokens.subarray(0, -1), 1);
  return before;
}
