import { delayed, type Example } from "../model/example.ts";
import { startToken, type Tokenizer, type Tokens } from "../model/tokenizer.ts";
import { Random } from "../random.ts";
import type { TextSource } from "./text-source.ts";

/** Most characters of a text that one lane reads at a stretch. */
const longestPiece = 1 << 16;

/** The examples of an epoch: every file after a start token and ended by the next one's, in an order that seed and epoch decide. */
export function* epochOf(
  sources: readonly TextSource[],
  tokenizer: Tokenizer,
  { seed, epoch, batch }: { readonly seed: number; readonly epoch: number; readonly batch: number },
): Generator<Example, void, undefined> {
  const total = sources.reduce((sum, source) => sum + source.chars, 0);
  // So that of few and large files every lane has something of its own to read.
  const length = Math.min(longestPiece, Math.ceil(total / batch));
  for (const source of new Random(seed + epoch).shuffle([...sources]))
    yield* languageExamples(source, tokenizer, length);
}

function* languageExamples(source: TextSource, tokenizer: Tokenizer, length: number): Generator<Example> {
  let before = startToken;
  let held: Example | undefined;
  for (const piece of source.pieces(length)) {
    const targets = tokenizer.encode(piece);
    if (held) yield held;
    held = { tokens: delayed(targets, before), targets, chars: piece.length };
    before = targets.at(-1) ?? before;
  }
  if (held) {
    yield {
      tokens: appended(held.tokens, before),
      targets: appended(held.targets, startToken),
      chars: held.chars,
    };
  }
}

function appended(tokens: Tokens, last: number): Tokens {
  const all = new Int32Array(tokens.length + 1);
  all.set(tokens);
  all[tokens.length] = last;
  return all;
}
