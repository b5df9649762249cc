import { charsOf } from "../../corpus/corpus.ts";
import { type TextSource, textOf } from "../../corpus/text-source.ts";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";
import { contextOf } from "../../model/condition.ts";
import { type Example, textExample } from "../../model/example.ts";
import type { Architecture } from "../../model/info.ts";
import type { Tokenizer } from "../../model/tokenizer.ts";
import { Random } from "../../random.ts";
import type { LaneSource } from "../lanes.ts";
import { gapExamples } from "./gaps.ts";
import { labelledExamples } from "./labelled.ts";
import { sideBySide } from "./side-by-side.ts";
import { textExamples } from "./texts.ts";

/** Longest piece of a text that a lane reads, in characters. Pieces are shorter where a condition enters with each, so that it is trained often. */
const longestPiece = { "many-to-many": 1 << 14, "one-to-many": 1 << 10 };

export interface LaneOptions {
  readonly seed: number;
  readonly batch: number;
  readonly window: number;
}

/** What a network with the task reads in training, in an order that depends on seed, batch size and epoch alone. */
export function laneSourceOf(
  { task, labels }: Pick<Architecture, "task" | "labels">,
  sources: readonly TextSource[],
  tokenizer: Tokenizer,
  { seed, batch, window }: LaneOptions,
): LaneSource {
  // So that even with few large files every lane reads a text of its own.
  const share = Math.ceil(charsOf(sources) / batch);
  return {
    carries: task === "many-to-many",
    *examplesOf(epoch) {
      const random = new Random(seed + epoch);
      if (task === "many-to-one") {
        yield* labelledExamples(sources, tokenizer, labels, { random, least: 1 });
        return;
      }
      const begin = (source: TextSource): Iterable<Example> =>
        task === "sequence-to-sequence"
          ? gapExamples(source, tokenizer, { random, window, onlyGap: false })
          : textExamples(source, tokenizer, {
              length: Math.min(longestPiece[task], share),
              withContext: task === "one-to-many",
            });
      yield* sideBySide(random.shuffle([...sources]), begin, task === "many-to-many" ? 1 : batch);
    },
  };
}

/**
 * The examples that a network with the task is evaluated on; they are the same for all networks with that task.
 * @throws MurmurError ("no-text") if there are none
 */
export function measuredExamples(
  architecture: Pick<Architecture, "task" | "labels">,
  texts: readonly TextSource[],
  tokenizer: Tokenizer,
  window: number,
): Example[] {
  const examples = examplesOf(architecture, texts, tokenizer, window).filter(({ tokens }) => tokens.length > 0);
  if (examples.length > 0) return examples;
  throw new MurmurError("no-text", noExamples(architecture));
}

function noExamples({ task, labels }: Pick<Architecture, "task" | "labels">): string {
  switch (task) {
    case "many-to-many":
    case "one-to-many":
      return t("The held-out text is empty. Hold out more, or other files.");
    case "many-to-one":
      return t(
        "The held-out text has no file in one of the languages to classify ({0}). Hold out more, or other files.",
        labels.join(", "),
      );
    case "sequence-to-sequence":
      return t(
        "The held-out text has no line, or end of a line, that is short enough to be a gap. Hold out more, or other files.",
      );
  }
}

function examplesOf(
  { task, labels }: Pick<Architecture, "task" | "labels">,
  texts: readonly TextSource[],
  tokenizer: Tokenizer,
  window: number,
): Example[] {
  const random = new Random(measuringSeed);
  switch (task) {
    case "many-to-many":
    case "one-to-many":
      return texts.map((source) => ({
        ...textExample(tokenizer, textOf(source)),
        ...(task === "one-to-many" && { condition: { at: 0, tokens: contextOf(source.name) } }),
      }));
    case "many-to-one":
      return [...labelledExamples(texts, tokenizer, labels, { random, least: leastMeasured })];
    case "sequence-to-sequence":
      return texts.flatMap((source) => [...gapExamples(source, tokenizer, { random, window, onlyGap: true })]);
  }
}

const measuringSeed = 1;
/** Least number of pieces for each label. */
const leastMeasured = 20;
