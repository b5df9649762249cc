import { languageOfName } from "../../languages.ts";
import { withStart } from "../../model/bits-per-char.ts";
import type { Example } from "../../model/example.ts";
import type { Tokenizer } from "../../model/tokenizer.ts";
import type { Random } from "../../random.ts";
import { charsOf } from "../corpus.ts";
import { type TextSource, textOf } from "../text-source.ts";

/** Lengths of the pieces of text that are read to tell their labels, in characters; short ones come up more often. */
const [shortestPiece, longestPiece] = [64, 1000];

/** The labels of some texts: the languages that the endings of their names tell, in the order of their names. */
export function labelsOf(sources: readonly TextSource[]): string[] {
  const labels = sources.map((source) => languageOfName(source.name)).filter((label) => label !== undefined);
  return [...new Set(labels)].sort();
}

/**
 * Many-to-one: pieces of texts, each from a line's start; the label is to be told after every character, for every state is
 * the final one of the text so far. All labels come up equally often.
 */
export function* labelledExamples(
  sources: readonly TextSource[],
  tokenizer: Tokenizer,
  labels: readonly string[],
  random: Random,
): Generator<Example, void, undefined> {
  const byLabel = labels.map((label) =>
    random.shuffle(sources.filter((source) => languageOfName(source.name) === label)),
  );
  for (let i = 0; i < Math.ceil(charsOf(sources) / longestPiece); i++) {
    const label = i % labels.length;
    const of = byLabel[label] ?? [];
    const source = of[Math.floor(i / labels.length) % of.length];
    if (source) yield labelledExample(pieceOf(source, random), tokenizer, label);
  }
}

/** A piece of text behind the start token, with the label after every token. */
function labelledExample(text: string, tokenizer: Tokenizer, label: number): Example {
  const tokens = withStart(tokenizer.encode(text));
  return { tokens, targets: new Int32Array(tokens.length).fill(label), from: 0, chars: tokens.length };
}

function pieceOf(source: TextSource, random: Random): string {
  const text = textOf(source);
  const length = Math.round(shortestPiece * (longestPiece / shortestPiece) ** random.next());
  const last = Math.max(0, text.length - length);
  const start = text.lastIndexOf("\n", random.below(last + 1) - 1) + 1;
  return text.slice(start, start + length);
}
