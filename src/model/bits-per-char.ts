import type { LanguageModel, State } from "./language-model.ts";
import { startToken, type Tokens } from "./tokenizer.ts";

/** What a text costs, coded with a model's predictions. */
export interface Cost {
  readonly chars: number;
  readonly bits: number;
}

/** Texts that are read side by side, and characters of each that are read at once: enough to fill the machine. */
const lanes = 32;
const chunk = 128;

/**
 * The cost of each text from its first character on, Σ −log2 p(next token); texts do not learn from one another.
 * @throws the signal's reason if it is aborted
 */
export async function costs(model: LanguageModel, texts: readonly string[], signal?: AbortSignal): Promise<Cost[]> {
  const sequences = texts.map((text) => withStart(model.tokenizer.encode(text)));
  const bits = texts.map(() => 0);
  const width = Math.min(lanes, texts.length);
  // Longest first, so that lanes end at about the same time.
  const queue = sequences.map((_, i) => i).sort((a, b) => lengthOf(sequences, b) - lengthOf(sequences, a));
  const active: (Lane | undefined)[] = Array.from({ length: width }, () => undefined);
  let state = model.start(Math.max(width, 1));
  for (;;) {
    signal?.throwIfAborted();
    for (let lane = 0; lane < width; lane++) {
      const current = active[lane];
      if (current && current.position < lengthOf(sequences, current.text) - 1) continue;
      active[lane] = nextLane(queue, sequences);
      state = resetLane(state, lane);
    }
    if (active.every((lane) => lane === undefined)) break;
    const longest = Math.max(...active.map((lane) => (lane ? lengthOf(sequences, lane.text) - 1 - lane.position : 0)));
    const time = Math.min(chunk, longest);
    const tokens = new Int32Array(time * width);
    active.forEach((lane, column) => {
      for (let t = 0; lane && t < time; t++)
        tokens[t * width + column] = sequences[lane.text]?.[lane.position + t] ?? 0;
    });
    const reading = await model.read(state, tokens);
    state = reading.state;
    active.forEach((lane, column) => {
      if (!lane) return;
      const sequence = sequences[lane.text] ?? new Int32Array();
      const end = Math.min(time, sequence.length - 1 - lane.position);
      let nats = 0;
      for (let t = 0; t < end; t++) {
        nats += surprise(
          reading.logits,
          (t * width + column) * model.tokenizer.size,
          model.tokenizer.size,
          sequence[lane.position + t + 1] ?? 0,
        );
      }
      bits[lane.text] = (bits[lane.text] ?? 0) + nats / Math.LN2;
      lane.position += time;
    });
  }
  return texts.map((text, i) => ({ chars: text.length, bits: bits[i] ?? 0 }));
}

/** The mean over all characters of some texts, in bits per character. */
export function bitsPerChar(costs: readonly Cost[]): number {
  const chars = costs.reduce((sum, cost) => sum + cost.chars, 0);
  return costs.reduce((sum, cost) => sum + cost.bits, 0) / Math.max(1, chars);
}

interface Lane {
  readonly text: number;
  /** Of the next token to read. */
  position: number;
}

function nextLane(queue: number[], sequences: readonly Tokens[]): Lane | undefined {
  for (;;) {
    const text = queue.shift();
    if (text === undefined) return undefined;
    if (lengthOf(sequences, text) > 1) return { text, position: 0 };
  }
}

function lengthOf(sequences: readonly Tokens[], text: number): number {
  return sequences[text]?.length ?? 0;
}

/** A text's tokens behind the start token. */
export function withStart(tokens: Tokens): Tokens {
  const all = new Int32Array(tokens.length + 1);
  all[0] = startToken;
  all.set(tokens, 1);
  return all;
}

/** −ln softmax(logits)[target], in nats, of the row that starts at `offset`. */
export function surprise(logits: Float32Array, offset: number, size: number, target: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) max = Math.max(max, logits[offset + i] ?? 0);
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.exp((logits[offset + i] ?? 0) - max);
  return Math.log(sum) + max - (logits[offset + target] ?? 0);
}

/** Zeros in one lane of a state, in place: the state is this module's own. */
function resetLane(state: State, lane: number): State {
  for (const tensor of state) {
    const [layers = 0, batch = 0, hidden = 0] = tensor.dims;
    const data = tensor.data as Float32Array;
    for (let layer = 0; layer < layers; layer++) {
      const start = (layer * batch + lane) * hidden;
      data.fill(0, start, start + hidden);
    }
  }
  return state;
}
