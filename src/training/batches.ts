import { startToken, type Tokenizer } from "../model/tokenizer.ts";
import { Random } from "../random.ts";

/** All tokens of a corpus, each file after a start token. */
export type TokenStream = Uint8Array | Uint16Array;

/** The texts in an order that depends on the seed alone. */
export function tokenStream(texts: readonly string[], tokenizer: Tokenizer, seed: number): TokenStream {
  const parts = new Random(seed).shuffle([...texts]).map((text) => tokenizer.encode(text));
  const length = parts.reduce((sum, part) => sum + part.length + 1, 0);
  const stream = tokenizer.size <= 256 ? new Uint8Array(length) : new Uint16Array(length);
  let at = 0;
  for (const part of parts) {
    stream[at++] = startToken;
    stream.set(part, at);
    at += part.length;
  }
  return stream;
}

/**
 * Fills in what one step reads. Each lane reads the stream contiguously from its own start, window after window, so that
 * the state it carries is that of the text before; at the end of the stream it goes on at the beginning.
 * @param into [window + 1, batch], row-major: inputs are its first `window` rows, targets its last
 */
export function fillBatch(stream: TokenStream, step: number, batch: number, window: number, into: Int32Array): void {
  for (let lane = 0; lane < batch; lane++) {
    const start = Math.floor((lane * stream.length) / batch) + step * window;
    for (let t = 0; t <= window; t++) into[t * batch + lane] = stream[(start + t) % stream.length] ?? startToken;
  }
}
