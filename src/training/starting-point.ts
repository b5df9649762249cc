import { type Corpus, sample } from "../corpus/corpus.ts";
import { readAtOnce, type TextSource } from "../corpus/text-source.ts";
import { MurmurError } from "../errors.ts";
import { size } from "../graph/value.ts";
import type { Architecture } from "../model/info.ts";
import { readModelFile } from "../model/language-model.ts";
import { decodeModelFile, type Weights } from "../model/model-file.ts";
import { parameterSpecs } from "../model/parameters.ts";
import { createTokenizer, type Tokenizer, type TokenizerKind, tokenizerFrom } from "../model/tokenizer.ts";
import { assertKnown } from "../model/vocabulary.ts";
import { Random } from "../random.ts";
import { isTiedByDefault, type TrainingOptions } from "./options.ts";
import { labelsOf } from "./tasks/labelled.ts";

/** Size of a token's vector: there are few tokens, and more brought nothing. */
const embeddingSize = 64;

/** Characters whose words are counted: enough to know the common ones, in some seconds and megabytes. */
const mostCounted = 8_000_000;

/** What a run begins with. */
export interface StartingPoint {
  readonly architecture: Architecture;
  readonly tokenizer: Tokenizer;
  /** In the order of parameterSpecs. */
  readonly weights: readonly Float32Array[];
  /** Of each whether the model to fine-tune lacks it, so that it is to learn faster than what that knows. */
  readonly isAdded: readonly boolean[];
}

/**
 * The model to fine-tune, or a new one with random weights.
 * @throws MurmurError if the model file is no good ("bad-model") or does not fit the corpus ("bad-option"), or the corpus has no labels to
 * tell apart ("no-text")
 */
export async function startingPoint(
  corpus: Corpus,
  options: Pick<
    TrainingOptions,
    "init" | "task" | "cell" | "layers" | "hidden" | "residual" | "layerNorm" | "tied" | "tokenizer" | "seed"
  >,
): Promise<StartingPoint> {
  const { init, cell, layers, hidden, residual, layerNorm } = options;
  const given = init === undefined ? undefined : await readModel(init);
  const tokenizer = given?.tokenizer ?? newTokenizer(options.tokenizer, corpus);
  const task = options.task ?? given?.architecture.task ?? "many-to-many";
  const labels = task === "many-to-one" ? labelsToTell(corpus) : [];
  const { tied = isTiedByDefault(options.tokenizer, task) } = options;
  if (given) {
    const text = { what: "The text", model: given.name, cure: "Train from nothing" };
    assertKnown(tokenizer, piecesOf(corpus.train), text);
    assertSameLabels(given, labels);
  } else if (tied && task === "many-to-one") {
    throw new MurmurError(
      "bad-option",
      "A classifier tells labels, which are not read as tokens are, so that nothing can be tied. Leave out --tied.",
    );
  }
  const architecture: Architecture = {
    ...(given?.architecture ?? {
      cell,
      layers,
      hidden,
      residual,
      layerNorm,
      tied,
      embedding: tied ? hidden : Math.min(hidden, embeddingSize),
    }),
    task,
    labels,
  };
  const specs = parameterSpecs(architecture, tokenizer.size);
  const trained = specs.map(({ name, shape }) => {
    const values = given?.weights.get(name);
    return values?.length === size(shape) ? values : undefined;
  });
  const random = new Random(options.seed);
  const weights = specs.map(({ shape, scale, offset }, i) => {
    const initial = Float32Array.from(
      { length: size(shape) },
      (_, j) => (2 * random.next() - 1) * scale + (offset?.(j) ?? 0),
    );
    return trained[i] ?? initial;
  });
  const isAdded = trained.map((values) => given !== undefined && values === undefined);
  return { architecture, tokenizer, weights, isAdded };
}

interface GivenModel extends Pick<StartingPoint, "architecture" | "tokenizer"> {
  readonly name: string;
  readonly weights: Weights;
}

async function readModel(path: string): Promise<GivenModel> {
  const { info, weights } = decodeModelFile(await readModelFile(path), path);
  return { name: path, architecture: info.architecture, tokenizer: tokenizerFrom(info.tokenizer), weights };
}

/** What a classifier learns to tell. @throws MurmurError ("no-text") if there is nothing to tell apart */
function labelsToTell(corpus: Corpus): string[] {
  const labels = labelsOf(corpus.train);
  if (labels.length > 1) return labels;
  throw new MurmurError(
    "no-text",
    `A classifier tells languages apart, by the endings of the files' names, and the files to train on are of ${labels[0] ?? "no known language"} alone. Add files of others.`,
  );
}

function assertSameLabels(
  { name, architecture }: { readonly name: string; readonly architecture: Architecture },
  labels: readonly string[],
): void {
  const own = architecture.labels;
  if (own.length === 0 || labels.length === 0 || own.join() === labels.join()) return;
  throw new MurmurError(
    "bad-option",
    `The model ${name} tells ${own.join(", ")} apart, but the files are of ${labels.join(", ")}. Train on files of the same languages, or from nothing (--init none).`,
  );
}

function newTokenizer(kind: TokenizerKind, { train }: Corpus): Tokenizer {
  return createTokenizer(kind, piecesOf(kind === "word" ? sample(train, mostCounted, 1) : train));
}

function* piecesOf(sources: readonly TextSource[]): Generator<string, void, undefined> {
  for (const source of sources) yield* source.pieces(readAtOnce);
}
