import { contextOf } from "../../model/condition.ts";
import { type Example, textExample } from "../../model/example.ts";
import type { Architecture } from "../../model/info.ts";
import type { Tokenizer } from "../../model/tokenizer.ts";
import { Random } from "../../random.ts";
import { charsOf } from "../corpus.ts";
import type { Reading } from "../lanes.ts";
import { type TextSource, textOf } from "../text-source.ts";
import { gapExamples } from "./gaps.ts";
import { labelledExamples } from "./labelled.ts";
import { textExamples } from "./texts.ts";

/** Most characters of a text that one lane reads at a stretch. */
const longestPiece = 1 << 16;

export interface ReadingOptions {
  readonly seed: number;
  readonly batch: number;
  readonly window: number;
}

/** What a network of the architecture's shape reads to learn, in an order that seed and epoch decide. */
export function readingOf(
  { shape, labels }: Pick<Architecture, "shape" | "labels">,
  sources: readonly TextSource[],
  tokenizer: Tokenizer,
  { seed, batch, window }: ReadingOptions,
): Reading {
  // So that of few and large files every lane has something of its own to read.
  const length = Math.min(longestPiece, Math.ceil(charsOf(sources) / batch));
  return {
    carries: shape === "many-to-many",
    *examplesOf(epoch) {
      const random = new Random(seed + epoch);
      if (shape === "many-to-one") {
        yield* labelledExamples(sources, tokenizer, labels, random);
        return;
      }
      for (const source of random.shuffle([...sources])) {
        if (shape === "sequence-to-sequence") yield* gapExamples(source, tokenizer, { random, window, onlyGap: false });
        else yield* textExamples(source, tokenizer, { length, withContext: shape === "one-to-many" });
      }
    },
  };
}

/** Texts as a network of the shape is measured with them; they are the same for all networks of the shape. */
export function measuredExamples(
  { shape, labels }: Pick<Architecture, "shape" | "labels">,
  texts: readonly TextSource[],
  tokenizer: Tokenizer,
  window: number,
): Example[] {
  const random = new Random(measuringSeed);
  switch (shape) {
    case "many-to-many":
    case "one-to-many":
      return texts.map((source) => ({
        ...textExample(tokenizer, textOf(source)),
        ...(shape === "one-to-many" && { condition: { at: 0, tokens: contextOf(source.name) } }),
      }));
    case "many-to-one":
      return [...labelledExamples(texts, tokenizer, labels, random)];
    case "sequence-to-sequence":
      return texts.flatMap((source) => [...gapExamples(source, tokenizer, { random, window, onlyGap: true })]);
  }
}

const measuringSeed = 1;
