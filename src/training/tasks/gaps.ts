import { boundaryBefore } from "../../boundary.ts";
import { readAtOnce, type TextSource } from "../../corpus/text-source.ts";
import { followingOf } from "../../model/condition.ts";
import { delayed, type Example } from "../../model/example.ts";
import { startToken, type Tokenizer } from "../../model/tokenizer.ts";
import type { Random } from "../../random.ts";

/** A part of a text, from `start` to before `end`. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Characters of a text for each gap that is cut into it. */
const charsPerGap = 160;
const longestGap = 60;

/** The rest of a line from a random place on, or the whole line, with its line feed; undefined if it is too short or too long. */
export function drawGap(text: string, random: Random): Gap | undefined {
  const at = boundaryBefore(text, random.below(text.length));
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const feed = text.indexOf("\n", at);
  const end = feed < 0 ? text.length : feed + 1;
  const start = random.next() < 0.5 ? lineStart : at;
  const isWritten = text.slice(start, end).trim().length >= 2;
  return isWritten && end - start <= longestGap ? { start, end } : undefined;
}

/**
 * Sequence to sequence: some gaps in a text. The decoder reads the text before a gap and predicts the gap; the encoder reads the text
 * after it.
 * @param window of truncated BPTT; the text before a gap is twice as long, so that the encoder's state enters at the start of a window
 * @param onlyGap whether only the tokens of the gap count, as in an evaluation; in training those before it count too
 */
export function* gapExamples(
  source: TextSource,
  tokenizer: Tokenizer,
  { random, window, onlyGap }: { readonly random: Random; readonly window: number; readonly onlyGap: boolean },
): Generator<Example, void, undefined> {
  for (const text of source.pieces(readAtOnce)) {
    for (let i = 0; i < Math.ceil(text.length / charsPerGap); i++) {
      const gap = drawGap(text, random);
      if (gap) yield gapExample(text, gap, tokenizer, window, onlyGap);
    }
  }
}

function gapExample(
  text: string,
  { start, end }: Gap,
  tokenizer: Tokenizer,
  window: number,
  onlyGap: boolean,
): Example {
  const before = 2 * window;
  const known = lastTokens(tokenizer, text.slice(boundaryBefore(text, Math.max(0, start - before)), start), before);
  const earlier = new Int32Array(before).fill(startToken);
  earlier.set(known, before - known.length);
  const gap = tokenizer.encode(text.slice(start, end));
  // `before` tokens are read, and after the last of them the first token of the gap is predicted.
  const all = Int32Array.from([...earlier, ...gap]);
  const from = onlyGap ? before : before - known.length;
  return {
    tokens: delayed(all, startToken),
    targets: all,
    from,
    chars: end - start + (onlyGap ? 0 : tokenizer.decode(known).length),
    condition: { at: before, tokens: followingOf(tokenizer, text.slice(end)) },
  };
}

/** The last tokens of a text, at most `most`, from the start of a character on. */
function lastTokens(tokenizer: Tokenizer, text: string, most: number): Int32Array {
  const tokens = tokenizer.encode(text);
  if (tokens.length <= most) return tokens;
  const units = tokenizer.units(text);
  let from = tokens.length - most;
  while (from < tokens.length && units[from] === units[from - 1]) from++;
  return tokens.subarray(from);
}
