import { type BitMixer, predictions } from "../src/completion/prediction/bit-mixer.ts";
import { RecentCosts } from "../src/completion/prediction/local/recent-costs.ts";
import { Random } from "../src/random.ts";
import type { RecordedText } from "./recorded-texts.ts";

/** Learning rate of the mixing network. It falls linearly to a fiftieth. */
const firstRate = 0.01;
const lastRate = firstRate / 50;
const epochs = 4;
/** Texts that are read side by side, so that successive steps differ. */
const lanes = 32;
/** Bytes of a text that are read before it is the next one's turn. */
const turn = 2;

/** Trains a mixer's network on recorded texts, by stochastic gradient descent. */
export function trainNetwork(mixer: BitMixer, texts: readonly RecordedText[]): void {
  const random = new Random(1);
  mixer.mixingNetwork.initialize(random);
  const steps = epochs * texts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.shuffle([...texts]);
    const running = order.splice(0, lanes).map(newLane);
    let [bits, bytes] = [0, 0];
    while (running.length > 0) {
      for (const lane of [...running]) {
        for (let i = 0; i < turn && lane.at < lane.text.bytes.length; i++) {
          bits += learnByte(mixer, lane, firstRate + (lastRate - firstRate) * (step++ / steps));
          bytes++;
        }
        if (lane.at < lane.text.bytes.length) continue;
        const next = order.pop();
        running.splice(running.indexOf(lane), 1, ...(next ? [newLane(next)] : []));
      }
    }
    console.error(`mixing network, ${epoch + 1}: ${(bits / bytes).toFixed(3)} bits per byte`);
  }
}

interface Lane {
  readonly text: RecordedText;
  readonly recent: RecentCosts;
  at: number;
}

function newLane(text: RecordedText): Lane {
  return { text, recent: new RecentCosts(), at: 0 };
}

/** Learns from the next byte of a lane. @returns its cost in bits */
function learnByte(mixer: BitMixer, lane: Lane, rate: number): number {
  const cost = mixByte(mixer, lane, (value, partial, bit) => {
    const x = mixer.predictByMixingNetwork(partial, bit);
    mixer.mixingNetwork.learn(value, rate);
    mixer.follow(value);
    return Math.log2(1 + Math.exp(value === 1 ? -x : x));
  });
  mixer.mixingNetwork.endByte(rate);
  lane.at++;
  return cost;
}

/** Types recorded texts, and learns to mix as it is done online. @returns the cost in bits per byte */
export function learnToMix(mixer: BitMixer, texts: readonly RecordedText[]): number {
  let [bits, count] = [0, 0];
  for (const text of texts) {
    for (const lane = newLane(text); lane.at < text.bytes.length; lane.at++) {
      bits += mixByte(mixer, lane, (value, partial, bit) => {
        const p = mixer.predict(partial, bit);
        mixer.learn(value, 1);
        return -Math.log2(value === 1 ? p : 1 - p);
      });
    }
    count += text.bytes.length;
  }
  return bits / Math.max(1, count);
}

/**
 * Shows a mixer the next byte of a lane, bit by bit.
 * @param mixBit predicts the next bit, learns from its value, and returns its cost in bits
 * @returns the cost of the byte in bits
 */
function mixByte(
  mixer: BitMixer,
  { text: { bytes, contexts, inputs }, recent, at }: Lane,
  mixBit: (value: number, partial: number, bit: number) => number,
): number {
  const context = contexts[at];
  if (!context) return 0;
  mixer.look(context, recent);
  const byte = bytes[at] ?? 0;
  let partial = 1;
  let cost = 0;
  for (let bit = 0; bit < 8; bit++) {
    const value = (byte >> (7 - bit)) & 1;
    const from = (8 * at + bit) * predictions;
    mixer.inputs.set(inputs.subarray(from, from + predictions));
    cost += mixBit(value, partial, bit);
    partial = (partial << 1) | value;
  }
  mixer.endByte();
  return cost;
}
