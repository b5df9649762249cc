import { boundaryBefore } from "../../boundary.ts";
import { charsOf } from "../../corpus/corpus.ts";
import { readAtOnce, type TextSource } from "../../corpus/text-source.ts";
import { languageOfName } from "../../languages.ts";
import { withStart } from "../../model/bits-per-char.ts";
import type { Example } from "../../model/example.ts";
import type { Tokenizer } from "../../model/tokenizer.ts";
import type { Random } from "../../random.ts";

/** Shortest and longest piece of text, in characters. The logarithm of the length is uniform between them. */
const [shortestPiece, longestPiece] = [64, 1000];
const meanPiece = (longestPiece - shortestPiece) / Math.log(longestPiece / shortestPiece);

/** The labels of some texts: the languages that their file extensions stand for, sorted. */
export function labelsOf(sources: readonly TextSource[]): string[] {
  const labels = sources.map((source) => languageOfName(source.name)).filter((label) => label !== undefined);
  return [...new Set(labels)].sort();
}

/**
 * Many-to-one: pieces of texts, each from the start of a line. The label is predicted after every character, because every state is
 * the final state of the text so far. All labels that have any text are equally frequent.
 * @param least the least number of pieces for each label
 */
export function* labelledExamples(
  sources: readonly TextSource[],
  tokenizer: Tokenizer,
  labels: readonly string[],
  { random, least }: { readonly random: Random; readonly least: number },
): Generator<Example, void, undefined> {
  const streams = labels
    .map((label, i) => ({ label: i, of: sources.filter((source) => languageOfName(source.name) === label) }))
    .filter(({ of }) => charsOf(of) > 0)
    .map(({ label, of }) => ({ label, pieces: endlessPieces(of, random) }));
  try {
    const rounds = Math.max(least, Math.ceil(charsOf(sources) / meanPiece / Math.max(1, streams.length)));
    for (let round = 0; round < rounds; round++) {
      for (const { label, pieces } of streams) {
        const { value } = pieces.next();
        if (value) yield labelledExample(value, tokenizer, label);
      }
    }
  } finally {
    for (const { pieces } of streams) pieces.return();
  }
}

/** A piece of text after the start token, with the label after every token. */
function labelledExample(text: string, tokenizer: Tokenizer, label: number): Example {
  const tokens = withStart(tokenizer.encode(text));
  return { tokens, targets: new Int32Array(tokens.length).fill(label), from: 0, chars: text.length };
}

/**
 * A piece of one text after another, or several of a long one; once all were read, other pieces in another order. So the pieces in a
 * batch come from different texts, and a long text does not dominate.
 */
function* endlessPieces(sources: readonly TextSource[], random: Random): Generator<string, void, undefined> {
  for (let found = true; found; ) {
    found = false;
    for (const source of random.shuffle([...sources])) {
      for (const block of source.pieces(readAtOnce)) {
        found = true;
        yield pieceOf(block, random);
      }
    }
  }
}

function pieceOf(text: string, random: Random): string {
  const length = Math.round(shortestPiece * (longestPiece / shortestPiece) ** random.next());
  const last = Math.max(0, text.length - length);
  const start = text.lastIndexOf("\n", random.below(last + 1) - 1) + 1;
  return text.slice(start, boundaryBefore(text, start + length));
}
