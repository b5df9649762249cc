import assert from "node:assert/strict";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import type { TrainingEvent, TrainingResult } from "../../src/training/events.ts";
import { defaultTrainingOptions, type TrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";

export const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);
export const corpus = splitCorpus([textSource("a.js", text)], 0.1);
export const never = new AbortController().signal;

/** A network that takes a thousand steps in a second. */
export const small: Omit<TrainingOptions, "paths" | "out"> & { readonly batch: number } = {
  ...defaultTrainingOptions,
  minutes: undefined,
  hidden: 24,
  layers: 2,
  batch: 4,
  window: 16,
  threads: 1,
  learningRate: 0.01,
  bestBy: "network",
};

/** The events of a run on the corpus, up to the one at which `stop` ends it, as a kill does. */
export async function run(
  options: Omit<TrainingOptions, "paths">,
  stop?: (event: TrainingEvent) => boolean,
  on = corpus,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(on, options, never)) {
    events.push(event);
    if (stop?.(event)) break;
  }
  return events;
}

export function resultOf(events: readonly TrainingEvent[]): TrainingResult {
  const last = events.at(-1);
  assert.ok(last?.kind === "done");
  return last.result;
}
