import type { TrainingOptions } from "../../src/training/events.ts";

/** A setting of the trainer that was tried on Tiny Shakespeare. */
export interface Setting {
  readonly name: string;
  readonly options: Partial<TrainingOptions>;
}

const chars = { tokenizer: "char" } as const;

/** The best setting of each cell comes first: these are the ones whose curves are drawn. */
export const best: readonly Setting[] = [
  { name: "lstm", options: { ...chars, layers: 1, hidden: 512, weightDecay: 0.3 } },
  { name: "gru", options: { ...chars, cell: "gru", layers: 1, hidden: 512, weightDecay: 0.3 } },
  { name: "rnn", options: { ...chars, cell: "rnn", layers: 1, hidden: 512, weightDecay: 0.1 } },
];

/** What was tried on the way to them, one thing changed at a time. */
export const settings: readonly Setting[] = [
  ...best,
  { name: "the defaults: lstm 256×2, bytes", options: {} },
  { name: "characters", options: chars },
  { name: "words", options: { tokenizer: "word" } },
  { name: "characters, weight decay 0.01", options: { ...chars, weightDecay: 0.01 } },
  { name: "characters, weight decay 0.3", options: { ...chars, weightDecay: 0.3 } },
  { name: "characters, dropout 0.2", options: { ...chars, dropout: 0.2 } },
  { name: "characters, one layer of 512", options: { ...chars, layers: 1, hidden: 512 } },
  { name: "characters, batch 32", options: { ...chars, batch: 32 } },
  { name: "characters, windows of 128", options: { ...chars, window: 128 } },
  { name: "characters, rate 0.005", options: { ...chars, learningRate: 5e-3 } },
  { name: "characters, 512×2, weight decay 0.3", options: { ...chars, hidden: 512, weightDecay: 0.3 } },
];
