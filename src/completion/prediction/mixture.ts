import { AdaptiveProbabilityMap } from "./local/adaptive-probability-map.ts";
import { LocalModel, type LocalModelSizes, localInputs } from "./local/local-model.ts";
import { stretch } from "./local/logistic.ts";
import { Mixer } from "./local/mixer.ts";
import type { Place } from "./local/place.ts";
import { isWordByte } from "./local/text-context.ts";

/**
 * A branch of the tree of bits is not mixed below this probability. Its bytes share it in the network's proportions. This saves
 * most of the work, and hardly affects suggestions.
 */
const leastMixed = 1e-3;

/**
 * Learning rate of the weights that each selector chooses. High for logistic mixing: the weights must follow a workspace within
 * some thousands of bytes, and a set of weights is updated only where its selector chooses it.
 */
const learningRate = 0.01;
/** Learning rate of the last layer. Lower, because it has only 16 sets, so that each is updated often. */
const finalLearningRate = 5e-4;
/** Rate of the adaptive probability maps: each point is about the mean of its last hundred outcomes. */
const probabilityMapRate = 0.01;

/**
 * Mixes the network's and the local model's predictions bit by bit, by gated logistic mixing (Mattern, "Mixing Strategies in Data
 * Compression", 2012; paq8: Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression", 2005). Two adaptive
 * probability maps refine the result. Weights and maps are learned online. They start from parameters that were fitted beforehand;
 * see scripts/fit-mixture.ts.
 */
export class Mixture {
  readonly local: LocalModel;
  /** The last layer has a weight set for each level of the longest repeat, 0 to 15. */
  readonly #mixer = new Mixer(localInputs + 3, selectorSizes, 16);
  /** Corrects by the bits of the byte so far. */
  readonly #byPartial = new AdaptiveProbabilityMap(256);
  /** Corrects by the byte that the longest repeat expects, and the level of that repeat. */
  readonly #byExpected = new AdaptiveProbabilityMap(16 * 256);
  readonly #network = new NetworkTree();
  #hasNetwork = false;
  #kind = 0;
  #last = 0;
  #lastButOne = 0;

  constructor(sizes?: LocalModelSizes) {
    this.local = new LocalModel(sizes);
  }

  /** What is learned about mixing: stored with the product, fitted beforehand. */
  get parameters(): readonly (Float32Array | Uint16Array)[] {
    const { weights, finalWeights } = this.#mixer;
    return [weights, finalWeights, this.#byPartial.table, this.#byExpected.table, ...this.local.parameters];
  }

  /** A copy of everything that was learned. */
  snapshot(): MixtureSnapshot {
    return {
      parameters: this.parameters.map((array) => array.slice()),
      contents: this.local.contents.map((array) => array.slice()),
      length: this.local.history.length,
    };
  }

  /** Returns to the state in which a snapshot was taken. */
  restore({ parameters, contents, length }: MixtureSnapshot): void {
    copyOver(this.parameters, parameters);
    this.restoreContents({ contents, length });
  }

  /** Returns to the text that a snapshot has. What was learned about mixing stays. */
  restoreContents({ contents, length }: Pick<MixtureSnapshot, "contents" | "length">): void {
    copyOver(this.local.contents, contents);
    this.local.history.length = length;
  }

  /**
   * The probabilities of the next byte at a place, [256].
   * @param network the network's probabilities, [256]; undefined: the local model predicts alone
   */
  distribution(place: Place, network: Float32Array | undefined): Float32Array {
    this.#look(place, network);
    const probabilities = new Float32Array(256);
    this.#descend(1, 0, 1, probabilities);
    return probabilities;
  }

  /** Learns about mixing from the byte that came at a place. Does not learn the text. @returns the cost of the byte, in bits */
  learnMixing(place: Place, network: Float32Array | undefined, byte: number): number {
    this.#look(place, network);
    let partial = 1;
    let cost = 0;
    for (let bit = 0; bit < 8; bit++) {
      const value = (byte >> (7 - bit)) & 1;
      const p = this.#predict(partial, bit);
      cost -= Math.log2(value === 1 ? p : 1 - p);
      this.#mixer.learn(value, learningRate, finalLearningRate);
      this.#byPartial.learn(value, probabilityMapRate);
      this.#byExpected.learn(value, probabilityMapRate);
      this.local.learnTrust(value, bit);
      partial = (partial << 1) | value;
    }
    return cost;
  }

  #look(place: Place, network: Float32Array | undefined): void {
    const { context } = place;
    this.local.look(place);
    this.#last = context.back(1);
    this.#lastButOne = context.back(2);
    this.#kind = (kindOf(this.#last) * 8 + kindOf(this.#lastButOne)) * 4 + Math.min(context.wordLength, 3);
    this.#hasNetwork = network !== undefined;
    if (network) this.#network.set(network);
  }

