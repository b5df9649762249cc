import type { LanguageModel } from "../../model/language-model.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { Place } from "../prediction/local/place.ts";
import type { Mixture } from "../prediction/mixture.ts";
import { byteCosts } from "../prediction/text-cost.ts";
import { seedOf } from "../random.ts";
import { bytesOf, readable } from "../text.ts";
import { type Change, lineChanges } from "./line-changes.ts";
import { addPiece, bytesAt, PieceCursor, type Pieces } from "./pieces.ts";
import { type NamedRecord, TextRecords } from "./text-records.ts";
import { Turns } from "./turns.ts";

/** Bytes that are learned or unlearned at once: less than a millisecond's work, so that no request waits. */
const slice = 256;

/** The same where a text is only passed over. */
const passedSlice = 4096;

/** The same where the network reads along. */
const rehearsedSlice = 8;

/** Characters of the last texts of a workspace that are rehearsed, which takes some seconds: they show how far to trust each source. */
export const mostRehearsed = 80_000;

export interface ReadOptions {
  /** What the text is known by, such as its file's path: it takes the place of what had that name before. By default, its contents. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads whole texts into the local model, a little at a time, and none twice while the history holds it; of a text that has
 * changed, only what has come in, and what has gone is taken back. However many texts are read side by side, one slice is read at
 * a time, and other work goes on between any two.
 */
export class TextReader {
  readonly #mixture: Mixture;
  readonly #records: TextRecords;
  readonly #turns = new Turns();
  /** By name, when what is done with that text now has ended. */
  readonly #busy = new Map<string, Promise<unknown>>();

  constructor(mixture: Mixture) {
    this.#mixture = mixture;
    this.#records = new TextRecords(mixture.local.history);
  }

  /** The texts that were read and that the history still holds. */
  get known(): NamedRecord[] {
    return this.#records.all;
  }

  /** Sets which texts the history holds, in place of those known before. */
  set known(records: Iterable<NamedRecord>) {
    this.#records.all = records;
  }

  /** The names of the texts that were read. */
  get names(): string[] {
    return this.#records.names;
  }

  /** Whether anything of a text is known by this name. */
  knows(name: string): boolean {
    return this.#records.get(name) !== undefined;
  }

  /** Where the history has a text. */
  piecesOf(name: string): Pieces {
    return this.#records.get(name)?.pieces ?? [];
  }

  /** The name of a text that the history has at a position; undefined if none is known. */
  nameAt(position: number): string | undefined {
    return this.#records.nameAt(position);
  }

  /** When all that was begun has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#busy.values());
  }

  /**
   * Does work in short steps as texts are read: other work goes on in between.
   * @throws the signal's reason if it is aborted
   */
  async inTurns(steps: Iterable<void>, signal: AbortSignal): Promise<void> {
    await this.#turns.next();
    for (const _ of steps) {
      signal.throwIfAborted();
      await this.#turns.next();
    }
    signal.throwIfAborted();
  }

  /** Lets other work, such as a request that a user waits for, go first: nothing is read until it has ended. */
  yieldTo(work: Promise<unknown>): void {
    this.#turns.yieldTo(work);
  }

  /**
   * Reads a text; other work goes on in between.
   * @returns whether it was new
   * @throws the signal's reason if it is aborted; then what was read until then is known, and the rest is read the next time
   */
  async read(text: string, options: ReadOptions = {}): Promise<boolean> {
    return await this.#readNew(text, options, (name, bytes) => this.#become(name, bytes, learning, options.signal));
  }

  /**
   * Reads a text as if it were typed: predicts it, and learns from that how far to trust each source in this workspace. Some
   * twenty times slower than {@link read}, which does it where the text was known in another form.
   * @throws the signal's reason if it is aborted
   */
  async rehearse(text: string, model: LanguageModel, options: ReadOptions = {}): Promise<boolean> {
    return await this.#readNew(text, options, async (name, bytes) => {
      if (this.#records.get(name)) await this.#become(name, bytes, learning, options.signal);
      else await this.#rehearse(name, bytes, model, options.signal);
    });
  }

  /**
   * Takes back all that was learned of a text.
   * @throws the signal's reason if it is aborted; then the rest is still known
   */
  async forget(name: string, signal?: AbortSignal): Promise<void> {
    await this.#alone(name, () => this.#forget(name, signal));
  }

