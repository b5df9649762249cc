import type { Network } from "../../model/language-model.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { markOf, Place } from "../prediction/local/place.ts";
import type { Mixture } from "../prediction/mixture.ts";
import { byteCosts } from "../prediction/text-cost.ts";
import { type LineChange, lineChanges } from "./line-changes.ts";
import { addPiece, bytesAt, PieceCursor, type Pieces } from "./pieces.ts";
import type { TextRecords } from "./text-records.ts";
import type { Turns } from "./turns.ts";

/** Bytes that are learned or unlearned in one turn: some 0.3 milliseconds of work. A message waits for two or three turns. */
const slice = 64;

/** Bytes in one turn that are counted in their text by itself alone, which is a quarter of the work. */
const ownSlice = 256;

/** Bytes in one turn where the text has not changed. */
const unchangedSlice = 2048;

/** Bytes in one turn where the network reads along. */
const rehearsedSlice = 8;

/**
 * Brings what the local model knows of a text up to date, one slice a turn. Only what has changed is learned or unlearned.
 * The record of the text follows, also when an abort ends the work halfway.
 */
export class TextLearner {
  readonly #mixture: Mixture;
  readonly #records: TextRecords;
  readonly #turns: Turns;

  constructor(mixture: Mixture, records: TextRecords, turns: Turns) {
    this.#mixture = mixture;
    this.#records = records;
    this.#turns = turns;
  }

  /**
   * Learns the lines that are new in a text, and unlearns the lines that are gone.
   * @param bytes the whole text as it is now; empty: unlearns all of it
   * @param nextTurn waits for the next slice's turn. Default: the turns of all background work
   * @throws the signal's reason if it is aborted
   */
  async learn(
    name: string,
    bytes: Uint8Array,
    signal: AbortSignal | undefined,
    nextTurn?: () => Promise<void>,
  ): Promise<void> {
    await this.#become(name, bytes, learning, signal, nextTurn);
  }

  /** Enters a text into the history that was counted already, as it was typed. */
  async note(name: string, bytes: Uint8Array): Promise<void> {
    await this.#become(name, bytes, noting, undefined);
  }

  /** Counts a text by itself under one more name. Its contents were learned under another name, and are not learned again. */
  async share(name: string, pieces: Pieces): Promise<void> {
    await this.#countOwn(name, pieces, (place, byte) => this.#mixture.local.learnOwn(place, byte));
  }

  /** Takes back what was counted of a text by itself. Its contents stay known under another name. */
  async unshare(name: string, pieces: Pieces): Promise<void> {
    await this.#countOwn(name, pieces, (place, byte) => this.#mixture.local.unlearnOwn(place, byte));
  }

  /**
   * Learns a text that is not known yet by predicting it, so that the mixture learns how far to trust each source.
   * @throws the signal's reason if it is aborted
   */
  async rehearse(name: string, bytes: Uint8Array, model: Network, signal?: AbortSignal): Promise<void> {
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
      await byteCosts(this.#mixture, bytes, {
        model,
        name,
        isRehearsed: true,
        chunk: rehearsedSlice,
        nextTurn,
        signal,
      });
    } finally {
      this.#records.set(name, { hash: undefined, pieces });
    }
  }

  /** Takes the bytes from the history before the first turn: they may be erased while others have theirs. */
  async #countOwn(name: string, pieces: Pieces, count: (place: Place, byte: number) => void): Promise<void> {
    const bytes = bytesAt(this.#mixture.local.history, pieces) ?? new Uint8Array(0);
    const place = new Place(markOf(name));
    for (let from = 0; from < bytes.length; from += ownSlice) {
      for (const byte of bytes.subarray(from, from + ownSlice)) count(place, byte);
      await this.#turns.next();
    }
  }

  /** Goes through a text from its known form to its new one, and applies each change. */
  async #become(
    name: string,
    bytes: Uint8Array,
    step: Step,
    signal: AbortSignal | undefined,
    nextTurn = () => this.#turns.next(),
  ): Promise<void> {
    const { local } = this.#mixture;
    const { history } = local;
    const known = this.#records.get(name)?.pieces ?? [];
    const held = bytesAt(history, known);
    const former = held ?? new Uint8Array(0);
    const cursor = new PieceCursor(held ? known : []);
    const pieces: number[] = [];
    const mark = markOf(name);
    const places = { before: new Place(mark), after: new Place(mark) };
    let [formerAt, at] = [0, 0];
    try {
      for (const { kind, length } of sliced(await lineChanges(former, bytes))) {
        signal?.throwIfAborted();
        const removed = former.subarray(formerAt, formerAt + (kind === "added" ? 0 : length));
        const added = bytes.subarray(at, at + (kind === "removed" ? 0 : length));
        const passed = cursor.take(removed.length);
        formerAt += removed.length;
        at += added.length;
        if (kind === "same") {
          for (const byte of added) {
            places.before.context.push(byte);
            places.after.context.push(byte);
          }
          addPieces(pieces, passed);
        } else {
          step.remove(local, places.before, removed);
          for (let i = 0; i < passed.length; i += 2) history.erase(passed[i] ?? 0, passed[i + 1] ?? 0);
          if (added.length > 0 && pieces.at(-1) !== history.length) history.separate();
          const from = history.length;
          step.add(local, places.after, added);
          addPiece(pieces, from, history.length);
        }
        await nextTurn();
      }
      signal?.throwIfAborted();
    } finally {
      addPieces(pieces, cursor.take(Number.POSITIVE_INFINITY));
      this.#records.set(name, { hash: undefined, pieces });
    }
  }
}

/** What to do with the bytes that were removed from a text, and with those that were added. */
interface Step {
  readonly remove: (local: LocalModel, place: Place, bytes: Iterable<number>) => void;
  readonly add: (local: LocalModel, place: Place, bytes: Iterable<number>) => void;
}

const learning: Step = {
  remove: (local, place, bytes) => {
    for (const byte of bytes) if (byte !== erased) local.unlearn(place, byte);
  },
  add: (local, place, bytes) => {
    for (const byte of bytes) local.learn(place, byte);
  },
};

/** In place of a byte that was taken back when it was removed in the editor. */
const erased = 0;

/** Leaves the counts as they are: the text was counted as it was typed. */
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

/** The same changes in slices that are short enough for one turn. */
function* sliced(changes: readonly LineChange[]): Generator<LineChange> {
  for (const { kind, length } of changes) {
    const most = kind === "same" ? unchangedSlice : slice;
    for (let from = 0; from < length; from += most) yield { kind, length: Math.min(most, length - from) };
  }
}

function addPieces(pieces: number[], more: readonly number[]): void {
  for (let i = 0; i < more.length; i += 2) addPiece(pieces, more[i] ?? 0, more[i + 1] ?? 0);
}