  /** The probability that the next bit is 1. */
  #predict(partial: number, bit: number): number {
    const { values, chosen } = this.#mixer;
    const { matchLevel, seen, expected } = this.local;
    this.local.predict(partial, bit, values);
    const p = this.#hasNetwork ? this.#network.bit(partial) : 0.5;
    // The network twice, as paq8 has its strong inputs: ln(p / (1 − p)), and p itself, which is gentler near certainty.
    values[localInputs] = this.#hasNetwork ? stretch(p) : 0;
    values[localInputs + 1] = this.#hasNetwork ? (p - 0.5) * 4 : 0;
    // A bias.
    values[localInputs + 2] = 0.3;
    // One line each in selectorSizes says what a selector is.
    chosen[0] = matchLevel * 8 + bit;
    chosen[1] = partial;
    chosen[2] = this.#last;
    chosen[3] = seen * 8 + (this.#hasNetwork ? this.#network.confidence : 0);
    chosen[4] = this.#kind;
    chosen[5] = this.#lastButOne;
    chosen[6] = this.#hasNetwork && agrees(this.#network.likeliest, partial, bit) ? this.#network.likeliest : 0;
    this.#mixer.chosenFinal = matchLevel;
    const x = this.#mixer.mix();
    const expectedNow = expected >= 0 && agrees(expected, partial, bit) ? expected : 0;
    // The mixer has half of the result, and each map a quarter: the maps correct it where they know more.
    const refined = this.#byPartial.refine(x, partial) + this.#byExpected.refine(x, matchLevel * 256 + expectedNow);
    const mixed = 0.5 * this.#mixer.probability + 0.25 * refined;
    return mixed < leastBit ? leastBit : mixed > 1 - leastBit ? 1 - leastBit : mixed;
  }

  #descend(partial: number, bit: number, probability: number, into: Float32Array): void {
    if (bit === 8) into[partial - 256] = probability;
    else if (probability < leastMixed) this.#share(partial, bit, probability, into);
    else {
      const p = this.#predict(partial, bit);
      this.#descend(2 * partial + 1, bit + 1, probability * p, into);
      this.#descend(2 * partial, bit + 1, probability * (1 - p), into);
    }
  }

  /** Shares a branch's probability among its bytes: in the network's proportions, or equally without a network. */
  #share(partial: number, bit: number, probability: number, into: Float32Array): void {
    const first = (partial << (8 - bit)) - 256;
    const count = 1 << (8 - bit);
    for (let byte = first; byte < first + count; byte++) {
      into[byte] = probability * (this.#hasNetwork ? this.#network.share(256 + byte, partial) : 1 / count);
    }
  }
}

export interface MixtureSnapshot {
  readonly parameters: readonly ArrayLike<number>[];
  readonly contents: readonly ArrayLike<number>[];
  /** Length of the local model's history, in bytes. */
  readonly length: number;
}

function copyOver(
  arrays: readonly { set(values: ArrayLike<number>): void }[],
  values: readonly ArrayLike<number>[],
): void {
  arrays.forEach((array, i) => {
    array.set(values[i] ?? []);
  });
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

/** No bit is certain: a probability of 0 would cost infinitely many bits. */
const leastBit = 1e-5;

/** The network's distribution over bytes as a tree of bits. */
class NetworkTree {
  /** The sum of the probabilities below each node. Node 1 is the root; the leaves are nodes 256 to 511. */
  readonly #sums = new Float32Array(512);
  likeliest = 0;
  /** How sure the network is of its likeliest byte, 1 to 7. */
  confidence = 1;

  set(probabilities: Float32Array): void {
    const sums = this.#sums;
    let most = 0;
    for (let byte = 0; byte < 256; byte++) {
      const p = probabilities[byte] as number;
      sums[256 + byte] = p + 1e-7;
      if (p > most) {
        most = p;
        this.likeliest = byte;
      }
    }
    for (let node = 255; node > 0; node--) sums[node] = (sums[2 * node] as number) + (sums[2 * node + 1] as number);
    this.confidence = 1 + confidenceSteps.filter((step) => most >= step).length;
  }

  /** The probability that the next bit is 1, after the bits of `partial`. */
  bit(partial: number): number {
    return (this.#sums[2 * partial + 1] as number) / (this.#sums[partial] as number);
  }

  /** The share of a node's probability that belongs to a node below it. */
  share(node: number, of: number): number {
    return (this.#sums[node] as number) / (this.#sums[of] as number);
  }
}

/** Probabilities of the likeliest byte at which the confidence rises. */
const confidenceSteps = [0.2, 0.4, 0.6, 0.8, 0.95, 0.99];

/** Whether a byte begins with the bits of `partial`. */
function agrees(byte: number, partial: number, bit: number): boolean {
  return (byte | 256) >> (8 - bit) === partial;
}

/** Eight kinds of bytes, which choose weights: none, blank, line feed, digit, capital, other word byte, separator, other. */
function kindOf(byte: number): number {
  if (byte === 0) return 0;
  if (byte === 0x20 || byte === 0x09) return 1;
  if (byte === 0x0a) return 2;
  if (byte >= 0x30 && byte <= 0x39) return 3;
  if (byte >= 0x41 && byte <= 0x5a) return 4;
  if (isWordByte(byte)) return 5;
  return byte === 0x2e || byte === 0x3a || byte === 0x2c || byte === 0x3b ? 6 : 7;
}