  /**
   * Notes that a text was learned as it was typed, so that it is not read again, and can be taken back.
   * @param textOf gives the text, in the background
   */
  async settle(name: string, textOf: () => Promise<string>): Promise<void> {
    await this.#alone(name, async () => {
      await this.#turns.next();
      const text = await textOf();
      if (this.#records.isShared(name)) this.#records.delete(name);
      await this.#become(name, bytesOf(text), noting, undefined);
      this.#complete(name, hashOf(text));
    });
  }

  /** A text counts as known only when all of it was read. */
  async #readNew(
    text: string,
    { name, signal }: ReadOptions,
    read: (name: string, bytes: Uint8Array) => Promise<void>,
  ): Promise<boolean> {
    const hash = hashOf(text);
    const known = name ?? `text ${hash}`;
    return await this.#alone(known, async () => {
      await this.#turns.next();
      const same = this.#records.withHash(hash);
      if (same && this.#records.get(known)?.hash === hash) return false;
      if (same || this.#records.isShared(known)) await this.#forget(known, signal);
      if (same) this.#records.set(known, same);
      else {
        await read(known, bytesOf(text));
        this.#complete(known, hash);
      }
      return !same;
    });
  }

  async #forget(name: string, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#records.isShared(name)) await this.#become(name, new Uint8Array(0), learning, signal);
    this.#records.delete(name);
  }

  /** Goes from what is known of a text to what it is now. */
  async #become(name: string, bytes: Uint8Array, step: Step, signal: AbortSignal | undefined): Promise<void> {
    const { local } = this.#mixture;
    const { history } = local;
    const known = this.#records.get(name)?.pieces ?? [];
    const held = bytesAt(history, known);
    const former = held ?? new Uint8Array(0);
    const cursor = new PieceCursor(held ? known : []);
    const pieces: number[] = [];
    const places = { before: new Place(), after: new Place() };
    let [formerAt, at] = [0, 0];
    try {
      for (const { kind, length } of sliced(await lineChanges(former, bytes))) {
        signal?.throwIfAborted();
        const gone = former.subarray(formerAt, formerAt + (kind === "added" ? 0 : length));
        const come = bytes.subarray(at, at + (kind === "removed" ? 0 : length));
        const passed = cursor.take(gone.length);
        formerAt += gone.length;
        at += come.length;
        if (kind === "same") {
          for (const byte of come) {
            places.before.context.push(byte);
            places.after.context.push(byte);
          }
          addPieces(pieces, passed);
        } else {
          step.remove(local, places.before, gone);
          for (let i = 0; i < passed.length; i += 2) history.erase(passed[i] ?? 0, passed[i + 1] ?? 0);
          if (come.length > 0 && pieces.at(-1) !== history.length) history.separate();
          const from = history.length;
          step.add(local, places.after, come);
          addPiece(pieces, from, history.length);
        }
        await this.#turns.next();
      }
      signal?.throwIfAborted();
    } finally {
      addPieces(pieces, cursor.take(Number.POSITIVE_INFINITY));
      this.#records.set(name, { hash: undefined, pieces });
    }
  }

  async #rehearse(name: string, bytes: Uint8Array, model: LanguageModel, signal?: AbortSignal): Promise<void> {
    const { history } = this.#mixture.local;
    const pieces: number[] = [];
    let done = 0;
    history.separate();
    const nextTurn = async (): Promise<void> => {
      const count = Math.min(rehearsedSlice, bytes.length - done);
      done += count;
      addPiece(pieces, history.length - count, history.length);
      await this.#turns.next();
    };
    try {
      await byteCosts(this.#mixture, bytes, { model, chunk: rehearsedSlice, nextTurn, signal });
    } finally {
      this.#records.set(name, { hash: undefined, pieces });
    }
  }

  #complete(name: string, hash: number): void {
    this.#records.set(name, { hash, pieces: this.#records.get(name)?.pieces ?? [] });
  }

  /** Does one thing at a time with a text. */
  async #alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const former = this.#busy.get(name) ?? Promise.resolve();
    const running = former.then(work, work);
    this.#busy.set(name, running);
    try {
      return await running;
    } finally {
      if (this.#busy.get(name) === running) this.#busy.delete(name);
    }
  }
}

/** What is done where a text has changed. */
interface Step {
  readonly remove: (local: LocalModel, place: Place, bytes: Iterable<number>) => void;
  readonly add: (local: LocalModel, place: Place, bytes: Iterable<number>) => void;
}

const learning: Step = {
  remove: (local, place, bytes) => {
    for (const byte of bytes) local.unlearn(place, byte);
  },
  add: (local, place, bytes) => {
    for (const byte of bytes) local.learn(place, byte);
  },
};

/** For what was counted already as it was typed. */
const noting: Step = {
  remove: (_, { context }, bytes) => {
    for (const byte of bytes) context.push(byte);
  },
  add: ({ history }, { context }, bytes) => {
    for (const byte of bytes) {
      context.push(byte);
      history.add(byte, context);
    }
  },
};

/** Changes in pieces that are short enough for one turn. */
function* sliced(changes: readonly Change[]): Generator<Change> {
  for (const { kind, length } of changes) {
    const most = kind === "same" ? passedSlice : slice;
    for (let from = 0; from < length; from += most) yield { kind, length: Math.min(most, length - from) };
  }
}

function addPieces(pieces: number[], more: readonly number[]): void {
  for (let i = 0; i < more.length; i += 2) addPiece(pieces, more[i] ?? 0, more[i + 1] ?? 0);
}

/** Of a text as models read it: the same for a file and for the document that an editor makes of it. */
function hashOf(text: string): number {
  return seedOf(readable(text));
}
