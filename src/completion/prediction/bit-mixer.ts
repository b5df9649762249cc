import { AdaptiveProbabilityMap } from "./local/adaptive-probability-map.ts";
import { successorCount } from "./local/contexts.ts";
import { localInputs } from "./local/local-model.ts";
import { squash } from "./local/logistic.ts";
import { Mixer } from "./local/mixer.ts";
import { type RecentCosts, recentCostCount } from "./local/recent-costs.ts";
import { MixingNetwork } from "./mixing-network.ts";

/**
 * Learning rate of the weights that each selector chooses. High for logistic mixing: the weights must follow a workspace within
 * some thousands of bytes, and a set of weights is updated only where its selector chooses it.
 */
const learningRate = 0.01;
/** Learning rate of the last layer. Lower, because it has only 16 sets, so that each is updated often. */
const finalLearningRate = 5e-4;
/** Rate of the adaptive probability maps: each point is about the mean of its last hundred outcomes. */
const probabilityMapRate = 0.01;

/** What is known of the next byte at a place, which decides how its bits are mixed. */
export interface ByteContext {
  /** The last byte, and the one before it. */
  readonly last: number;
  readonly lastButOne: number;
  /** Kinds of these two bytes (8 each) and length of the identifier so far (0 to 3). */
  readonly kind: number;
  /** Length of the identifier so far, in bytes. */
  readonly wordLength: number;
  /** How many contexts were seen before. */
  readonly seen: number;
  /** How many of them were seen last in this text. */
  readonly seenHere: number;
  /** Level of the longest repeat, 0 (none) to 15, and the byte that it expects; -1 for none. */
  readonly matchLevel: number;
  readonly expected: number;
  /** Whether the network predicts too. If not, what follows is 0. */
  readonly hasNetwork: boolean;
  /** The network's likeliest byte, its probability, and the entropy of the network's distribution in bits. */
  readonly likeliest: number;
  readonly most: number;
  readonly entropy: number;
}

/** The number of predictions of a bit: the local model's, and the network's. */
export const predictions = localInputs + 1;

/** Indices of the further inputs of the linear mixers: the RNN's probability, the prediction of the mixing network, and a constant. */
const networkProbability = predictions;
const byMixingNetwork = predictions + 1;
const bias = predictions + 2;
const mixerInputs = predictions + 3;

/** What the mixing network knows of a byte: some figures, and the recent costs. */
const figures = 8;
const featureCount = figures + recentCostCount;

/**
 * Mixes the predictions of a bit. A {@link MixingNetwork} that was trained beforehand gives its own prediction as one more input. Then
 * comes gated logistic mixing (Mattern, "Mixing Strategies in Data Compression", 2012; paq8: Mahoney, "Adaptive Weighing of Context
 * Models for Lossless Data Compression", 2005). Two adaptive probability maps refine the result. The
 * weights of this mixing and the two maps are learned online; the mixing network is fixed.
 */
export class BitMixer {
  /** The last layer has a weight set for each level of the longest repeat, 0 to 15. */
  readonly mixer = new Mixer(mixerInputs, selectorSizes, 16);
  readonly mixingNetwork = new MixingNetwork({
    // The RNN's prediction enters twice.
    inputs: predictions + 1,
    features: featureCount,
    byteChoices: [8 * 8 * 4, 256, 256],
    bitChoices: [256, 16 * 8],
  });
  /** Corrects by the bits of the byte so far. */
  readonly #byPartial = new AdaptiveProbabilityMap(256);
  /** Corrects by the byte that the longest repeat expects, and the level of that repeat. */
  readonly #byExpected = new AdaptiveProbabilityMap(16 * 256);
  readonly #choices = new Int32Array(3);
  #context: ByteContext | undefined;
  #recent: RecentCosts | undefined;
  #confidence = 0;

  /** The predictions, in the logistic domain: the local model's, then the network's; to be set before {@link predict}. */
  get inputs(): Float32Array {
    return this.mixer.values;
  }

