import type { TrainingOptions } from "../../src/training/events.ts";

/** A setting of the trainer that was tried on Tiny Shakespeare. */
export interface Setting {
  readonly name: string;
  readonly options: Partial<TrainingOptions>;
}

const chars = { tokenizer: "char" } as const;
/** Each layer reads what the one below puts out, and nothing else. */
const plain = { residual: false, layerNorm: false } as const;
const wide = { ...chars, layers: 1, hidden: 512 } as const;

/** What was tried, in groups that are compared with one another. */
export const settings = {
  /** The best setting of each cell: these are the ones whose curves are drawn. */
  best: [
    { name: "lstm", options: { ...wide, weightDecay: 0.3 } },
    { name: "gru", options: { ...wide, cell: "gru", weightDecay: 0.3 } },
    { name: "rnn", options: { ...wide, cell: "rnn" } },
  ],
  tokenizers: (["byte", "char", "word"] as const).map((tokenizer) => ({
    name: `tokens are ${tokenizer}s`,
    options: { tokenizer },
  })),
  wordRates: [7e-4, 1.5e-3, 3e-3].map((learningRate) => ({
    name: `tokens are words, rate ${learningRate}`,
    options: { tokenizer: "word" as const, learningRate },
  })),
  /** Each cell's rates around the one that is its default, with plain layers. */
  rates: (["lstm", "gru", "rnn"] as const).flatMap((cell) =>
    [
      { layers: 1, hidden: 256 },
      { layers: 2, hidden: 256 },
      { layers: 1, hidden: 512 },
    ].flatMap((size) =>
      [1e-3, 2e-3, 4e-3, 1e-2, 2e-2].map((learningRate) => ({
        name: `${cell} ${size.hidden}×${size.layers}, rate ${learningRate}`,
        options: { ...chars, cell, ...size, ...plain, learningRate },
      })),
    ),
  ),
  /** What layers read of one another, and how many there are. */
  layers: (["lstm", "gru"] as const).flatMap((cell) =>
    [2, 3].flatMap((layers) =>
      Object.entries({
        "residual, normalised": {},
        residual: { layerNorm: false },
        normalised: { residual: false },
        plain,
      }).map(([name, links]) => ({
        name: `${cell} 256×${layers}, ${name}`,
        options: { ...chars, cell, layers, ...links },
      })),
    ),
  ),
  /** One thing changed at a time. */
  way: [
    { name: "characters: lstm 256×2, residual, normalised", options: chars },
    { name: "characters, weight decay 0.01", options: { ...chars, weightDecay: 0.01 } },
    { name: "characters, weight decay 0.3", options: { ...chars, weightDecay: 0.3 } },
    { name: "characters, dropout 0.1", options: { ...chars, dropout: 0.1 } },
    { name: "characters, batch 32", options: { ...chars, batch: 32 } },
    { name: "characters, windows of 128", options: { ...chars, window: 128 } },
    { name: "characters, half the rate", options: { ...chars, learningRate: 5e-3 } },
    { name: "characters, twice the rate", options: { ...chars, learningRate: 2e-2 } },
    { name: "characters, one layer of 512", options: wide },
    { name: "characters, gru of one layer of 512", options: { ...wide, cell: "gru" } },
    { name: "characters, gru of one layer of 512, not normalised", options: { ...wide, cell: "gru", ...plain } },
  ],
} satisfies Record<string, readonly Setting[]>;
