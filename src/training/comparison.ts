import { type Corpus, charsOf } from "../corpus/corpus.ts";
import { type CorpusOptions, loadCorpus } from "../corpus/load-corpus.ts";
import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import { decodeModelFile, readModelFile } from "../model/model-file.ts";
import { ReadTexts } from "../model/read-texts.ts";
import { tokenizerFrom } from "../model/tokenizer.ts";
import type { WholeHeldOut } from "./events.ts";
import { canBeMixed, heldOutTexts, measureAll } from "./held-out.ts";
import { backgroundOptions, defaultTrainingOptions } from "./options.ts";

/** What models are compared on. */
export interface ComparisonOptions extends Pick<CorpusOptions, "paths" | "exclude" | "only"> {
  /** The paths of the models' files. */
  readonly models: readonly string[];
}

export type ComparisonEvent =
  | {
      readonly kind: "started";
      readonly files: number;
      readonly chars: number;
      /** Whether a model may have been trained on some of the text. */
      readonly mayBeKnown: boolean;
    }
  /** What the next model gives; undefined: it can't be mixed with a local model. In the order of the paths. */
  | { readonly kind: "measured"; readonly heldOut: WholeHeldOut | undefined };

/** Fewer characters say little about a model. */
const leastChars = 2000;

/** As much is measured as before and after a run of so many minutes. */
const minutes = 3;

/**
 * Measures models as they are used, on text of the workspace that training holds out: each is mixed with a local model that has read the
 * rest. Texts that one of them was trained on are left out, as far as their files say.
 * @throws MurmurError ("no-text") if there is too little text; ("not-found", "bad-model")
 */
export async function* compareModels({ models, ...options }: ComparisonOptions): AsyncGenerator<ComparisonEvent> {
  const compared = await Promise.all(models.map(modelAt));
  const mixable = compared.find(({ isMixable }) => isMixable);
  if (!mixable)
    throw new MurmurError(
      "bad-model",
      t("None of these models reads bytes, so they can't be compared. Choose others."),
    );
  const corpus = await loadCorpus({ ...options, heldOut: defaultTrainingOptions.heldOut });
  if (charsOf(corpus.heldOut) === 0)
    throw new MurmurError("no-text", t("There is too little text in the workspace to compare models on. Add files."));
  const known = compared.map(({ known }) => known);
  const { unknown, mayBeKnown } = withoutKnown(corpus, known);
  const evaluation = { ...defaultTrainingOptions, ...backgroundOptions };
  const texts = await heldOutTexts(unknown, mixable, { ...evaluation, minutes });
  yield { kind: "started", files: texts.files, chars: texts.chars, mayBeKnown };
  for (const { bytes, isMixable } of compared) {
    yield { kind: "measured", heldOut: isMixable ? await measureAll(bytes, texts, evaluation) : undefined };
  }
}

/** @throws MurmurError ("not-found", "bad-model") */
async function modelAt(path: string) {
  const bytes = await readModelFile(path);
  const { architecture, tokenizer: stored, training } = decodeModelFile(bytes, path).info;
  const tokenizer = tokenizerFrom(stored);
  const known = ReadTexts.from(training.texts);
  return { bytes, architecture, tokenizer, known, isMixable: canBeMixed(architecture, tokenizer) };
}

/** The corpus without the held-out texts that a model was trained on, unless too little is left. */
function withoutKnown(
  corpus: Corpus,
  known: readonly ReadTexts[],
): { readonly unknown: Corpus; readonly mayBeKnown: boolean } {
  const heldOut = corpus.heldOut.filter(({ sketch }) => !known.some((texts) => texts.hasMostOf(sketch)));
  const isEnough = charsOf(heldOut) >= Math.min(leastChars, charsOf(corpus.heldOut));
  return { unknown: isEnough ? { ...corpus, heldOut } : corpus, mayBeKnown: !isEnough };
}
