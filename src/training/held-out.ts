import { type Corpus, charsOf, sample, sampleOfEach, upTo } from "../corpus/corpus.ts";
import { partOf, readAtOnce, type TextFile, type TextSource, textFile } from "../corpus/text-source.ts";
import { type Sample, samplesOf } from "../evaluation/samples.ts";
import { WholeMeasure } from "../evaluation/whole.ts";
import { languageOfName } from "../languages.ts";
import { bitsPerChar, exampleCosts } from "../model/bits-per-char.ts";
import type { Example } from "../model/example.ts";
import type { Architecture } from "../model/info.ts";
import { LanguageModel, type LoadOptions } from "../model/language-model.ts";
import type { Tokenizer } from "../model/tokenizer.ts";
import type { HeldOut, WholeHeldOut } from "./events.ts";
import type { TrainingOptions } from "./options.ts";
import type { StartingPoint } from "./starting-point.ts";
import { measuredExamples } from "./tasks/examples.ts";

/** Most characters of the held-out text that a network alone is evaluated on before the first step of a run and after its last. */
const heldOutLimit = 160_000;
/** The same for evaluations in between, which take time from training. */
const sampleLimit = 40_000;
/** The sample is cut into parts of this many characters, which are read side by side: a single long text would occupy one lane alone. */
const samplePart = 4000;

/** Measuring what a user gets takes about a tenth of a run. A run of this many minutes, or of more, measures as many characters as below. */
const minutesForAll = 3;
/** A shorter run measures fewer, and not fewer than this share of them. */
const leastShare = 0.1;
/** Characters that are predicted by network and local model together, before and after the run, and each time in between. */
const mixedLimits = { all: 16_000, sample: 6_000 } as const;
/** Characters that are typed, before and after the run. */
const typedLimit = 3_600;
/** The share of what is rehearsed in use: half has nearly all of the effect, in half of the time. */
const rehearsedShare = 0.5;
/** The fewest characters of a text that are worth predicting or typing. */
const leastPredicted = 800;
/** Characters of the training text that the local model reads at most: as much as it remembers in use. */
const mostGiven = 4_000_000;

/** What the models of a run are evaluated on. */
export type HeldOutTexts = { readonly files: number; readonly chars: number } & (AloneTexts | WholeTexts);

/** For networks that are evaluated alone: by themselves, or because they can't be mixed with a local model. */
interface AloneTexts {
  readonly kind: "alone";
  /** Before and after the run. */
  readonly all: readonly Example[];
  /** Within it. */
  readonly sample: readonly Example[];
}

/** For networks that are evaluated as they are used. */
interface WholeTexts {
  readonly kind: "whole";
  readonly measure: WholeMeasure;
  readonly all: readonly TextFile[];
  readonly sample: readonly TextFile[];
  readonly typed: readonly TextFile[];
}

/**
 * @param minutes roughly how long the run takes
 * @throws MurmurError ("no-text") if nothing in the texts can be evaluated
 */
export async function heldOutTexts(
  corpus: Corpus,
  { architecture, tokenizer }: Pick<StartingPoint, "architecture" | "tokenizer">,
  { window, bestBy, minutes }: Pick<TrainingOptions, "window" | "bestBy"> & { readonly minutes: number },
): Promise<HeldOutTexts> {
  if (bestBy === "mixed" && canBeMixed(architecture, tokenizer)) return await wholeTexts(corpus, minutes);
  const { task } = architecture;
  const sources = corpus.heldOut;
  const sampleOf = (limit: number): TextSource[] =>
    task === "many-to-one" ? sampleOfEach(sources, ({ name }) => languageOfName(name), limit) : sample(sources, limit);
  const examplesOf = (texts: readonly TextSource[]): Example[] =>
    measuredExamples(architecture, texts, tokenizer, window);
  const all = sampleOf(heldOutLimit);
  const part = sampleOf(sampleLimit);
  const examples = examplesOf(all);
  return {
    kind: "alone",
    files: all.length,
    chars: examples.reduce((sum, { chars }) => sum + chars, 0),
    all: examples,
    sample: examplesOf(task === "many-to-many" ? part.flatMap(inParts) : part),
  };
}

/** Only predictions of the next byte can be mixed with those of the local model. */
export function canBeMixed({ task }: Pick<Architecture, "task">, { stored }: Pick<Tokenizer, "stored">): boolean {
  return task === "many-to-many" && stored.kind === "byte";
}

async function wholeTexts({ train, heldOut }: Corpus, minutes: number): Promise<HeldOutTexts> {
  const given = upTo(train, mostGiven);
  const share = Math.min(1, Math.max(leastShare, minutes / minutesForAll));
  const textsOf = (limit: number): TextFile[] => sample(heldOut, share * limit, leastPredicted).map(textFile);
  const all = textsOf(mixedLimits.all);
  const chars = all.reduce((sum, { text }) => sum + text.length, 0);
  const measure = await WholeMeasure.read(
    given.map((source) => ({ name: source.name, chars: source.chars, pieces: source.pieces(readAtOnce) })),
    { chars: charsOf(given) + chars, rehearsed: share * rehearsedShare },
  );
  return {
    kind: "whole",
    files: all.length,
    chars,
    measure,
    all,
    sample: textsOf(mixedLimits.sample),
    typed: textsOf(typedLimit),
  };
}

/** Evaluates the model of a file on the sample. */
export function measureSample(file: Uint8Array, texts: HeldOutTexts, options: EvaluationOptions): Promise<HeldOut> {
  return texts.kind === "alone"
    ? networkAlone(file, texts.sample, options)
    : withModel(file, asUsed, (model) => texts.measure.bits(model, texts.sample));
}

/** Evaluates the model of a file on all held-out examples, and on what a user gets from it. */
export function measureAll(file: Uint8Array, texts: HeldOutTexts, options: EvaluationOptions): Promise<WholeHeldOut> {
  if (texts.kind === "alone") return networkAlone(file, texts.all, options);
  return withModel(file, asUsed, async (model) => {
    const bits = await texts.measure.bits(model, texts.all);
    return { ...bits, ...(await texts.measure.typing(model, texts.typed)) };
  });
}

/** What the model of a file writes at the beginning of a file. */
export function writtenByModel(file: Uint8Array): Promise<Sample[]> {
  return withModel(file, asUsed, samplesOf);
}

type EvaluationOptions = Pick<TrainingOptions, "threads" | "busyWait">;

/** As networks run in the editor. */
const asUsed: LoadOptions = { precision: "int8" };

async function withModel<Result>(
  file: Uint8Array,
  options: LoadOptions,
  use: (model: LanguageModel) => Promise<Result>,
): Promise<Result> {
  const model = await LanguageModel.loadAny(file, { ...options, mayDiverge: true });
  try {
    return await use(model);
  } finally {
    await model.release();
  }
}

async function networkAlone(
  file: Uint8Array,
  examples: readonly Example[],
  { threads, busyWait }: EvaluationOptions,
): Promise<HeldOut> {
  const costs = await withModel(file, { threads, busyWait }, (model) => exampleCosts(model, examples));
  return { chars: costs.reduce((sum, cost) => sum + cost.chars, 0), bitsPerChar: bitsPerChar(costs) };
}

function inParts(source: TextSource): TextSource[] {
  return Array.from({ length: Math.ceil(source.chars / samplePart) }, (_, i) =>
    partOf(source, i * samplePart, Math.min(source.chars, (i + 1) * samplePart)),
  );
}
