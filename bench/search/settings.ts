import type { TrainingOptions } from "../../src/training/options.ts";

/** A setting of the trainer that was tried on Tiny Shakespeare. */
export interface Setting {
  readonly name: string;
  readonly options: Partial<TrainingOptions>;
}

const chars = { tokenizer: "char" } as const;
/** What was searched with before residual and normalised layers, and batches of 32, were found to learn more. */
const plain = { ...chars, batch: 16, residual: false, layerNorm: false } as const;
const wide = { layers: 1, hidden: 512 } as const;

/** What was tried, in groups that are compared with one another. */
export const settings = {
  /** The best setting of each cell in five minutes: these are the ones whose curves are drawn. */
  best: [
    { name: "lstm", options: chars },
    { name: "gru", options: { ...chars, ...wide, cell: "gru", weightDecay: 0.3 } },
    { name: "rnn", options: { ...chars, ...wide, cell: "rnn" } },
  ],
  /** For half an hour, in which some thirty readings are too many without dropout. */
  long: [{ name: "lstm, dropout 0.15", options: { ...chars, dropout: 0.15 } }],
  /** The best of plain layers in five minutes; of these the gru was run for half an hour too. */
  plain: [
    { name: "plain lstm", options: { ...plain, ...wide, weightDecay: 0.3 } },
    { name: "plain gru", options: { ...plain, ...wide, cell: "gru", weightDecay: 0.3 } },
    { name: "plain rnn", options: { ...plain, ...wide, cell: "rnn" } },
  ],
  /** What a token is, and whether the embeddings are tied. */
  tokenizers: (["byte", "char", "word"] as const).flatMap((tokenizer) =>
    [false, true].map((tied) => ({
      name: `tokens are ${tokenizer}s, ${tied ? "tied" : "not tied"}`,
      options: { tokenizer, tied },
    })),
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
        options: { ...chars, batch: 16, cell, layers, ...links },
      })),
    ),
  ),
  /** One thing changed at a time. */
  way: [
    { name: "nothing", options: chars },
    { name: "half the rate", options: { ...chars, learningRate: 5e-3 } },
    { name: "twice the rate", options: { ...chars, learningRate: 2e-2 } },
    { name: "weight decay 0.03", options: { ...chars, weightDecay: 0.03 } },
    { name: "weight decay 0.3", options: { ...chars, weightDecay: 0.3 } },
    { name: "dropout 0.1", options: { ...chars, dropout: 0.1 } },
    { name: "windows of 128", options: { ...chars, window: 128 } },
    { name: "batch 16", options: { ...chars, batch: 16 } },
    { name: "batch 64", options: { ...chars, batch: 64 } },
    { name: "batch 64, twice the rate", options: { ...chars, batch: 64, learningRate: 2e-2 } },
    { name: "gru 256×2", options: { ...chars, cell: "gru" } },
    { name: "gru 256×2, twice the rate", options: { ...chars, cell: "gru", learningRate: 1e-2 } },
    { name: "gru 256×2, batch 16", options: { ...chars, cell: "gru", batch: 16 } },
    { name: "rnn 256×2", options: { ...chars, cell: "rnn" } },
    { name: "rnn 256×2, half the rate", options: { ...chars, cell: "rnn", learningRate: 2.5e-3 } },
    { name: "rnn 256×2, twice the rate", options: { ...chars, cell: "rnn", learningRate: 1e-2 } },
  ],
  /** Rates of words, whose embeddings are tied. */
  wordRates: (["lstm", "gru"] as const).flatMap((cell) =>
    [1.5e-3, 3e-3, 6e-3].map((learningRate) => ({
      name: `${cell} 256×2, words, rate ${learningRate}`,
      options: { tokenizer: "word" as const, cell, learningRate },
    })),
  ),
  /** Each cell's rates around the one that is its default, with plain layers. */
  plainRates: (["lstm", "gru", "rnn"] as const).flatMap((cell) =>
    [
      { layers: 1, hidden: 256 },
      { layers: 2, hidden: 256 },
      { layers: 1, hidden: 512 },
    ].flatMap((size) =>
      [1e-3, 2e-3, 4e-3, 1e-2, 2e-2].map((learningRate) => ({
        name: `plain ${cell} ${size.hidden}×${size.layers}, rate ${learningRate}`,
        options: { ...plain, cell, ...size, learningRate },
      })),
    ),
  ),
} satisfies Record<string, readonly Setting[]>;
