import { boundaryBefore, isBoundary } from "../../boundary.ts";
import type { TextReader } from "../memory/text-reader.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { bytesOf, commonEnding, firstDifference } from "../text.ts";
import type { Edit, Span } from "./edit.ts";
import type { DocumentPlace } from "./place.ts";

/** What was predicted at an offset of a text. */
export interface PredictionAt {
  readonly offset: number;
  readonly prediction: Prediction;
}

/** More than this comes not from typing but from opening, pasting or switching branches; it is learned in the background. */
const longestTyped = 500;

/** More than this is data, as it is where files are chosen; reading it would drive out what was learned. */
const longestRead = 1 << 20;

/** Places of one edit that are learned: where a formatter, a renaming or many carets change more, one teaches what the others do. */
const mostPlaces = 8;

/** Learns one document as it is written: its text, and how to mix where it was predicted. */
export class DocumentLearner {
  readonly #place: DocumentPlace;
  readonly #reader: TextReader;
  readonly #predictionsAlong: (span: Span) => readonly PredictionAt[];
  readonly #closed = new AbortController();
  /** What is learned; undefined before the first text. */
  #text: string | undefined;
  /** Passages that are being read in the background. */
  #readings = 0;
  /** Whether something was left out. */
  #isPart = false;

  /**
   * @param reader for what is too long to be learned at once
   * @param predictionsAlong what was predicted along a passage that has come in, as far as it came in as predicted
   */
  constructor(place: DocumentPlace, reader: TextReader, predictionsAlong: (span: Span) => readonly PredictionAt[]) {
    this.#place = place;
    this.#reader = reader;
    this.#predictionsAlong = predictionsAlong;
  }

  /**
   * Learns what has come in since the last text, at which the place stands too; all of the first one.
   * @param edit how the text became this one; without it, or if it does not go on from the last text, the texts are compared
   * @returns when all of it is learned, that too which is read in the background
   */
  async update(text: string, edit?: Edit): Promise<void> {
    const former = this.#text;
    this.#text = text;
    if (former === text) return;
    if (former === undefined) return await this.#read(text);
    const spans = edit?.former === former ? edit.spans : [difference(former, text)];
    if (spans.length > mostPlaces) this.#isPart = true;
    const readings: Promise<void>[] = [];
    let left = longestTyped;
    for (const span of spans.slice(0, mostPlaces)) {
      const length = span.to - span.from;
      left -= length;
      if (left < 0) readings.push(this.#read(text.slice(span.from, span.to)));
      else if (length > 0) this.#learn(text, span);
    }
    await Promise.all(readings);
  }

  /** Ends the reading. If all was learned, the document's text counts as known, and is not read again as a file. */
  close(): void {
    if (this.#readings === 0 && !this.#isPart && this.#text !== undefined) this.#reader.remember(this.#text);
    this.#closed.abort();
  }

  async #read(text: string): Promise<void> {
    if (text.length > longestRead) {
      this.#isPart = true;
      return;
    }
    this.#readings++;
    try {
      await this.#reader.read(text, this.#closed.signal);
    } catch (error) {
      if (!this.#closed.signal.aborted) throw error;
    } finally {
      this.#readings--;
    }
  }

  #learn(text: string, span: Span): void {
    // A change of half a character brings in the whole.
    const from = boundaryBefore(text, span.from);
    const to = isBoundary(text, span.to) ? span.to : span.to + 1;
    for (const { offset, prediction } of this.#predictionsAlong({ from, to })) {
      const [byte] = bytesOf(text.slice(offset, offset + 2));
      if (byte !== undefined) prediction.learn(byte);
    }
    this.#place.learn(text, from, to);
  }
}

/** The one passage that is all that differs between two texts, as it stands in the second. */
function difference(former: string, text: string): Span {
  const from = firstDifference(former, text);
  return { from, to: text.length - commonEnding(text, former, Math.min(text.length, former.length) - from) };
}
