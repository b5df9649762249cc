import type { TextSource } from "../../corpus/text-source.ts";
import { contextOf } from "../../model/condition.ts";
import { delayed, type Example } from "../../model/example.ts";
import { startToken, type Tokenizer, type Tokens } from "../../model/tokenizer.ts";

/**
 * Many-to-many and one-to-many: a text is predicted from its first character to the start token of the next text. A long text is cut
 * into pieces.
 * @param withContext whether the words of the path enter the state before each piece
 */
export function* textExamples(
  source: TextSource,
  tokenizer: Tokenizer,
  { length, withContext }: { readonly length: number; readonly withContext: boolean },
): Generator<Example, void, undefined> {
  const condition = withContext && { condition: { at: 0, tokens: contextOf(source.name) } };
  let before = startToken;
  let held: Example | undefined;
  for (const piece of source.pieces(length)) {
    if (held) yield held;
    const targets = tokenizer.encode(piece);
    held = { tokens: delayed(targets, before), targets, from: 0, chars: piece.length, ...condition };
    before = targets.at(-1) ?? before;
  }
  if (held) yield { ...held, tokens: appended(held.tokens, before), targets: appended(held.targets, startToken) };
}

function appended(tokens: Tokens, last: number): Tokens {
  const all = new Int32Array(tokens.length + 1);
  all.set(tokens);
  all[tokens.length] = last;
  return all;
}
