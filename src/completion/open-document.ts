import { alternativesTo } from "./alternatives.ts";
import {
  type Continuation,
  type DecodingLimits,
  emptyContinuation,
  extend,
  suggestionOf,
  typedAlong,
} from "./continuation.ts";
import { DocumentPlace } from "./document-place.ts";
import { DocumentStates } from "./document-states.ts";
import { mixedPrediction, networkPrediction, type Prediction, type Sources } from "./predictor.ts";
import { seedOf, uniform } from "./random.ts";
import { closesOnly, standsBelow } from "./suffix.ts";
import type { Answer, CompletionSettings } from "./suggestion.ts";
import { bytesOf, commonEnding, isBoundary, restOfLine } from "./text.ts";
import type { TextReader } from "./text-reader.ts";

/** More than this right of the cursor is never looked at; closing punctuation is short. */
const longestRest = 256;

/** So much of the text below the cursor's line is compared with a suggestion. */
const longestBelow = 1000;

/** More than this comes not from typing but from opening, pasting or switching branches; it is learned in the background. */
const longestTyped = 500;

/** More than this is data, as it is where files are chosen; reading it would drive out what was learned. */
const longestRead = 1 << 20;

/** One document as its sources see it: its states, and what was suggested last. At most one request runs at a time. */
export class OpenDocument {
  readonly #sources: Sources;
  readonly #reader: TextReader | undefined;
  readonly #states: DocumentStates;
  readonly #place: DocumentPlace | undefined;
  readonly #seed: number;
  #last: { readonly continuation: Continuation; readonly settings: CompletionSettings } | undefined;
  #running: AbortController | undefined;

  /** @param reader for what is too long to be learned at once */
  constructor(sources: Sources, reader: TextReader | undefined, uri: string) {
    this.#sources = sources;
    this.#reader = reader;
    this.#states = new DocumentStates(sources.model);
    this.#place = sources.mixture && new DocumentPlace(sources.mixture.local);
    this.#seed = seedOf(uri);
  }

  /** Takes the document's text; if it is new, what runs ends as cancelled, and what came in is learned. */
  update(text: string): void {
    const former = this.#states.text;
    if (text === former) return;
    this.cancel();
    const changed = this.#states.update(text);
    this.#learn(text, changed, former);
    if (this.#last && changed < this.#last.continuation.offset) this.#last = undefined;
  }

  /** Ends the request that runs, as cancelled. */
  cancel(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  /** Reads up to an offset and keeps the state. */
  async prepare(offset: number, signal: AbortSignal | undefined): Promise<void> {
    await this.#states.at(offset, this.#begin(signal));
  }

  /** The suggestion at an offset of the text; the request before it ends. */
  async suggest(
    offset: number,
    settings: CompletionSettings,
    startClock: () => () => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const running = this.#begin(signal);
    const isOutOfTime = startClock();
    const { text } = this.#states;
    if (!isBoundary(text, offset)) return { silence: "inside-character" };
    const rest = restOfLine(text, offset, longestRest);
    if (!closesOnly(rest)) return { silence: "text-follows" };
    const begun = this.#typedAlong(offset, settings) ?? (await this.#emptyAt(offset, running));
    if (!begun) return { silence: "cancelled" };
    const standing = begun.isCutShort ? undefined : suggestionOf(begun, rest);
    const draw: DecodingLimits["draw"] = (at, part) => uniform(this.#seed, 4 * at + part);
    const limits = { ...settings, rest, draw, isOutOfTime, signal: running };
    const continuation = standing ? begun : await extend(begun, limits);
    if (running.aborted) return { silence: "cancelled" };
    this.#last = { continuation, settings };
    const suggestion = suggestionOf(continuation, rest);
    const isPartial = continuation.isCutShort;
    if (
      suggestion &&
      !settings.isManual &&
      standsBelow(suggestion.text, text.slice(offset + rest.length, offset + rest.length + longestBelow))
    ) {
      return { silence: "stands-below" };
    }
    if (suggestion && settings.isManual) {
      const alternatives = await alternativesTo(suggestion, continuation, limits);
      return running.aborted ? { silence: "cancelled" } : { suggestion, alternatives, isPartial };
    }
    if (suggestion) return { suggestion, isPartial };
    const [next] = continuation.characters;
    const isLineEnd = next ? next.text === "\n" : continuation.isEnded;
    return { silence: isLineEnd ? "line-ends" : "unsure", isPartial };
  }

  #begin(signal: AbortSignal | undefined): AbortSignal {
    this.cancel();
    this.#running = new AbortController();
    return signal ? AbortSignal.any([signal, this.#running.signal]) : this.#running.signal;
  }

  /** What is left of the last continuation, if what was typed since agrees with it; its readings are kept as states. */
  #typedAlong(offset: number, settings: CompletionSettings): Continuation | undefined {
    const last = this.#last;
    if (!last || !isSame(last.settings, settings) || offset < last.continuation.offset) return undefined;
    let at = last.continuation.offset;
    const left = typedAlong(last.continuation, this.#states.text, offset);
    if (!left) return undefined;
    for (const character of last.continuation.characters) {
      if (at > offset) break;
      this.#states.remember(at, character.before.reading);
      at += character.text.length;
    }
    return left;
  }

  async #emptyAt(offset: number, signal: AbortSignal): Promise<Continuation | undefined> {
    const reading = await this.#states.at(offset, signal);
    if (!reading) return undefined;
    const { mixture, model } = this.#sources;
    const start =
      mixture && this.#place
        ? mixedPrediction(this.#sources, mixture, reading, this.#place.at(this.#states.text, offset))
        : networkPrediction(model, reading);
    return emptyContinuation(offset, start);
  }

  /** Learns what has come in from an offset on: the text, and how to mix where it was predicted. */
  #learn(text: string, from: number, former: string): void {
    if (!this.#place) return;
    this.#place.update(text, from);
    const same = commonEnding(text, former, Math.min(text.length, former.length) - from);
    const to = text.length - same;
    if (to - from > longestTyped) {
      if (to - from <= longestRead) void this.#reader?.read(text.slice(from, to));
      return;
    }
    if (to <= from || !isBoundary(text, from) || !isBoundary(text, to)) return;
    const predictions = this.#predictionsAlong(text, from, to);
    for (const character of predictions) {
      const [byte] = bytesOf(text.slice(character.offset, character.offset + 2));
      if (byte !== undefined) character.prediction.learn(byte);
    }
    this.#place.learn(text, from, to);
  }

  /** What was predicted at the offsets of a passage, as far as the text before each is what it was predicted for. */
  #predictionsAlong(text: string, from: number, to: number): { offset: number; prediction: Prediction }[] {
    const continuation = this.#last?.continuation;
    const found: { offset: number; prediction: Prediction }[] = [];
    if (!continuation || from < continuation.offset) return found;
    let offset = continuation.offset;
    if (continuation.characters.length === 0 && offset === from) return [{ offset, prediction: continuation.start }];
    for (const { text: expected, before } of continuation.characters) {
      if (offset >= to) break;
      if (offset >= from) found.push({ offset, prediction: before });
      if (!text.startsWith(expected, offset)) break;
      offset += expected.length;
    }
    return found;
  }
}

/** Whether what was decoded for one request answers another. A suggestion that was asked for stays while one types along it. */
function isSame(a: CompletionSettings, b: CompletionSettings): boolean {
  return (
    a.temperature === b.temperature &&
    a.maxCharacters === b.maxCharacters &&
    (a.eagerness ?? "balanced") === (b.eagerness ?? "balanced")
  );
}
