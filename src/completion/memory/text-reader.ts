import { setImmediate } from "node:timers/promises";
import type { LanguageModel } from "../../model/language-model.ts";
import { Place } from "../prediction/local/place.ts";
import type { Mixture } from "../prediction/mixture.ts";
import { byteCosts } from "../prediction/text-cost.ts";
import { seedOf } from "../random.ts";
import { bytesOf, readable } from "../text.ts";

/** Bytes that are read at once: less than a millisecond's work, so that no request waits. */
const slice = 256;

/** The same where the network reads along. */
const rehearsedSlice = 8;

/** Characters of the last texts of a workspace that are rehearsed, which takes some seconds: they show how far to trust each source. */
export const mostRehearsed = 80_000;

/** A text that was read: its hash, and the history's length when it ended. */
export type KnownText = readonly [hash: number, end: number];

/**
 * Reads whole texts into the local model, a little at a time, and none twice while the history holds it. However many texts are
 * read side by side, one slice is read at a time, and other work goes on between any two.
 */
export class TextReader {
  readonly #mixture: Mixture;
  /** By hash, where each text ends in the history. */
  readonly #known = new Map<number, number>();
  readonly #reading = new Set<number>();
  readonly #goingFirst = new Set<Promise<unknown>>();
  #turn: Promise<void> = Promise.resolve();

  constructor(mixture: Mixture) {
    this.#mixture = mixture;
  }

  /** The texts that were read and that the history still holds. */
  get known(): KnownText[] {
    return [...this.#known].filter(([hash]) => this.#isKnown(hash));
  }

  /** Tells which texts the history holds, in the place of those known before. */
  set known(texts: Iterable<KnownText>) {
    this.#known.clear();
    for (const [hash, end] of texts) this.#known.set(hash, end);
  }

  /** Tells that the local model knows a text, having learned it as it was typed. */
  remember(text: string): void {
    this.#known.set(hashOf(text), this.#mixture.local.history.length);
  }

  /** Lets other work, such as a request that a user waits for, go first: nothing is read until it has ended. */
  yieldTo(work: Promise<unknown>): void {
    const ended: Promise<unknown> = work.then(
      () => this.#goingFirst.delete(ended),
      () => this.#goingFirst.delete(ended),
    );
    this.#goingFirst.add(ended);
  }

  /**
   * Reads a text; other work goes on in between.
   * @returns whether it was new
   * @throws the signal's reason if it is aborted
   */
  async read(text: string, signal?: AbortSignal): Promise<boolean> {
    return await this.#readNew(text, async () => {
      const place = new Place();
      const bytes = bytesOf(text);
      for (let from = 0; from < bytes.length; from += slice) {
        signal?.throwIfAborted();
        for (const byte of bytes.subarray(from, from + slice)) this.#mixture.local.learn(place, byte);
        await this.#nextTurn();
      }
      signal?.throwIfAborted();
    });
  }

  /**
   * Reads a text as if it were typed: predicts it, and learns from that how far to trust each source in this workspace. Some
   * twenty times slower than {@link read}.
   * @throws the signal's reason if it is aborted
   */
  async rehearse(text: string, model: LanguageModel, signal?: AbortSignal): Promise<boolean> {
    const nextTurn = (): Promise<void> => this.#nextTurn();
    return await this.#readNew(text, async () => {
      await byteCosts(this.#mixture, bytesOf(text), { model, chunk: rehearsedSlice, nextTurn, signal });
    });
  }

  /** A text counts as known only when all of it was read. */
  async #readNew(text: string, read: () => Promise<void>): Promise<boolean> {
    await this.#nextTurn();
    const hash = hashOf(text);
    if (this.#isKnown(hash) || this.#reading.has(hash)) return false;
    this.#reading.add(hash);
    try {
      await read();
      this.#known.set(hash, this.#mixture.local.history.length);
    } finally {
      this.#reading.delete(hash);
    }
    return true;
  }

  #isKnown(hash: number): boolean {
    const { length, bytes } = this.#mixture.local.history;
    const end = this.#known.get(hash);
    return end !== undefined && end <= length && length - end < bytes.length;
  }

  /** Ends when it is one's turn to read on: after all who asked before, each in a turn of the event loop of its own. */
  #nextTurn(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await setImmediate();
      while (this.#goingFirst.size > 0) await Promise.all(this.#goingFirst);
    });
    return this.#turn;
  }
}

/** Of a text as models read it: the same for a file and for the document that an editor makes of it. */
function hashOf(text: string): number {
  return seedOf(readable(text));
}
