import { directContexts, directCount, ownContexts, ownCount, successorContexts, successorCount } from "./contexts.ts";
import { Direct } from "./direct.ts";
import { History } from "./history.ts";
import { Matches, matchCount } from "./matches.ts";
import type { Place } from "./place.ts";
import { Successors } from "./successors.ts";
import type { TextContext } from "./text-context.ts";

/** Sizes of the tables, as binary logarithms of their numbers of entries. */
export interface LocalModelSizes {
  /** Contexts whose successors are remembered, 8 bytes each. */
  readonly successors: number;
  /** The same of texts by themselves; by default, a quarter as many. */
  readonly own?: number;
  /** Slots for direct estimates, 4 bytes each. */
  readonly direct: number;
  /** Bytes of text that are remembered; each takes 4 bytes. */
  readonly history: number;
}

/** 72 MB in all. A workspace of about a megabyte fills the table of all texts, and one of half as much that of texts by themselves. */
export const defaultSizes: Required<LocalModelSizes> = { successors: 22, own: 20, direct: 22, history: 22 };

/** Indices of the first prediction of each kind: after direct estimates those of all texts, of the text by itself, and of repeats. */
export const ownInputsAt = directCount + 2 * successorCount;
export const matchInputsAt = ownInputsAt + ownCount;

/** The number of predictions that the local model gives for one bit. */
export const localInputs = matchInputsAt + matchCount;

/**
 * Learns the text of a workspace and of the documents being typed: which bytes came after which contexts, and where longer
 * passages were seen before. The contexts are paq8's kinds, chosen for code (Mahoney, "Adaptive Weighing of Context Models for
 * Lossless Data Compression", 2005). It learns one byte at a time and forgets what is old. All its memory is typed arrays of a
 * fixed size.
 */
export class LocalModel {
  readonly history: History;
  readonly #successors: Successors;
  /**
   * What came after contexts within each text by itself: it keeps what a text does from being outweighed by what others do, above all those of
   * other projects.
   */
  readonly #own: Successors;
  readonly #direct: Direct;
  readonly #matches = new Matches();
  readonly #successorHashes = new Int32Array(successorCount);
  readonly #ownHashes = new Int32Array(ownCount);
  readonly #directHashes = new Int32Array(directCount);
  /** Level of the longest repeat at the current place, 0 (none) to 15. */
  matchLevel = 0;

  constructor(sizes: LocalModelSizes = defaultSizes) {
    this.#successors = new Successors(sizes.successors, successorCount, true);
    this.#own = new Successors(sizes.own ?? Math.max(0, sizes.successors - 2), ownCount, false);
    this.#direct = new Direct(sizes.direct);
    this.history = new History(sizes.history);
  }

  /** How far to trust the counts: learned together with the mixing, and separate from the text. */
  get parameters(): readonly Uint16Array[] {
    return [this.#successors.evidence, this.#own.evidence, this.#direct.evidence, this.#matches.evidence];
  }

  /** Everything that was learned from text. */
  get contents(): readonly (Uint8Array | Uint32Array | Int32Array)[] {
    return [this.#successors.buckets, this.#direct.slots, this.#own.buckets, ...this.history.contents];
  }

  /** Forgets everything that was learned from text. */
  forget(): void {
    this.#successors.buckets.fill(0);
    this.#own.buckets.fill(0);
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
    this.#hash(context, mark);
    this.#successors.lookUp(this.#successorHashes, mark);
    this.#own.lookUp(this.#ownHashes, mark);
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
    this.#own.predict(partial, bit, inputs, ownInputsAt);
    this.#matches.predict(partial, bit, inputs, matchInputsAt);
  }

  /** Learns how good the last predictions were. Does not learn the text. */
  learnTrust(value: number, bit: number): void {
    this.#direct.learnEvidence(value);
    this.#successors.learnBit(value);
    this.#own.learnBit(value);
    this.#matches.learnBit(value, bit);
  }

  /** Learns that a byte came at a place, and moves the place after it. */
  learn(place: Place, byte: number): void {
    this.#learnCounts(place, byte);
    this.advance(place, byte);
    this.history.add(byte, place.context);
  }

  /**
   * Counts that a byte came at a place, and moves the place's context after it. Neither the history nor the place's repeats
   * change.
   */
  count(place: Place, byte: number): void {
    this.#learnCounts(place, byte);
    place.context.push(byte);
  }

  /**
   * Takes back that a byte came at a place, and moves the place's context after it. The place's repeats do not change. The tables
   * are hashed and their counts fade, so the former state is restored only approximately. The history keeps the byte; see {@link
   * History.erase}.
   */
  unlearn({ context, mark }: Place, byte: number): void {
    this.#hash(context, mark);
    this.#successors.unlearnByte(this.#successorHashes, byte);
    this.#own.unlearnByte(this.#ownHashes, byte);
    this.#direct.unlearnByte(this.#directHashes, byte);
    context.push(byte);
  }

  /** Counts that a byte came at a place in its text by itself, whose contents others share, and moves the place's context after it. */
  learnOwn({ context, mark }: Place, byte: number): void {
    ownContexts(context, mark, this.#ownHashes);
    this.#own.learnByte(this.#ownHashes, byte, mark);
    context.push(byte);
  }

  /** Takes back one {@link learnOwn}, or what {@link learn} counted in the text by itself. */
  unlearnOwn({ context, mark }: Place, byte: number): void {
    ownContexts(context, mark, this.#ownHashes);
    this.#own.unlearnByte(this.#ownHashes, byte);
    context.push(byte);
  }

  /** Predicts as if a byte had come at a place once less. Nothing stays changed. */
  without<Result>(place: Place, byte: number, predict: () => Result): Result {
    const before = place.clone();
    this.#hash(place.context, place.mark);
    const restore = [
      this.#successors.keep(this.#successorHashes),
      this.#own.keep(this.#ownHashes),
      this.#direct.keep(this.#directHashes, byte),
    ];
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

  #learnCounts({ context, mark }: Place, byte: number): void {
    this.#hash(context, mark);
    this.#successors.learnByte(this.#successorHashes, byte, mark);
    this.#own.learnByte(this.#ownHashes, byte, mark);
    this.#direct.learnByte(this.#directHashes, byte);
  }

  #hash(context: TextContext, mark: number): void {
    successorContexts(context, this.#successorHashes);
    ownContexts(context, mark, this.#ownHashes);
    directContexts(context, this.#directHashes);
  }
}
