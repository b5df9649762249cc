import { directContexts, directCount, successorContexts, successorCount, wordSuccessors } from "./contexts.ts";
import { Direct } from "./direct.ts";
import { History } from "./history.ts";
import { Matches, matchCount } from "./matches.ts";
import type { Place } from "./place.ts";
import { Successors } from "./successors.ts";

/** Sizes of the tables, as binary logarithms of their numbers of entries. */
export interface LocalModelSizes {
  /** Contexts whose successors are remembered, 8 bytes each. */
  readonly successors: number;
  /** Direct estimates, 2 bytes each. */
  readonly direct: number;
  /** Bytes of text that are remembered, 4 bytes each. */
  readonly history: number;
}

/** 56 MB in all: what a workspace of about a megabyte fills. */
const defaultSizes: LocalModelSizes = { successors: 22, direct: 22, history: 22 };

/** Predictions that the local model gives for one bit. */
export const localInputs = directCount + successorCount + matchCount;

/**
 * What a workspace and the documents being typed have taught: which bytes came after which contexts (paq8's kinds of context,
 * as code needs them), and where longer passages were seen before. It learns a byte at a time and forgets what is old. All of it
 * is typed arrays of a fixed size.
 */
export class LocalModel {
  readonly history: History;
  readonly #successors: Successors;
  readonly #direct: Direct;
  readonly #matches = new Matches();
  readonly #successorHashes = new Int32Array(successorCount);
  readonly #directHashes = new Int32Array(directCount);
  /** How many contexts of the place looked at were seen before. */
  seen = 0;
  /** Level of the longest repeat that the place looked at goes on from, 0 (none) to 15. */
  matchLevel = 0;

  constructor(sizes: LocalModelSizes = defaultSizes) {
    this.#successors = new Successors(sizes.successors);
    this.#direct = new Direct(sizes.direct);
    this.history = new History(sizes.history);
  }

  /** How far to trust what was counted: learned with the mixing, and not part of the text's memory. */
  get parameters(): readonly Uint16Array[] {
    return [this.#successors.evidence, this.#direct.evidence, this.#matches.evidence];
  }

  /** All that the text has taught. */
  get contents(): readonly (Uint8Array | Uint16Array | Int32Array)[] {
    return [this.#successors.buckets, this.#direct.slots, ...this.history.contents];
  }

  /** Forgets all that the text has taught. */
  forget(): void {
    this.#successors.buckets.fill(0);
    this.#direct.forget();
    this.history.forget();
  }

  /** The byte that the longest repeat expects at the place looked at; -1 if there is none. */
  get expected(): number {
    return this.#matches.expected;
  }

  /** Looks at a place, before its bits are predicted. */
  look({ context, pointers }: Place): void {
    successorContexts(context, this.#successorHashes);
    directContexts(context, this.#directHashes);
    this.seen = this.#successors.lookUp(this.#successorHashes);
    this.#direct.lookUp(this.#directHashes);
    this.matchLevel = this.#matches.lookUp(pointers, this.history);
  }

  /**
   * Predicts a bit of the byte at the place looked at.
   * @param partial its bits so far behind a leading 1
   * @param bit number of them
   * @param inputs becomes the predictions, ln(p / (1 − p)) that the bit is 1, [localInputs]
   */
  predict(partial: number, bit: number, inputs: Float32Array): void {
    this.#direct.predict(partial, bit, inputs, 0);
    this.#successors.predict(partial, bit, inputs, directCount);
    this.#matches.predict(partial, bit, inputs, directCount + successorCount);
  }

  /** Learns how good the last predictions were, but not the text. */
  learnTrust(value: number, bit: number): void {
    this.#direct.learnEvidence(value);
    this.#successors.learnBit(value);
    this.#matches.learnBit(value, bit);
  }

  /** Remembers that a byte came at a place, and goes on behind it. */
  learn(place: Place, byte: number): void {
    successorContexts(place.context, this.#successorHashes);
    directContexts(place.context, this.#directHashes);
    this.#successors.learnByte(this.#successorHashes, byte);
    this.#direct.learnByte(this.#directHashes, byte);
    this.advance(place, byte);
    this.history.add(byte, place.context);
  }

  /** Counts that a byte came at a place, and goes on after it, but for the place's repeats; the history does not have it. */
  count({ context }: Place, byte: number): void {
    successorContexts(context, this.#successorHashes);
    directContexts(context, this.#directHashes);
    this.#successors.learnByte(this.#successorHashes, byte);
    this.#direct.learnByte(this.#directHashes, byte);
    context.push(byte);
  }

  /**
   * Takes back that a byte came at a place, and goes on after it; the place's repeats stand still. The tables are hashed and fade,
   * so this is near what was before, not the same. The history keeps the byte: {@link History.erase}.
   */
  unlearn({ context }: Place, byte: number): void {
    successorContexts(context, this.#successorHashes);
    directContexts(context, this.#directHashes);
    this.#successors.unlearnByte(this.#successorHashes, byte);
    const others = this.#successors.allBut(byte, this.#successorHashes[wordSuccessors] as number);
    this.#direct.unlearnByte(this.#directHashes, byte, others);
    context.push(byte);
  }

  /** Goes on behind a byte, and remembers nothing. */
  advance({ context, pointers }: Place, byte: number): void {
    context.push(byte);
    pointers.push(byte, context, this.history);
  }
}
