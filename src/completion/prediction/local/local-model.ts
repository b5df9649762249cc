import { directContexts, directCount, successorContexts, successorCount } from "./contexts.ts";
import { Direct } from "./direct.ts";
import { History } from "./history.ts";
import { Matches, matchCount } from "./matches.ts";
import type { Place } from "./place.ts";
import { Successors, successorInputs } from "./successors.ts";

/** Sizes of the tables, as binary logarithms of their numbers of entries. */
export interface LocalModelSizes {
  /** Contexts whose successors are remembered, 8 bytes each. */
  readonly successors: number;
  /** Slots for direct estimates, 4 bytes each. */
  readonly direct: number;
  /** Bytes of text that are remembered; each takes 4 bytes. */
  readonly history: number;
}

/** 64 MB in all, which a workspace of about a megabyte fills. */
const defaultSizes: LocalModelSizes = { successors: 22, direct: 22, history: 22 };

/** The number of predictions that the local model gives for one bit. */
export const localInputs = directCount + successorInputs + matchCount;

/**
 * Learns the text of a workspace and of the documents being typed: which bytes came after which contexts, and where longer
 * passages were seen before. The contexts are paq8's kinds, chosen for code (Mahoney, "Adaptive Weighing of Context Models for
 * Lossless Data Compression", 2005). It learns one byte at a time and forgets what is old. All its memory is typed arrays of a
 * fixed size.
 */
export class LocalModel {
  readonly history: History;
  readonly #successors: Successors;
  readonly #direct: Direct;
  readonly #matches = new Matches();
  readonly #successorHashes = new Int32Array(successorCount);
  readonly #directHashes = new Int32Array(directCount);
  /** Level of the longest repeat at the current place, 0 (none) to 15. */
  matchLevel = 0;

  constructor(sizes: LocalModelSizes = defaultSizes) {
    this.#successors = new Successors(sizes.successors);
    this.#direct = new Direct(sizes.direct);
    this.history = new History(sizes.history);
  }

  /** How far to trust the counts: learned together with the mixing, and separate from the text. */
  get parameters(): readonly Uint16Array[] {
    return [this.#successors.evidence, this.#direct.evidence, this.#matches.evidence];
  }

  /** Everything that was learned from text. */
  get contents(): readonly (Uint8Array | Uint32Array | Int32Array)[] {
    return [this.#successors.buckets, this.#direct.slots, ...this.history.contents];
  }

  /** Forgets everything that was learned from text. */
  forget(): void {
    this.#successors.buckets.fill(0);
    this.#direct.forget();
    this.history.forget();
  }

  /** How many contexts of the current place were seen before. */
  get seen(): number {
    return this.#successors.seen;
  }

  /** How many of them were seen last in the text of the place. */
  get seenHere(): number {
    return this.#successors.seenHere;
  }

  /** The byte that the longest repeat expects at the current place; -1 if there is no repeat. */
  get expected(): number {
    return this.#matches.expected;
  }

  /** Makes a place the current one, so that its bits can be predicted. */
  look({ context, pointers, mark }: Place): void {
    successorContexts(context, this.#successorHashes);
    directContexts(context, this.#directHashes);
    this.#successors.lookUp(this.#successorHashes, mark);
    this.#direct.lookUp(this.#directHashes);
    this.matchLevel = this.#matches.lookUp(pointers, this.history);
  }

  /**
   * Predicts a bit of the byte at the current place.
   * @param partial the byte's bits so far, after a leading 1
   * @param bit the number of bits so far
   * @param inputs receives the predictions, ln(p / (1 − p)) that the bit is 1, [localInputs]
   */
  predict(partial: number, bit: number, inputs: Float32Array): void {
    this.#direct.predict(partial, bit, inputs, 0);
    this.#successors.predict(partial, bit, inputs, directCount);
    this.#matches.predict(partial, bit, inputs, directCount + successorInputs);
  }

  /** Learns how good the last predictions were. Does not learn the text. */
  learnTrust(value: number, bit: number): void {
    this.#direct.learnEvidence(value);
    this.#successors.learnBit(value);
    this.#matches.learnBit(value, bit);
  }

  /** Learns that a byte came at a place, and moves the place after it. */
  learn(place: Place, byte: number): void {
    successorContexts(place.context, this.#successorHashes);
    directContexts(place.context, this.#directHashes);
    this.#successors.learnByte(this.#successorHashes, byte, place.mark);
    this.#direct.learnByte(this.#directHashes, byte);
    this.advance(place, byte);
    this.history.add(byte, place.context);
  }

  /**
   * Counts that a byte came at a place, and moves the place's context after it. Neither the history nor the place's repeats
   * change.
   */
  count({ context, mark }: Place, byte: number): void {
    successorContexts(context, this.#successorHashes);
    directContexts(context, this.#directHashes);
    this.#successors.learnByte(this.#successorHashes, byte, mark);
    this.#direct.learnByte(this.#directHashes, byte);
    context.push(byte);
  }

  /**
   * Takes back that a byte came at a place, and moves the place's context after it. The place's repeats do not change. The tables
   * are hashed and their counts fade, so the former state is restored only approximately. The history keeps the byte; see {@link
   * History.erase}.
   */
  unlearn({ context }: Place, byte: number): void {
    successorContexts(context, this.#successorHashes);
    directContexts(context, this.#directHashes);
    this.#successors.unlearnByte(this.#successorHashes, byte);
    this.#direct.unlearnByte(this.#directHashes, byte);
    context.push(byte);
  }

  /** Predicts as if a byte had come at a place once less. Nothing stays changed. */
  without<Result>(place: Place, byte: number, predict: () => Result): Result {
    const before = place.clone();
    successorContexts(place.context, this.#successorHashes);
    directContexts(place.context, this.#directHashes);
    const restore = [this.#successors.keep(this.#successorHashes), this.#direct.keep(this.#directHashes, byte)];
    this.unlearn(before, byte);
    try {
      return predict();
    } finally {
      for (const each of restore) each();
    }
  }

  /** Moves a place after a byte, and learns nothing. */
  advance(place: Place, byte: number): void {
    place.context.push(byte);
    place.pointers.push(byte, place.context, this.history);
    place.replaced = place.replaced?.after(byte);
  }
}
