import { findCycle } from "../../completion/decoding/cycle.ts";
import type { Sampling } from "../../completion/decoding/sampling.ts";
import { type GeneratedCharacter, generateFrom } from "../../completion/generate.ts";
import type { Prediction } from "../../completion/prediction/predictor.ts";
import type { WriteResult, WrittenPiece } from "../playground-protocol.ts";
import { rounded } from "./likely.ts";
import type { Turn } from "./text-reading.ts";

/** One way in which a text goes on, as far as it was wanted. */
interface Way {
  readonly generated: AsyncGenerator<GeneratedCharacter, void, void>;
  readonly pieces: WrittenPiece[];
}

/** How a text goes on, greedily and by sampling, written a little at a time. */
export class Writing {
  readonly #greedy: Way;
  readonly #sampled: Way;

  constructor(prediction: Prediction, sampling: Sampling & { readonly seed: number }) {
    this.#greedy = { generated: generateFrom(prediction, { temperature: 0, seed: sampling.seed }), pieces: [] };
    this.#sampled = { generated: generateFrom(prediction, sampling), pieces: [] };
  }

  /** What is written from one index to another, in both ways. @throws what `turn` throws; what was written by then is kept */
  async between(from: number, to: number, turn: Turn): Promise<WriteResult> {
    for (const way of [this.#greedy, this.#sampled]) await writeUntil(way, to, turn);
    const text = this.#greedy.pieces
      .slice(0, to)
      .map((piece) => piece.text)
      .join("");
    const cycle = findCycle(text);
    return {
      greedy: this.#greedy.pieces.slice(from, to),
      sampled: this.#sampled.pieces.slice(from, to),
      ...(cycle && { cycle }),
    };
  }
}

async function writeUntil({ generated, pieces }: Way, length: number, turn: Turn): Promise<void> {
  while (pieces.length < length) {
    await turn();
    const { value } = await generated.next();
    if (!value) return;
    pieces.push({ text: value.text, probability: rounded(Math.exp(value.logProbability)) });
  }
}
