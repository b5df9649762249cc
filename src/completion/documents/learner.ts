import { setImmediate } from "node:timers/promises";
import type { Span } from "../../span.ts";
import { holdsPosition } from "../memory/pieces.ts";
import type { TextReader } from "../memory/text-reader.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { bytesOf } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import { type Change, type Edit, longestTyped } from "./edit.ts";
import { learnableChanges, wholeCharacters } from "./learnable-changes.ts";
import { allowsAll, type LearningFilter } from "./learning-filter.ts";
import type { DocumentPlace } from "./place.ts";
import { Provisional } from "./provisional.ts";

/** The prediction at an offset of a text. */
export interface PredictionAt {
  readonly offset: number;
  readonly prediction: Prediction;
}

/** The text that an edit brought in. */
export interface Arrivals {
  /** The typed passages, in whole characters, to be learned at once; see {@link DocumentLearner.learn}. */
  readonly typed: readonly Span[];
  /** Resolves when the rest, which is read in the background, is learned. */
  readonly read: Promise<void>;
}

/**
 * Longer texts, in UTF-16 units, are data and not learned: they would push out what was learned. The same limit holds for files.
 */
const longestRead = 1 << 20;

/** The most places of one edit that are learned at once. More, as from a formatter or a renaming, are learned in the background. */
const mostAtOnce = 8;

/** The most places of one edit that are learned. More would teach nothing new. */
const mostPlaces = 1_000;

/** Learns one document as it is written: its text, and from the predictions that were made, how to mix. */
export class DocumentLearner {
  readonly #name: string;
  readonly #place: DocumentPlace;
  readonly #reader: TextReader;
  readonly #filter: LearningFilter;
  readonly #provisional: Provisional;
  readonly #closed = new AbortController();
  /** The text that is learned; undefined before the first one. */
  #text: DocumentText | undefined;
  /** Resolves when everything that waits to be read in the background is read. */
  #queue: Promise<unknown> = Promise.resolve();
  /** How many texts and edits are in the queue, with the one that is being read. */
  #queued = 0;
  /** Whether something was left out. */
  #isPart = false;

  /**
   * @param name the name by which the document's text is known
   * @param place the local model's place in the document
   * @param reader reads what is too long to be learned at once
   * @param filter decides what may be learned
   */
  constructor(
    name: string,
    local: LocalModel,
    place: DocumentPlace,
    reader: TextReader,
    filter: LearningFilter = allowsAll,
  ) {
    this.#name = name;
    this.#filter = filter;
    this.#place = place;
    this.#reader = reader;
    this.#provisional = new Provisional(local, (position) => holdsPosition(reader.piecesOf(name), position));
  }

