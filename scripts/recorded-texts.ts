import { type ByteContext, predictions } from "../src/completion/prediction/bit-mixer.ts";
import { markOf, Place } from "../src/completion/prediction/local/place.ts";
import type { Mixture } from "../src/completion/prediction/mixture.ts";
import { softmax } from "../src/completion/prediction/predictor.ts";
import { bytesOf } from "../src/completion/text.ts";
import type { TextFile } from "../src/corpus/text-source.ts";
import type { Network } from "../src/model/language-model.ts";
import { startToken } from "../src/model/tokenizer.ts";

/** What the mixer sees of a text while it is typed, so that mixing can be fitted without predicting the text again. */
export interface RecordedText {
  readonly bytes: Uint8Array;
  /** What is known of each byte. */
  readonly contexts: readonly ByteContext[];
  /** The predictions of each bit, in the logistic domain, [bytes, 8, {@link predictions}]. */
  readonly inputs: Float32Array;
}

/** Types a text, and learns how far to trust the counts. Learns nothing about mixing. @param network distributions [bytes, 256] */
export function recordText(
  mixture: Mixture,
  { name, text }: TextFile,
  network?: readonly Float32Array[],
): RecordedText {
  const { local, mixer } = mixture;
  const bytes = bytesOf(text);
  const inputs = new Float32Array(bytes.length * 8 * predictions);
  const place = new Place(markOf(name));
  const contexts: ByteContext[] = [];
  bytes.forEach((byte, i) => {
    contexts.push(mixture.look(place, network?.[i]));
    let partial = 1;
    for (let bit = 0; bit < 8; bit++) {
      const value = (byte >> (7 - bit)) & 1;
      mixture.setInputs(partial, bit);
      inputs.set(mixer.inputs.subarray(0, predictions), (8 * i + bit) * predictions);
      local.learnTrust(value, bit);
      partial = (partial << 1) | value;
    }
    local.learn(place, byte);
  });
  return { bytes, contexts, inputs };
}

/** Reads a text into the local model. */
export function readText({ local }: Mixture, { name, text }: TextFile): void {
  const place = new Place(markOf(name));
  for (const byte of bytesOf(text)) local.learn(place, byte);
  local.history.separate();
}

/** Bytes that the network reads at once. */
const chunk = 512;

/** The network's distribution at each byte of a text, [256] each. */
export async function distributionsOf(model: Network, bytes: Uint8Array): Promise<Float32Array[]> {
  const tokens = Int32Array.from(bytes, (_, i) => bytes[i - 1] ?? startToken);
  const rows: Float32Array[] = [];
  let state = model.start();
  for (let from = 0; from < tokens.length; from += chunk) {
    const reading = await model.read(state, tokens.subarray(from, from + chunk));
    ({ state } = reading);
    for (let i = 0; i < reading.logits.length; i += 256) rows.push(softmax(reading.logits.subarray(i, i + 256)));
  }
  return rows;
}
