import type { TrainingOptions } from "../../src/training/events.ts";

/** A setting of the trainer that was tried on Tiny Shakespeare. */
export interface Setting {
  readonly name: string;
  readonly options: Partial<TrainingOptions>;
}

/** What was searched with before batches of 32 were found to learn more. */
const chars = { tokenizer: "char", batch: 16 } as const;
/** Each layer reads what the one below puts out, and nothing else. */
const plain = { residual: false, layerNorm: false } as const;
const wide = { ...chars, layers: 1, hidden: 512 } as const;

/** What was tried, in groups that are compared with one another. */
export const settings = {
  /** The best setting of each cell with plain layers: these are the ones whose curves are drawn. */
  best: [
    { name: "lstm", options: { ...wide, ...plain, weightDecay: 0.3 } },
    { name: "gru", options: { ...wide, ...plain, cell: "gru", weightDecay: 0.3 } },
    { name: "rnn", options: { ...wide, ...plain, cell: "rnn" } },
  ],
  /** The same in time with residual and normalised layers, and more side by side. */
  normalised: [
    { name: "lstm 256×2, normalised, batch 32", options: { tokenizer: "char" } },
    {
      name: "gru 512×1, normalised, batch 32",
      options: { tokenizer: "char", cell: "gru", layers: 1, hidden: 512, weightDecay: 0.3 },
    },
  ],
  tokenizers: (["byte", "char", "word"] as const).map((tokenizer) => ({
    name: `tokens are ${tokenizer}s`,
    options: { tokenizer },
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
    { name: "nothing", options: chars },
    { name: "batch 32", options: { ...chars, batch: 32 } },
    { name: "batch 32, dropout 0.1", options: { ...chars, batch: 32, dropout: 0.1 } },
    { name: "batch 32, twice the rate", options: { ...chars, batch: 32, learningRate: 2e-2 } },
    { name: "batch 64", options: { ...chars, batch: 64 } },
    { name: "batch 64, twice the rate", options: { ...chars, batch: 64, learningRate: 2e-2 } },
    { name: "half the rate", options: { ...chars, learningRate: 5e-3 } },
    { name: "twice the rate", options: { ...chars, learningRate: 2e-2 } },
    { name: "weight decay 0.01", options: { ...chars, weightDecay: 0.01 } },
    { name: "weight decay 0.3", options: { ...chars, weightDecay: 0.3 } },
    { name: "windows of 128", options: { ...chars, window: 128 } },
    { name: "gru 256×2, batch 16", options: { ...chars, cell: "gru" } },
    { name: "gru 256×2, batch 32", options: { ...chars, cell: "gru", batch: 32 } },
    { name: "gru 256×2, batch 32, twice the rate", options: { ...chars, cell: "gru", batch: 32, learningRate: 1e-2 } },
    { name: "gru 512×1, batch 16", options: { ...wide, cell: "gru" } },
    { name: "gru 512×1, batch 16, not normalised", options: { ...wide, cell: "gru", ...plain } },
  ],
} satisfies Record<string, readonly Setting[]>;