  /**
   * Takes the new text, which the place must have already. Takes back what was removed, and begins to read what is too long to
   * have been typed. The first text is read as a whole. Edits are learned one after another: while one is being read, the next
   * ones wait in the background, because they may remove what is not learned yet.
   * @param edit how the text became this one; without it, or if it does not start from the last text, the texts are compared
   * @returns what remains to be learned
   */
  take(text: DocumentText, edit?: Edit): Arrivals {
    const former = this.#text;
    this.#text = text;
    if (former === text) return { typed: [], read: Promise.resolve() };
    if (former === undefined) return { typed: [], read: this.#read(text) };
    const changes = (edit?.former === former ? edit.changes : [changeBetween(former, text)]).map(
      ({ removed, added }) => ({ removed: wholeCharacters(former, removed), added: wholeCharacters(text, added) }),
    );
    const atOnce = this.#queued > 0 ? 0 : changes.length - longChangesOf(changes).length;
    const typed: Span[] = [];
    for (const { removed, added } of learnableChanges(this.#filter, former, text, changes.slice(0, atOnce))) {
      if (removed) finish(this.#provisional.takeBack(former, removed));
      if (!added) continue;
      if (added.from < added.to) typed.push(added);
      else this.#provisional.countRest(text, added.to);
    }
    return { typed, read: this.#readChanges(former, text, changes.slice(atOnce)) };
  }

  /**
   * Learns a passage that was typed.
   * @param text the text that contains it, including the text before the document's own
   * @param predictions the predictions along it, as long as the typed text agreed with them
   */
  learn(text: DocumentText, { from, to }: Span, predictions: readonly PredictionAt[]): void {
    for (const { offset, prediction } of predictions) {
      const [byte] = bytesOf(text.slice(offset, offset + 2));
      if (byte !== undefined) prediction.learn(byte);
    }
    this.#provisional.note(() => this.#place.learn(text, from, to));
    this.#provisional.countRest(text, to, (_, offset) => this.#place.at(text, offset));
  }

  /**
   * Settles the current text, if all of it was learned: it counts as known by its name, is not read again as a file, and can be
   * taken back.
   */
  async settle(): Promise<void> {
    const text = this.#text;
    if (this.#queued > 0 || this.#isPart || text === undefined) return;
    const erase = this.#provisional.settle();
    await this.#reader.settle(this.#name, () => this.#allowed(text));
    erase();
  }

  /** Stops reading, and settles what was learned. */
  async close(): Promise<void> {
    const settled = this.settle();
    this.#closed.abort();
    await settled;
  }

  /**
   * Closes after everything in the queue is read. Only then is all that was typed known by the document's name, so that it can be
   * compared with the file and taken back.
   */
  async finish(): Promise<void> {
    await this.#queue;
    await this.close();
  }

  /** The parts of a text that may be learned. Other work runs in between. */
  async #allowed(text: DocumentText): Promise<string> {
    let allowed = "";
    for (const part of this.#filter.partsOf(text.toString())) {
      allowed += part;
      await setImmediate();
    }
    return allowed;
  }

  async #read(text: DocumentText): Promise<void> {
    await this.#inBackground(text.length, async (signal) => {
      await this.#reader.read(await this.#allowed(text), { name: this.#name, signal });
    });
  }

  async #readChanges(former: DocumentText, text: DocumentText, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    if (changes.length > mostPlaces) this.#isPart = true;
    const some = changes.slice(0, mostPlaces);
    await this.#inBackground(Math.max(...some.map(lengthOf)), async (signal) => {
      await this.#reader.inTurns(this.#stepsOf(former, text, some), signal);
    });
  }

  *#stepsOf(former: DocumentText, text: DocumentText, changes: readonly Change[]): Generator<void> {
    for (const { removed, added } of learnableChanges(this.#filter, former, text, changes)) {
      if (removed) yield* this.#provisional.takeBack(former, removed, this.#partsOf(former, removed));
      yield;
      if (added) yield* this.#provisional.learn(text, added, this.#partsOf(text, added));
      yield;
    }
  }

  /** The parts of a passage that may be learned, if its lines may be. */
  #partsOf(text: DocumentText, { from, to }: Span): Iterable<string> {
    const passage = text.slice(from, to);
    return to - from > longestTyped ? this.#filter.partsOf(passage) : [passage];
  }

  /** Reads after everything that is in the queue already. */
  async #inBackground(length: number, read: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (length > longestRead) {
      this.#isPart = true;
      return;
    }
    this.#queued++;
    const reading = this.#queue.then(() => this.#readUntilClosed(read));
    // An edit that fails doesn't hold up the next ones.
    this.#queue = reading.catch(() => undefined);
    await reading;
  }

  async #readUntilClosed(read: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#closed;
    try {
      if (!signal.aborted) await read(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#queued--;
    }
  }
}

/** The changes that are left when as many as can be learned at once are taken. */
function longChangesOf(changes: readonly Change[]): readonly Change[] {
  let left = longestTyped;
  const first = changes.findIndex((change, i) => {
    left -= lengthOf(change);
    return left < 0 || i === mostAtOnce;
  });
  return first < 0 ? [] : changes.slice(first);
}

function lengthOf({ removed, added }: Change): number {
  return removed.to - removed.from + added.to - added.from;
}

/** The one change that leads from a former text to another. */
function changeBetween(former: DocumentText, text: DocumentText): Change {
  const added = text.differenceFrom(former);
  return { removed: { from: added.from, to: former.length - (text.length - added.to) }, added };
}

function finish(steps: Generator<void>): void {
  while (!steps.next().done);
}
