import { MurmurError } from "../errors.ts";
import type { Architecture } from "../model/info.ts";
import { readModelFile } from "../model/language-model.ts";
import { decodeModelFile, type Weights } from "../model/model-file.ts";
import { parameterSpecs } from "../model/network.ts";
import { createTokenizer, type Tokenizer, tokenizerFrom } from "../model/tokenizer.ts";
import { Random } from "../random.ts";
import type { Corpus } from "./corpus.ts";
import type { TrainingOptions } from "./events.ts";
import type { TextSource } from "./text-source.ts";

/** Size of a token's vector: there are few tokens, and more brought nothing. */
const embeddingSize = 64;

/** What a run begins with. */
export interface StartingPoint {
  readonly architecture: Architecture;
  readonly tokenizer: Tokenizer;
  readonly weights: Weights;
}

/**
 * The model to fine-tune, or a new one with random weights.
 * @throws MurmurError if the model file is no good ("bad-model") or does not know the corpus's characters ("bad-option")
 */
export async function startingPoint(
  corpus: Corpus,
  options: Pick<TrainingOptions, "init" | "cell" | "layers" | "hidden" | "tokenizer" | "seed">,
): Promise<StartingPoint> {
  if (options.init !== undefined) {
    const { info, weights } = decodeModelFile(await readModelFile(options.init), options.init);
    const tokenizer = tokenizerFrom(info.tokenizer);
    assertKnown(corpus, tokenizer, options.init);
    return { architecture: info.architecture, tokenizer, weights };
  }
  const { cell, layers, hidden } = options;
  const architecture: Architecture = { cell, layers, hidden, embedding: Math.min(hidden, embeddingSize) };
  const tokenizer = createTokenizer(options.tokenizer, piecesOf(corpus.train));
  const random = new Random(options.seed);
  const weights = new Map(
    parameterSpecs(architecture, tokenizer.size).map(({ name, shape, scale, offset }) => {
      const length = shape.reduce((product, dim) => product * dim, 1);
      const values = Float32Array.from({ length }, (_, i) => (2 * random.next() - 1) * scale + (offset?.(i) ?? 0));
      return [name, values];
    }),
  );
  return { architecture, tokenizer, weights };
}

function* piecesOf(sources: readonly TextSource[]): Generator<string, void, undefined> {
  for (const source of sources) yield* source.pieces(pieceLength);
}

const pieceLength = 1 << 16;

/** Of the characters that a model does not know, so many are named. */
const mostNamed = 8;

function assertKnown(corpus: Corpus, { stored }: Tokenizer, model: string): void {
  if (stored.kind !== "char") return;
  const known = new Set(stored.characters);
  const unknown = new Set<string>();
  for (const piece of piecesOf(corpus.train)) {
    for (const character of piece) if (!known.has(character)) unknown.add(character);
  }
  if (unknown.size === 0) return;
  const named = [...unknown].slice(0, mostNamed).map((character) => JSON.stringify(character));
  throw new MurmurError(
    "bad-option",
    `The text has ${unknown.size} characters that the vocabulary of ${model} lacks, such as ${named.join(", ")}. Train from nothing, or use a model with another tokenizer (byte, word).`,
  );
}
