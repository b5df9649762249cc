import { BitMixer, type ByteContext } from "./bit-mixer.ts";
import { type Evidence, strongestContext } from "./evidence.ts";
import { LocalModel, type LocalModelSizes, localInputs } from "./local/local-model.ts";
import { squash, stretch } from "./local/logistic.ts";
import type { Place } from "./local/place.ts";
import { RecentCosts } from "./local/recent-costs.ts";
import { isWordByte } from "./local/text-context.ts";
import { NetworkTree } from "./network-tree.ts";
import { expectAgain } from "./replaced-trust.ts";

/**
 * A branch of the tree of bits is not mixed below this probability. Its bytes share it in the network's proportions. This saves
 * most of the work, and hardly affects suggestions.
 */
const leastMixed = 1e-3;

/**
 * How much a rehearsed text counts for how to mix, beside one that the user types. It shows how far to trust each source in other
 * files, which may be of another project than the one that is worked on.
 */
const rehearsedWeight = 0.3;

/**
 * Mixes the network's and the local model's predictions bit by bit; see {@link BitMixer}. What it learns online starts from parameters
 * that were fitted beforehand; see scripts/fit-mixture.ts.
 */
export class Mixture {
  readonly local: LocalModel;
  readonly mixer = new BitMixer();
  readonly #network = new NetworkTree();
  /** Those of the text that was typed or rehearsed last. A text that was not typed here from its beginning starts from them. */
  #latest = new RecentCosts();
  #hasNetwork = false;

  constructor(sizes?: LocalModelSizes) {
    this.local = new LocalModel(sizes);
  }

  /** The parameters that change as the user types; they start from the fitted ones. */
  get parameters(): readonly (Float32Array | Uint16Array)[] {
    return [...this.mixer.parameters, ...this.local.parameters, this.#latest.means];
  }

  /** All that is fitted beforehand and stored with the product. */
  get fitted(): readonly (Float32Array | Uint16Array)[] {
    return [...this.mixer.parameters, ...this.local.parameters, this.mixer.mixingNetwork.weights];
  }

  /** Forgets everything that was learned from text. How to mix stays. */
  forget(): void {
    this.local.forget();
    this.#latest = new RecentCosts();
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
    this.look(place, network);
    const probabilities = new Float32Array(256);
    this.#descend(1, 0, 1, probabilities);
    if (place.replaced) expectAgain(place.replaced, probabilities);
    return probabilities;
  }

  /**
   * Learns about mixing from the byte that came at a place. Does not learn the text.
   * @param isRehearsed whether the byte was not typed, but read; it counts less then
   * @returns the cost of the byte, in bits
   */
  learnMixing(place: Place, network: Float32Array | undefined, byte: number, isRehearsed = false): number {
    const { mixer, local } = this;
    this.look(place, network);
    let partial = 1;
    let cost = 0;
    for (let bit = 0; bit < 8; bit++) {
      const value = (byte >> (7 - bit)) & 1;
      this.setInputs(partial, bit);
      const p = mixer.predict(partial, bit);
      cost -= Math.log2(value === 1 ? p : 1 - p);
      mixer.learn(value, isRehearsed ? rehearsedWeight : 1);
      if (!isRehearsed) local.learnTrust(value, bit);
      partial = (partial << 1) | value;
    }
    mixer.endByte();
    this.#latest.means.set(place.recent.means);
    return cost;
  }

  /** What each source says of a byte at a place, by itself. Nothing is learned. */
  evidence(place: Place, network: Float32Array | undefined, byte: number): Evidence {
    this.look(place, network);
    const { inputs } = this.mixer;
    const probabilities = new Float64Array(localInputs).fill(1);
    let partial = 1;
    for (let bit = 0; bit < 8; bit++) {
      const value = (byte >> (7 - bit)) & 1;
      this.setInputs(partial, bit);
      // A source without a prediction of one of the bits does not expect the byte.
      for (let i = 0; i < localInputs; i++) {
        const x = inputs[i] as number;
        (probabilities[i] as number) *= x === 0 ? 0 : squash(value === 1 ? x : -x);
      }
      partial = (partial << 1) | value;
    }
    const repeat = place.pointers.longest(this.local.history);
    return {
      network: network?.[byte],
      context: strongestContext(probabilities),
      repeat: repeat && {
        position: repeat.position,
        length: repeat.length,
        isRight: this.local.history.at(repeat.position) === byte,
      },
    };
  }

  /** Begins the byte at a place. @returns what is known of it */
  look(place: Place, network: Float32Array | undefined): ByteContext {
    const { local } = this;
    const { context } = place;
    local.look(place);
    this.#hasNetwork = network !== undefined;
    if (network) this.#network.set(network);
    const last = context.back(1);
    const lastButOne = context.back(2);
    const { likeliest, most, entropy } = network ? this.#network : noNetwork;
    const known: ByteContext = {
      last,
      lastButOne,
      kind: (kindOf(last) * 8 + kindOf(lastButOne)) * 4 + Math.min(context.wordLength, 3),
      wordLength: context.wordLength,
      seen: local.seen,
      seenHere: local.seenHere,
      matchLevel: local.matchLevel,
      expected: local.expected,
      hasNetwork: this.#hasNetwork,
      likeliest,
      most,
      entropy,
    };
    place.recent.begin(this.#latest, context.end === 0);
    this.mixer.look(known, place.recent);
    return known;
  }

  /** Sets the mixer's inputs for a bit: all predictions of it, in the logistic domain. */
  setInputs(partial: number, bit: number): void {
    const { inputs } = this.mixer;
    this.local.predict(partial, bit, inputs);
    inputs[localInputs] = this.#hasNetwork ? stretch(this.#network.bit(partial)) : 0;
  }

  #descend(partial: number, bit: number, probability: number, into: Float32Array): void {
    if (bit === 8) into[partial - 256] = probability;
    else if (probability < leastMixed) this.#share(partial, bit, probability, into);
    else {
      this.setInputs(partial, bit);
      const p = this.mixer.predict(partial, bit);
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

const noNetwork = { likeliest: 0, most: 0, entropy: 0 };

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
