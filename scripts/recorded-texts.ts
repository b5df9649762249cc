import { type ByteContext, predictions } from "../src/completion/prediction/bit-mixer.ts";
import { markOf, Place } from "../src/completion/prediction/local/place.ts";
import type { Mixture } from "../src/completion/prediction/mixture.ts";
import { softmax } from "../src/completion/prediction/predictor.ts";
import { bytesOf } from "../src/completion/text.ts";
import type { TextFile } from "../src/corpus/text-source.ts";
import type { Network } from "../src/model/language-model.ts";
import { startToken } from "../src/model/tokenizer.ts";
import type { Random } from "../src/random.ts";

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
  const bytes = bytesOf(text);
  const recorder = new Recorder(bytes.length);
  const place = new Place(markOf(name));
  bytes.forEach((byte, i) => {
    recorder.type(mixture, place, byte, network?.[i]);
  });
  return recorder.recorded;
}

/** Lines of a passage, at most, and of what stands between two passages. */
const passageLines = 8;
const linesBetween = 24;

/**
 * Types passages of a text, of some lines each, into the rest of it, which was read before: what an edit finds. Learns as {@link recordText}
 * does.
 * @param network distributions of the whole text, [bytes, 256]
 */
export function recordPassages(
  mixture: Mixture,
  { name, text }: TextFile,
  random: Random,
  network?: readonly Float32Array[],
): RecordedText {
  const { local } = mixture;
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const isTyped: boolean[] = [];
  while (isTyped.length < lines.length) {
    const kept = 1 + random.below(linesBetween);
    const typed = 1 + random.below(passageLines);
    for (let i = 0; i < kept; i++) isTyped.push(false);
    for (let i = 0; i < typed; i++) isTyped.push(true);
  }
  readText(mixture, { name, text: lines.filter((_, i) => !isTyped[i]).join("") });
  const bytes = lines.map(bytesOf);
  const recorder = new Recorder(bytes.reduce((sum, line, i) => sum + (isTyped[i] ? line.length : 0), 0));
  const place = new Place(markOf(name));
  let at = 0;
  for (const [i, line] of bytes.entries()) {
    for (const byte of line) {
      if (isTyped[i]) recorder.type(mixture, place, byte, network?.[at]);
      else local.advance(place, byte);
      at++;
    }
  }
  return recorder.recorded;
}

/** Types bytes, and records what the mixer sees of them. */
class Recorder {
  readonly #bytes: number[] = [];
  readonly #contexts: ByteContext[] = [];
  readonly #inputs: Float32Array;

  /** @param length how many bytes will be typed */
  constructor(length: number) {
    this.#inputs = new Float32Array(length * 8 * predictions);
  }

  get recorded(): RecordedText {
    return { bytes: Uint8Array.from(this.#bytes), contexts: this.#contexts, inputs: this.#inputs };
  }

  type(mixture: Mixture, place: Place, byte: number, network: Float32Array | undefined): void {
    const { local, mixer } = mixture;
    this.#contexts.push(mixture.look(place, network));
    let partial = 1;
    for (let bit = 0; bit < 8; bit++) {
      const value = (byte >> (7 - bit)) & 1;
      mixture.setInputs(partial, bit);
      this.#inputs.set(mixer.inputs.subarray(0, predictions), (8 * this.#bytes.length + bit) * predictions);
      local.learnTrust(value, bit);
      partial = (partial << 1) | value;
    }
    this.#bytes.push(byte);
    local.learn(place, byte);
  }
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
