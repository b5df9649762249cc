import { setImmediate } from "node:timers/promises";
import { boundaryBefore, isBoundary } from "../../boundary.ts";
import type { TextReader } from "../memory/text-reader.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { bytesOf, restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import { type Edit, longestTyped, type Span } from "./edit.ts";
import { allowsAll, type LearningFilter } from "./learning-filter.ts";
import type { DocumentPlace } from "./place.ts";

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

/** Places of one edit that are learned: where a formatter, a renaming or many carets change more, one teaches what the others do. */
const mostPlaces = 8;

/** So much of a line is looked at left and right of what was typed in it. */
const longestLine = 1000;

/** Learns one document as it is written: its text, and how to mix where it was predicted. */
export class DocumentLearner {
  readonly #place: DocumentPlace;
  readonly #reader: TextReader;
  readonly #filter: LearningFilter;
  readonly #closed = new AbortController();
  /** What is learned; undefined before the first text. */
  #text: DocumentText | undefined;
  /** Passages that are being read in the background. */
  #readings = 0;
  /** Whether something was left out. */
  #isPart = false;

  /**
   * @param reader for what is too long to be learned at once
   * @param filter what may be learned
   */
  constructor(place: DocumentPlace, reader: TextReader, filter: LearningFilter = allowsAll) {
    this.#place = place;
    this.#reader = reader;
    this.#filter = filter;
  }

  /**
   * Takes the new text, at which the place stands too, and begins to read what is too long to have been typed; all of the first text.
   * @param edit how the text became this one; without it, or if it does not go on from the last text, the texts are compared
   * @returns what is left to be learned
   */
  take(text: DocumentText, edit?: Edit): Arrivals {
    const former = this.#text;
    this.#text = text;
    if (former === text) return { typed: [], read: Promise.resolve() };
    if (former === undefined) return { typed: [], read: this.#read(text.toString()) };
    const spans = edit?.former === former ? edit.spans : [text.differenceFrom(former)];
    if (spans.length > mostPlaces) this.#isPart = true;
    const typed: Span[] = [];
    const readings: Promise<void>[] = [];
    let left = longestTyped;
    for (const span of spans.slice(0, mostPlaces)) {
      const length = span.to - span.from;
      left -= length;
      // What was not typed is learned in the background.
      if (left < 0) readings.push(this.#read(text.slice(span.from, span.to)));
      else if (length > 0 && this.#filter.allows(linesOf(text, span))) typed.push(wholeCharacters(text, span));
    }
    return { typed, read: Promise.all(readings).then(() => undefined) };
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
    this.#place.learn(text, from, to);
  }

  /** Ends the reading. If all was learned, the document's text counts as known, and is not read again as a file. */
  close(): void {
    if (this.#readings === 0 && !this.#isPart && this.#text !== undefined) {
      this.#reader.remember([...this.#filter.partsOf(this.#text.toString())].join(""));
    }
    this.#closed.abort();
  }

  async #read(text: string): Promise<void> {
    if (text.length > longestRead) {
      this.#isPart = true;
      return;
    }
    this.#readings++;
    try {
      let allowed = "";
      for (const part of this.#filter.partsOf(text)) {
        allowed += part;
        await setImmediate();
      }
      await this.#reader.read(allowed, this.#closed.signal);
    } catch (error) {
      if (!this.#closed.signal.aborted) throw error;
    } finally {
      this.#readings--;
    }
  }
}

/** The lines that a passage is in. */
function linesOf(text: DocumentText, { from, to }: Span): string {
  const { character } = text.positionAt(from);
  return text.slice(from - Math.min(character, longestLine), to) + restOfLine(text, to, longestLine);
}

/** A change of half a character brings in the whole. */
function wholeCharacters(text: DocumentText, { from, to }: Span): Span {
  return { from: boundaryBefore(text, from), to: isBoundary(text, to) ? to : to + 1 };
}
