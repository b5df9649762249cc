import { type Example, textExample } from "./example.ts";
import type { LanguageModel, State } from "./language-model.ts";
import { startToken, type Tokens } from "./tokenizer.ts";

/** What a text costs if it is coded with the predictions of a model. */
export interface Cost {
  readonly chars: number;
  readonly bits: number;
}

/** Examples that are read side by side, and tokens of each that are read at once: enough to keep the machine busy. */
const lanes = 32;
const chunk = 64;
/** Most logits of all lanes that are in memory at once: 4 MB. This matters for vocabularies of thousands of tokens. */
const mostLogits = 1 << 20;

/**
 * The cost of each text from its first character on, Σ −log2 p(next token). Each text starts from the zero state.
 * @throws the signal's reason if it is aborted
 */
export function costs(model: LanguageModel, texts: readonly string[], signal?: AbortSignal): Promise<Cost[]> {
  return exampleCosts(
    model,
    texts.map((text) => textExample(model.tokenizer, text)),
    signal,
  );
}

/**
 * The cost of each example's targets that count, Σ −log2 p(target).
 * @throws the signal's reason if it is aborted
 */
export async function exampleCosts(
  model: LanguageModel,
  examples: readonly Example[],
  signal?: AbortSignal,
): Promise<Cost[]> {
  const bits = examples.map(() => 0);
  const width = Math.min(lanes, examples.length);
  const most = Math.max(1, Math.min(chunk, Math.floor(mostLogits / (width * model.outputs))));
  // Longest first, so that lanes end at about the same time.
  const queue = examples.map((_, i) => i).sort((a, b) => lengthOf(examples[b]) - lengthOf(examples[a]));
  const active: (Lane | undefined)[] = Array.from({ length: width }, () => undefined);
  let state = model.start(Math.max(width, 1));
  for (;;) {
    signal?.throwIfAborted();
    for (let lane = 0; lane < width; lane++) {
      const current = active[lane];
      if (current && current.position < lengthOf(current.example)) continue;
      active[lane] = nextLane(queue, examples);
      resetLane(state, lane);
    }
    for (const [lane, current] of active.entries()) {
      const condition = current?.example.condition;
      if (condition && condition.at === current.position)
        addToLane(state, lane, await model.entering(condition.tokens));
    }
    const running = active.filter((lane) => lane !== undefined);
    if (running.length === 0) break;
    const time = Math.min(most, ...running.map(untilCondition), Math.max(...running.map(left)));
    const tokens = new Int32Array(time * width);
    active.forEach((lane, column) => {
      for (let t = 0; lane && t < time; t++) tokens[t * width + column] = lane.example.tokens[lane.position + t] ?? 0;
    });
    const reading = await model.read(state, tokens);
    state = reading.state;
    const size = model.outputs;
    active.forEach((lane, column) => {
      if (!lane) return;
      const { example, position } = lane;
      const end = Math.min(time, left(lane));
      let nats = 0;
      for (let t = Math.max(0, example.from - position); t < end; t++) {
        nats += surprise(reading.logits, (t * width + column) * size, size, example.targets[position + t] ?? 0);
      }
      bits[lane.index] = (bits[lane.index] ?? 0) + nats / Math.LN2;
      lane.position += time;
    });
  }
  return examples.map(({ chars }, i) => ({ chars, bits: bits[i] ?? 0 }));
}

/** The mean over all characters of some texts, in bits per character. */
export function bitsPerChar(costs: readonly Cost[]): number {
  const chars = costs.reduce((sum, cost) => sum + cost.chars, 0);
  return costs.reduce((sum, cost) => sum + cost.bits, 0) / Math.max(1, chars);
}

interface Lane {
  readonly index: number;
  readonly example: Example;
  /** Of the next token to read. */
  position: number;
}

function nextLane(queue: number[], examples: readonly Example[]): Lane | undefined {
  for (;;) {
    const index = queue.shift();
    if (index === undefined) return undefined;
    const example = examples[index];
    if (example && example.tokens.length > 0) return { index, example, position: 0 };
  }
}

function lengthOf(example: Example | undefined): number {
  return example?.tokens.length ?? 0;
}

function left({ example, position }: Lane): number {
  return example.tokens.length - position;
}

/** How many tokens are left before a condition enters; infinitely many if none does. */
function untilCondition({ example, position }: Lane): number {
  const before = (example.condition?.at ?? 0) - position;
  return before > 0 ? before : Number.POSITIVE_INFINITY;
}

/** The tokens of a text after a start token. */
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

/** Sets one lane of a state to zero, in place: the state belongs to this module. */
function resetLane(state: State, lane: number): void {
  for (const row of rowsOf(state, lane)) row.fill(0);
}

function addToLane(state: State, lane: number, added: readonly Float32Array[]): void {
  const rows = rowsOf(state, lane);
  const flat = added.flatMap((of) => {
    const size = rows[0]?.length ?? 0;
    return Array.from({ length: of.length / size }, (_, i) => of.subarray(i * size, (i + 1) * size));
  });
  rows.forEach((row, i) => {
    flat[i]?.forEach((value, j) => {
      row[j] = (row[j] ?? 0) + value;
    });
  });
}

/** One lane's part of each state and layer, [hidden] each. */
function rowsOf(state: State, lane: number): Float32Array[] {
  return state.flatMap((tensor) => {
    const [layers = 0, batch = 0, hidden = 0] = tensor.dims;
    const data = tensor.data as Float32Array;
    return Array.from({ length: layers }, (_, layer) => {
      const start = (layer * batch + lane) * hidden;
      return data.subarray(start, start + hidden);
    });
  });
}
