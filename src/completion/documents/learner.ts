import { setImmediate } from "node:timers/promises";
import { boundaryBefore, isBoundary } from "../../boundary.ts";
import { holdsPosition } from "../memory/pieces.ts";
import type { TextReader } from "../memory/text-reader.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { bytesOf, restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import { type Change, type Edit, longestTyped, type Span } from "./edit.ts";
import { allowsAll, type LearningFilter } from "./learning-filter.ts";
import type { DocumentPlace } from "./place.ts";
import { Provisional } from "./provisional.ts";

/** What was predicted at an offset of a text. */
export interface PredictionAt {
  readonly offset: number;
  readonly prediction: Prediction;
}

/** What has come into a text. */
export interface Arrivals {
  /** What was typed, to be learned at once, whole characters; see {@link DocumentLearner.learn}. */
  readonly typed: readonly Span[];
  /** When the rest is learned, which is read in the background. */
  readonly read: Promise<void>;
}

/** More than this is data, as it is where files are chosen; reading it would drive out what was learned. */
const longestRead = 1 << 20;

/** Places of one edit that are learned at once; the others, as a formatter or a renaming changes them, in the background. */
const mostAtOnce = 8;

/** Of more places than this, one teaches what the others do. */
const mostPlaces = 1_000;

/** So much of a line is looked at left and right of what was typed in it. */
const longestLine = 1000;

/** Learns one document as it is written: its text, and how to mix where it was predicted. */
export class DocumentLearner {
  readonly #name: string;
  readonly #place: DocumentPlace;
  readonly #reader: TextReader;
  readonly #filter: LearningFilter;
  readonly #provisional: Provisional;
  readonly #closed = new AbortController();
  /** What is learned; undefined before the first text. */
  #text: DocumentText | undefined;
  /** Passages that are being read in the background. */
  #readings = 0;
  /** Whether something was left out. */
  #isPart = false;

  /**
   * @param name what the document's text is known by
   * @param place where the local model stands in it
   * @param reader for what is too long to be learned at once
   * @param filter what may be learned
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
   * Takes the new text, at which the place stands too: takes back what has gone, and begins to read what is too long to have been
   * typed; all of the first text.
   * @param edit how the text became this one; without it, or if it does not go on from the last text, the texts are compared
   * @returns what is left to be learned
   */
  take(text: DocumentText, edit?: Edit): Arrivals {
    const former = this.#text;
    this.#text = text;
    if (former === text) return { typed: [], read: Promise.resolve() };
    if (former === undefined) return { typed: [], read: this.#read(text) };
    const changes = (edit?.former === former ? edit.changes : [changeBetween(former, text)]).map(
      ({ removed, added }) => ({ removed: wholeCharacters(former, removed), added: wholeCharacters(text, added) }),
    );
    const atOnce = changes.length - longChangesOf(changes).length;
    const typed: Span[] = [];
    for (const { removed, added } of changes.slice(0, atOnce)) {
      if (this.#filter.allows(linesOf(former, removed))) finish(this.#provisional.takeBack(former, removed));
      if (!this.#filter.allows(linesOf(text, added))) continue;
      if (added.from < added.to) typed.push(added);
      else this.#provisional.countRest(text, added.to);
    }
    return { typed, read: this.#readChanges(former, text, changes.slice(atOnce)) };
  }

  /**
   * Learns a passage that was typed.
   * @param text in which it stands, with what stands before the document
   * @param predictions what was predicted along it, as far as it came in as predicted
   */
  learn(text: DocumentText, { from, to }: Span, predictions: readonly PredictionAt[]): void {
    for (const { offset, prediction } of predictions) {
      const [byte] = bytesOf(text.slice(offset, offset + 2));
      if (byte !== undefined) prediction.learn(byte);
    }
    this.#provisional.note(() => this.#place.learn(text, from, to));
    this.#provisional.countRest(text, to, (_, offset) => this.#place.at(text, offset));
  }

  /** If all was learned, the text as it is now counts as known by its name: it is not read again as a file, and can be taken back. */
  async settle(): Promise<void> {
    const text = this.#text;
    if (this.#readings > 0 || this.#isPart || text === undefined) return;
    const erase = this.#provisional.settle();
    await this.#reader.settle(this.#name, () => this.#allowed(text));
    erase();
  }

  /** Ends the reading, and settles what was learned. */
  async close(): Promise<void> {
    const settled = this.settle();
    this.#closed.abort();
    await settled;
  }

  /** What of a text may be learned; other work goes on in between. */
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
    for (const { removed, added } of changes) {
      yield* this.#provisional.takeBack(former, removed);
      yield;
      if (added.to - added.from > longestTyped) {
        yield* this.#provisional.learn(text, added, this.#filter.partsOf(text.slice(added.from, added.to)));
      } else if (this.#filter.allows(linesOf(text, added))) yield* this.#provisional.learn(text, added);
      yield;
    }
  }

  async #inBackground(length: number, read: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (length > longestRead) {
      this.#isPart = true;
      return;
    }
    this.#readings++;
    try {
      await read(this.#closed.signal);
    } catch (error) {
      if (!this.#closed.signal.aborted) throw error;
    } finally {
      this.#readings--;
    }
  }
}

/** Those from the first on with which an edit is too large to be learned at once. */
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

/** The one change that is all that differs between two texts. */
function changeBetween(former: DocumentText, text: DocumentText): Change {
  const added = text.differenceFrom(former);
  return { removed: { from: added.from, to: former.length - (text.length - added.to) }, added };
}

/** The lines that a passage is in. */
function linesOf(text: DocumentText, { from, to }: Span): string {
  const { character } = text.positionAt(from);
  return text.slice(from - Math.min(character, longestLine), to) + restOfLine(text, to, longestLine);
}

/** A change of half a character changes the whole. */
function wholeCharacters(text: DocumentText, { from, to }: Span): Span {
  return { from: boundaryBefore(text, from), to: isBoundary(text, to) ? to : to + 1 };
}

function finish(steps: Generator<void>): void {
  while (!steps.next().done);
}
