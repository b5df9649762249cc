import { sample, sampleOfEach } from "../corpus/corpus.ts";
import { partOf, type TextSource } from "../corpus/text-source.ts";
import { languageOfName } from "../languages.ts";
import { bitsPerChar, exampleCosts } from "../model/bits-per-char.ts";
import type { Example } from "../model/example.ts";
import { LanguageModel } from "../model/language-model.ts";
import type { HeldOut } from "./events.ts";
import type { TrainingOptions } from "./options.ts";
import type { StartingPoint } from "./starting-point.ts";
import { measuredExamples } from "./tasks/examples.ts";

/** Most characters of the held-out text that a run is evaluated on before its first step and after its last. */
const heldOutLimit = 160_000;
/** The same for evaluations in between, which take time from training. */
const sampleLimit = 40_000;
/** The sample is cut into parts of this many characters, which are read side by side: a single long text would occupy one lane alone. */
const samplePart = 4000;

/** What the models of a run are evaluated on. */
export interface HeldOutExamples {
  readonly files: number;
  /** Before and after the run. */
  readonly all: readonly Example[];
  /** Within it. */
  readonly sample: readonly Example[];
}

/** @throws MurmurError ("no-text") if nothing in the texts can be evaluated */
export function heldOutExamples(
  sources: readonly TextSource[],
  { architecture, tokenizer }: Pick<StartingPoint, "architecture" | "tokenizer">,
  window: number,
): HeldOutExamples {
  const { task } = architecture;
  const sampleOf = (limit: number): TextSource[] =>
    task === "many-to-one" ? sampleOfEach(sources, ({ name }) => languageOfName(name), limit) : sample(sources, limit);
  const examplesOf = (texts: readonly TextSource[]): Example[] =>
    measuredExamples(architecture, texts, tokenizer, window);
  const all = sampleOf(heldOutLimit);
  const part = sampleOf(sampleLimit);
  return {
    files: all.length,
    all: examplesOf(all),
    sample: examplesOf(task === "many-to-many" ? part.flatMap(inParts) : part),
  };
}

/** Evaluates the model of a file. */
export async function measure(
  file: Uint8Array,
  examples: readonly Example[],
  options: Pick<TrainingOptions, "threads" | "busyWait">,
): Promise<HeldOut> {
  const model = await LanguageModel.loadAny(file, options);
  try {
    const costs = await exampleCosts(model, examples);
    return { chars: costs.reduce((sum, cost) => sum + cost.chars, 0), bitsPerChar: bitsPerChar(costs) };
  } finally {
    await model.release();
  }
}

function inParts(source: TextSource): TextSource[] {
  return Array.from({ length: Math.ceil(source.chars / samplePart) }, (_, i) =>
    partOf(source, i * samplePart, Math.min(source.chars, (i + 1) * samplePart)),
  );
}
