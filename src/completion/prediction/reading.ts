import type { Network, Reading } from "../../model/language-model.ts";
import { startToken, type Tokens } from "../../model/tokenizer.ts";

/** The most tokens in one call of the runtime. It limits the memory for the logits of a long text. */
const tokensAtOnce = 1024;

/** Conditions that end a reading before its goal. */
export interface ReadingLimits {
  readonly signal?: AbortSignal | undefined;
  /** Asked between runs of the network. */
  readonly isOutOfTime?: (() => boolean) | undefined;
}

/** The reading at the beginning of a text: the start token read from the zero state. Its logits are those of the next token. */
export async function readStart(model: Network): Promise<Reading> {
  return await model.read(model.start(), Int32Array.of(startToken));
}

/** Continues a reading. The logits are those of the token after the last one, [vocabulary]. */
export async function readOn(model: Network, from: Reading, tokens: Tokens): Promise<Reading> {
  let reading = from;
  for (let i = 0; i < tokens.length; i += tokensAtOnce) {
    const { state, logits } = await model.read(reading.state, tokens.subarray(i, i + tokensAtOnce));
    // A copy of the last row: a view would keep the whole buffer.
    reading = { state, logits: logits.slice(-model.tokenizer.size) };
  }
  return reading;
}
