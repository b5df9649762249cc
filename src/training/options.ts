import { availableParallelism } from "node:os";
import type { TrainingOptions } from "./events.ts";

/** What a run does unless it is told otherwise; the figures behind these values are in ARCHITECTURE.md. */
export const defaultTrainingOptions: Omit<TrainingOptions, "paths" | "out"> = {
  exclude: [],
  cell: "lstm",
  layers: 2,
  hidden: 256,
  tokenizer: "byte",
  minutes: 3,
  heldOut: 0.1,
  dropout: 0,
  seed: 1,
  threads: Math.min(4, availableParallelism()),
  batch: 32,
  window: 64,
  learningRate: 5e-3,
  resume: false,
};