  /** What is learned about mixing while a user types. */
  get parameters(): readonly Float32Array[] {
    const { weights, finalWeights } = this.mixer;
    return [weights, finalWeights, this.#byPartial.table, this.#byExpected.table];
  }

  /** Sets the weights with which fitting begins: the linear mixers pass on what the mixing network predicts, and little else. */
  startFromMixingNetwork(): void {
    const { weights } = this.mixer;
    weights.fill(0.05);
    for (let i = byMixingNetwork; i < weights.length; i += mixerInputs) weights[i] = 0.8;
  }

  /** Begins a byte. @param recent of the text that the byte is in */
  look(context: ByteContext, recent: RecentCosts): void {
    this.#context = context;
    this.#recent = recent;
    const { most, hasNetwork } = context;
    this.#confidence = hasNetwork ? 1 + confidenceSteps.filter((step) => most >= step).length : 0;
    this.#setFeatures(context, recent);
    this.#choices[0] = context.kind;
    this.#choices[1] = context.last;
    this.#choices[2] = context.likeliest;
    this.mixingNetwork.look(this.#choices);
  }

  /**
   * The probability that the next bit is 1, from {@link inputs}.
   * @param partial the byte's bits so far, after a leading 1
   * @param bit the number of bits so far
   */
  predict(partial: number, bit: number): number {
    const context = this.#context as ByteContext;
    const { matchLevel, seen, expected, hasNetwork, likeliest } = context;
    const { values, chosen } = this.mixer;
    values[byMixingNetwork] = this.predictByMixingNetwork(partial, bit);
    values[bias] = biasInput;
    // One line each in selectorSizes says what a selector is.
    chosen[0] = matchLevel * 8 + bit;
    chosen[1] = partial;
    chosen[2] = context.last;
    chosen[3] = seen * 8 + this.#confidence;
    chosen[4] = context.kind;
    chosen[5] = context.lastButOne;
    chosen[6] = hasNetwork && agrees(likeliest, partial, bit) ? likeliest : 0;
    this.mixer.chosenFinal = matchLevel;
    const x = this.mixer.mix();
    const expectedNow = expected >= 0 && agrees(expected, partial, bit) ? expected : 0;
    // The mixer has half of the result, and each map a quarter: the maps correct it where they know more.
    const refined = this.#byPartial.refine(x, partial) + this.#byExpected.refine(x, matchLevel * 256 + expectedNow);
    const mixed = 0.5 * this.mixer.probability + 0.25 * refined;
    return mixed < leastBit ? leastBit : mixed > 1 - leastBit ? 1 - leastBit : mixed;
  }

  /** The prediction of the mixing network alone, in the logistic domain. Arguments as for {@link predict}. */
  predictByMixingNetwork(partial: number, bit: number): number {
    const { matchLevel, hasNetwork } = this.#context as ByteContext;
    const { values } = this.mixer;
    // The network's prediction twice, as paq8 has its strong inputs: ln(p / (1 − p)), and p itself, which is gentler near certainty.
    values[networkProbability] = hasNetwork ? (squash(values[localInputs] as number) - 0.5) * 4 : 0;
    this.#choices[0] = partial;
    this.#choices[1] = matchLevel * 8 + bit;
    return this.mixingNetwork.mix(values, this.#choices);
  }

  /** Learns from the bit that came, after {@link predict}. @param sampleWeight how much it counts, up to 1 */
  learn(bit: number, sampleWeight: number): void {
    this.mixer.learn(bit, learningRate * sampleWeight, finalLearningRate * sampleWeight);
    this.#byPartial.learn(bit, probabilityMapRate * sampleWeight);
    this.#byExpected.learn(bit, probabilityMapRate * sampleWeight);
    this.follow(bit);
  }

  /** Counts what the bit that came cost the sources. */
  follow(bit: number): void {
    const { values } = this.mixer;
    this.#recent?.addBit(bit, values[localInputs] as number, values);
  }

  /** Ends a byte whose bits came. */
  endByte(): void {
    this.#recent?.endByte();
  }

  /** All features are scaled to about 0 to 1, where the weights of the network begin: the entropy of code is rarely over 4 bits, costs rarely over 3. */
  #setFeatures(
    { most, entropy, seen, seenHere, matchLevel, wordLength, hasNetwork }: ByteContext,
    { means }: RecentCosts,
  ): void {
    const { features } = this.mixingNetwork;
    let at = 0;
    features[at++] = 1;
    features[at++] = hasNetwork ? 1 : 0;
    features[at++] = most;
    features[at++] = entropy / 4;
    features[at++] = seen / successorCount;
    features[at++] = seenHere / successorCount;
    features[at++] = matchLevel / 15;
    features[at++] = Math.min(wordLength, 12) / 12;
    for (const mean of means) features[at++] = 0.3 * mean;
  }
}

/**
 * The number of weight sets of each selector. A selector is a small context, and trusts the inputs as they deserve in that
 * context. Without a network, the parts that depend on it are 0.
 */
const selectorSizes = [
  // Level of the longest repeat (16) and index of the bit (8): how far to trust repeats.
  16 * 8,
  // The bits of the byte so far, with a leading 1: what the sources are good at within a byte.
  256,
  // The last byte.
  256,
  // Number of contexts seen before (up to 18) and the network's confidence (8): which source knows this place.
  20 * 8,
  // Kinds of the last two bytes (8 each) and length of the identifier so far (0 to 3): where in a word, number or gap this is.
  8 * 8 * 4,
  // The last byte but one.
  256,
  // The network's likeliest byte, if it begins with the bits so far: which bytes the network is good at.
  256,
];

/** Probabilities of the network's likeliest byte at which its confidence rises from 1 to 7. */
const confidenceSteps = [0.2, 0.4, 0.6, 0.8, 0.95, 0.99];

/** The input that is the same for all bits. It is small beside the predictions, so its weight moves slowly. */
const biasInput = 0.3;

/** No bit is certain: a probability of 0 would cost infinitely many bits. */
const leastBit = 1e-5;

/** Whether a byte begins with the bits of `partial`. */
function agrees(byte: number, partial: number, bit: number): boolean {
  return (byte | 256) >> (8 - bit) === partial;
}
