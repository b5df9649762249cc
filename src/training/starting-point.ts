import { type Corpus, sample } from "../corpus/corpus.ts";
import { readAtOnce, type TextSource } from "../corpus/text-source.ts";
import { MurmurError } from "../errors.ts";
import { size } from "../graph/value.ts";
import { formatNumber, t } from "../l10n.ts";
import type { Architecture } from "../model/info.ts";
import { decodeModelFile, readModelFile, type Weights } from "../model/model-file.ts";
import { parameterSpecs } from "../model/parameters.ts";
import { ReadTexts } from "../model/read-texts.ts";
import { createTokenizer, type Tokenizer, type TokenizerKind, tokenizerFrom } from "../model/tokenizer.ts";
import { assertKnown } from "../model/vocabulary.ts";
import { Random } from "../random.ts";
import { isTiedByDefault, type TrainingOptions } from "./options.ts";
import { labelsOf } from "./tasks/labelled.ts";

/** Width of the embedding vectors. There are few tokens, and wider vectors brought no improvement. */
const embeddingSize = 64;

/** Characters whose words are counted: enough to find the common words, and counted in seconds. */
const mostCounted = 8_000_000;

/** What a run starts from. */
export interface StartingPoint {
  readonly architecture: Architecture;
  readonly tokenizer: Tokenizer;
  /** In the order of parameterSpecs. */
  readonly weights: readonly Float32Array[];
  /** For each array of weights, whether the model to fine-tune lacks it; such parameters learn faster than the trained ones. */
  readonly isAdded: readonly boolean[];
  /** The texts that the model to fine-tune was trained on. */
  readonly readTexts: ReadTexts;
}

/**
 * The model to fine-tune, or a new one with random weights.
 * @throws MurmurError if the model file is damaged ("bad-model") or does not fit the corpus ("bad-option"), or the corpus has fewer than
 * two labels ("no-text")
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
  const labels = task === "many-to-one" ? labelsToPredict(corpus) : [];
  const { tied = isTiedByDefault(options.tokenizer, task) } = options;
  if (given) {
    assertKnown(tokenizer, piecesOf(corpus.train), (count, named) =>
      t(
        "The text has characters that the vocabulary of {0} lacks ({1}), such as {2}. Train a new model, or use a model with another tokenizer (byte, word).",
        given.name,
        formatNumber(count),
        named,
      ),
    );
    assertSameLabels(given, labels);
  } else if (tied && task === "many-to-one") {
    throw new MurmurError(
      "bad-option",
      "A classifier has no embeddings of its labels, so its output layer can't be tied to them. Leave out --tied.",
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
  return { architecture, tokenizer, weights, isAdded, readTexts: given?.readTexts ?? ReadTexts.of([]) };
}

interface GivenModel extends Pick<StartingPoint, "architecture" | "tokenizer" | "readTexts"> {
  readonly name: string;
  readonly weights: Weights;
}

async function readModel(path: string): Promise<GivenModel> {
  const { info, weights } = decodeModelFile(await readModelFile(path), path);
  return {
    name: path,
    architecture: info.architecture,
    tokenizer: tokenizerFrom(info.tokenizer),
    weights,
    readTexts: ReadTexts.from(info.training.texts),
  };
}

/** The labels that a classifier learns to predict. @throws MurmurError ("no-text") if there are fewer than two */
function labelsToPredict(corpus: Corpus): string[] {
  const labels = labelsOf(corpus.train);
  if (labels.length > 1) return labels;
  throw new MurmurError(
    "no-text",
    `A classifier needs files in two languages or more, as their extensions say, but all files to train on are in ${labels[0] ?? "no known language"}. Add files in other languages.`,
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
    `The model ${name} classifies ${own.join(", ")}, but the files are in ${labels.join(", ")}. Train on files in the same languages, or train a new model (--init none).`,
  );
}

function newTokenizer(kind: TokenizerKind, { train }: Corpus): Tokenizer {
  return createTokenizer(kind, piecesOf(kind === "word" ? sample(train, mostCounted, 1) : train));
}

function* piecesOf(sources: readonly TextSource[]): Generator<string, void, undefined> {
  for (const source of sources) yield* source.pieces(readAtOnce);
}
