import { setImmediate } from "node:timers/promises";
import { surprise } from "../../model/bits-per-char.ts";
import type { Network } from "../../model/language-model.ts";
import { startToken } from "../../model/tokenizer.ts";
import { markOf, Place } from "./local/place.ts";
import type { Mixture } from "./mixture.ts";
import { softmax } from "./predictor.ts";

export interface CostOptions {
  /** Undefined: the local model predicts alone. */
  readonly model?: Network | undefined;
  /** The name by which the text is known. */
  readonly name?: string;
  /** Whether the text is not typed, but read to see how far to trust each source. */
  readonly isRehearsed?: boolean;
  /** Bytes read at once; other work runs between two chunks. Larger chunks are faster. */
  readonly chunk?: number;
  /** Awaited after each chunk; by default, a turn of the event loop. */
  readonly nextTurn?: () => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
}

/** The cost of each byte of a text in bits, −log2 p. */
export interface ByteCosts {
  /** By the mixture. */
  readonly mixed: Float32Array;
  /** By the network alone, if there is one. */
  readonly network: Float32Array | undefined;
}

/**
 * What a text costs by a mixture's predictions from the first byte on. The mixture learns the text and how to mix as it goes, as it does
 * while a user types.
 * @throws the signal's reason if it is aborted
 */
export async function byteCosts(
  mixture: Mixture,
  bytes: Uint8Array,
  { model, name, isRehearsed, chunk = 512, nextTurn = setImmediate, signal }: CostOptions,
): Promise<ByteCosts> {
  const mixed = new Float32Array(bytes.length);
  const alone = model && new Float32Array(bytes.length);
  const place = new Place(name === undefined ? undefined : markOf(name));
  let state = model?.start();
  for (let from = 0; from < bytes.length; from += chunk) {
    signal?.throwIfAborted();
    const count = Math.min(chunk, bytes.length - from);
    let logits: Float32Array | undefined;
    if (model && state) {
      const tokens = Int32Array.from({ length: count }, (_, i) => bytes[from + i - 1] ?? startToken);
      ({ state, logits } = await model.read(state, tokens));
    }
    for (let i = 0; i < count; i++) {
      const byte = bytes[from + i] ?? 0;
      const network = logits && softmax(logits.subarray(256 * i, 256 * (i + 1)));
      mixed[from + i] = mixture.learnMixing(place, network, byte, isRehearsed);
      if (alone && logits) alone[from + i] = surprise(logits, 256 * i, 256, byte) / Math.LN2;
      mixture.local.learn(place, byte);
    }
    await nextTurn();
  }
  return { mixed, network: alone };
}
