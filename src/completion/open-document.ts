import { isBoundary } from "../boundary.ts";
import { alternativesTo } from "./decoding/alternatives.ts";
import { bestOfBeam } from "./decoding/beam.ts";
import {
  type Continuation,
  type DecodingLimits,
  emptyContinuation,
  extend,
  standing,
  suggestionOf,
  typedAlong,
} from "./decoding/continuation.ts";
import { leadsTo } from "./decoding/following.ts";
import { isForeignTo } from "./decoding/foreign.ts";
import { endsGrapheme } from "./decoding/graphemes.ts";
import { closesOnly } from "./decoding/suffix.ts";
import { isSameBelow, reach, type Surroundings, surroundingsOf } from "./decoding/surroundings.ts";
import { DocumentText } from "./documents/document-text.ts";
import type { Edit, Span } from "./documents/edit.ts";
import { DocumentLearner, type PredictionAt } from "./documents/learner.ts";
import type { LearningFilter } from "./documents/learning-filter.ts";
import { DocumentPlace } from "./documents/place.ts";
import { DocumentStates } from "./documents/states.ts";
import { textName } from "./memory/text-name.ts";
import type { TextReader } from "./memory/text-reader.ts";
import { mixedPrediction, networkPrediction, type Sources } from "./prediction/predictor.ts";
import { seedOf, uniform } from "./random.ts";
import type { Answer, CompletionSettings } from "./suggestion.ts";
import { characterCount, isStillRead, restOfLine } from "./text.ts";

/** What was decoded last, and for what. */
interface Decoded {
  readonly continuation: Continuation;
  readonly settings: CompletionSettings;
  readonly around: Surroundings;
  /** Whether what is shown of it has its place before the rest. */
  readonly fits: boolean;
}

/**
 * One document as its sources see it: its text, the states along it, and what was suggested last. At most one request runs at a
 * time.
 */
export class OpenDocument {
  readonly #uri: string;
  readonly #seed: number;
  #sources: Sources;
  #text = DocumentText.of("");
  /** What stands before the text; empty or whole lines. */
  #before = "";
  /** Both together: what is predicted from. Offsets of states, place and continuations are offsets of this. */
  #whole = this.#text;
  #states: DocumentStates;
  #place: DocumentPlace | undefined;
  #learner: DocumentLearner | undefined;
  #last: Decoded | undefined;
  #running: AbortController | undefined;
  /** The document with the text that was asked about last, where that is not its own. */
  #aside: OpenDocument | undefined;

  constructor(sources: Sources, uri: string) {
    this.#uri = uri;
    this.#seed = seedOf(uri);
    this.#sources = sources;
    this.#states = new DocumentStates(sources.model);
    this.#place = placeFor(sources);
  }

  /** The text that it has now. */
  get text(): DocumentText {
    return this.#text;
  }

  /** Predicts from these sources from now on; what runs ends as cancelled. */
  use(sources: Sources): void {
    this.#sources = sources;
    this.forgetStates();
    // What is learned does not depend on the network, as long as it reads bytes.
    if (sources.mixture) this.#place ??= placeFor(sources);
    else {
      void this.stopLearning();
      this.#place = undefined;
    }
  }

  /** Drops the states; they are read again when they are needed. What runs ends as cancelled. */
  forgetStates(): void {
    this.cancel();
    this.#states = new DocumentStates(this.#sources.model);
    this.#states.update(this.#whole, 0);
    this.#last = undefined;
    this.#aside = undefined;
  }

  /** Takes the document's new text; what runs ends as cancelled. */
  update(text: DocumentText, edit?: Edit): void {
    const former = this.#text;
    if (text === former) return;
    this.cancel();
    this.#text = text;
    this.#change((edit?.former === former ? edit.from : text.differenceFrom(former).from) + this.#before.length);
  }

  /** Takes what stands before the text, which is predicted from and not learned; if it is new, what runs ends as cancelled. */
  precede(before: string): void {
    if (before === this.#before) return;
    this.cancel();
    this.#before = before;
    this.#change(0);
    this.#aside = undefined;
  }

  /** @param unchanged an offset up to which the whole is the same as before */
  #change(unchanged: number): void {
    const whole = this.#before === "" ? this.#text : this.#text.replace(0, 0, this.#before);
    this.#whole = whole;
    this.#states.update(whole, unchanged);
    this.#place?.update(whole, unchanged);
    if (this.#last && !isStillRead(whole, this.#last.continuation.offset, unchanged)) this.#last = undefined;
  }

  /**
   * Learns what has come in since this was asked last; the first time, all of the text.
   * @param edit how the text became what it is
   * @param reader for what is too long to be learned at once
   * @param filter what may be learned; what it is the first time counts
   * @returns when it is learned, that too which is read in the background
   */
  async learn(edit: Edit | undefined, reader: TextReader, filter?: LearningFilter): Promise<void> {
    const { mixture } = this.#sources;
    if (!this.#place || !mixture) return;
    this.#learner ??= new DocumentLearner(textName(this.#uri), mixture.local, this.#place, reader, filter);
    const { typed, read } = this.#learner.take(this.#text, edit);
    const shift = this.#before.length;
    for (const { from, to } of typed) {
      const span = { from: from + shift, to: to + shift };
      this.#learner.learn(this.#whole, span, this.#predictionsAlong(span));
    }
    await read;
  }

  /** Settles what was learned: it counts as the text that is known of this document. */
  async settle(): Promise<void> {
    await this.#learner?.settle();
  }

  /** Learns no more, and ends what is read in the background. @returns when what was learned is settled */
  async stopLearning(): Promise<void> {
    const learner = this.#learner;
    this.#learner = undefined;
    await learner?.close();
  }

  /**
   * The document as it would be with a text: itself, if that is its own. Whatever is asked of another changes nothing here: it
   * starts from what is known of the passage that both begin with.
   */
  withText(text: DocumentText): OpenDocument {
    if (text === this.#text || text.equals(this.#text)) {
      this.#aside = undefined;
      return this;
    }
    if (!this.#aside?.text.equals(text)) this.#aside = this.#fork(text);
    return this.#aside;
  }

  #fork(text: DocumentText): OpenDocument {
    const fork = new OpenDocument(this.#sources, this.#uri);
    const unchanged = text.differenceFrom(this.#text).from + this.#before.length;
    fork.#text = text;
    fork.#before = this.#before;
    fork.#states = this.#states.fork();
    fork.#place = this.#place?.fork();
    fork.#last = this.#last;
    fork.#change(unchanged);
    return fork;
  }

  /** Ends the request that runs, as cancelled. */
  cancel(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#aside?.cancel();
  }

  /** The suggestion at an offset of the text; the request before it ends. */
  async suggest(
    offsetInText: number,
    settings: CompletionSettings,
    startClock: () => () => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const running = this.#begin(signal);
    const isOutOfTime = startClock();
    const text = this.#whole;
    const offset = this.#before.length + offsetInText;
    if (!isBoundary(text, offset)) return { silence: "inside-character" };
    const around = surroundingsAt(this.#uri, text, offset);
    const { rest } = around;
    if (!endsGrapheme(around.lineStart, rest)) return { silence: "inside-character" };
    const along = this.#typedAlong(offset, settings, around);
    const wasShown = along?.fits === true && along.continuation.shown > 0;
    const begun = along ? asShown(along) : await this.#emptyAt(offset, running, isOutOfTime);
    if (!begun) return running.aborted ? { silence: "cancelled" } : { silence: "unread", isPartial: true };
    const standing = begun.isCutShort ? undefined : suggestionOf(begun, rest);
    const draw: DecodingLimits["draw"] = (at, part) => uniform(this.#seed, 4 * at + part);
    const isForeign: DecodingLimits["isForeign"] = (at) => isForeignTo(this.#uri, this.#sources.nameAt?.(at));
    const limits = { ...settings, around, draw, isForeign, isOutOfTime, signal: running };
    let continuation = standing ? begun : await decoded(begun, limits);
    let fits: boolean | undefined = (standing && wasShown) || settings.isManual || (await fitsIn(continuation, limits));
    if (!fits && wasShown) {
      // What is shown stays, without what was decoded behind it.
      continuation = begun;
      fits = true;
    }
    if (running.aborted) return { silence: "cancelled" };
    this.#last = { continuation, settings, around, fits: fits === true };
    const suggestion = suggestionOf(continuation, rest);
    const isPartial = continuation.isCutShort || fits === undefined;
    if (suggestion && settings.isManual) {
      const alternatives = await alternativesTo(suggestion, continuation, limits);
      return running.aborted ? { silence: "cancelled" } : { suggestion, alternatives, isPartial };
    }
    if (suggestion && fits) return { suggestion, isPartial };
    if (suggestion) return { silence: "text-follows", isPartial };
    if (continuation.isRepeat) return { silence: "stands-below", isPartial };
    const [next] = continuation.characters;
    const isLineEnd = next ? next.text === "\n" : continuation.isEnded && rest.trim() === "";
    return { silence: isLineEnd ? "line-ends" : "unsure", isPartial };
  }

  #begin(signal: AbortSignal | undefined): AbortSignal {
    this.cancel();
    this.#running = new AbortController();
    return signal ? AbortSignal.any([signal, this.#running.signal]) : this.#running.signal;
  }

  /** What is left of the last continuation, if what was typed since agrees with it; its readings are kept as states. */
  #typedAlong(
    offset: number,
    settings: CompletionSettings,
    around: Surroundings,
  ): Pick<Decoded, "continuation" | "fits"> | undefined {
    const last = this.#last;
    if (!last || !isSame(last.settings, settings) || !isSameBelow(around, last.around)) return undefined;
    const left = typedAlong(last.continuation, this.#whole, offset);
    if (!left) return undefined;
    for (const { at, before } of standing(last.continuation, this.#whole, offset + 1)) {
      this.#states.remember(at, before.reading);
    }
    return { continuation: left, fits: last.fits };
  }

  async #emptyAt(offset: number, signal: AbortSignal, isOutOfTime: () => boolean): Promise<Continuation | undefined> {
    const reading = await this.#states.at(offset, { signal, isOutOfTime });
    if (!reading) return undefined;
    const { mixture, model } = this.#sources;
    const start =
      mixture && this.#place
        ? mixedPrediction(this.#sources, mixture, reading, this.#place.at(this.#whole, offset))
        : networkPrediction(model, reading);
    return emptyContinuation(offset, start);
  }

  /** What was predicted at the offsets of a passage, as far as the text before each is what it was predicted for. */
  #predictionsAlong({ from, to }: Span): PredictionAt[] {
    const continuation = this.#last?.continuation;
    if (!continuation || from < continuation.offset) return [];
    const { offset, start, characters } = continuation;
    if (characters.length === 0 && offset === from) return [{ offset, prediction: start }];
    return standing(continuation, this.#whole, to)
      .filter(({ at }) => at >= from)
      .map(({ at, before }) => ({ offset: at, prediction: before }));
  }
}

/** A continuation that was not shown, for lack of time to find out whether it fits, keeps its characters alone. */
function asShown({ continuation, fits }: Pick<Decoded, "continuation" | "fits">): Continuation {
  return fits || !continuation.isCutShort ? continuation : { ...continuation, shown: 0 };
}

/** What is decoded from a beginning on: by beam search at temperature 0, drawn above it. */
async function decoded(begun: Continuation, limits: DecodingLimits): Promise<Continuation> {
  const continuation = await extend(begun, limits);
  const isWhole = !continuation.isCutShort && !limits.isManual;
  return isWhole && limits.temperature === 0 ? await bestOfBeam(continuation, begun.shown, limits) : continuation;
}

/** Whether what is shown has its place before the rest of the line: closing punctuation, or text that it leads to; undefined: no time. */
async function fitsIn(continuation: Continuation, limits: DecodingLimits): Promise<boolean | undefined> {
  const suggestion = suggestionOf(continuation, limits.around.rest);
  if (!suggestion || closesOnly(limits.around.rest)) return true;
  return await leadsTo(continuation, characterCount(suggestion.text), limits);
}

function surroundingsAt(name: string, text: DocumentText, offset: number): Surroundings {
  const rest = restOfLine(text, offset, reach.rest);
  const end = offset + rest.length;
  return surroundingsOf(
    name,
    text.slice(Math.max(0, offset - reach.before), offset),
    rest,
    text.slice(end, end + reach.below),
  );
}

function placeFor({ mixture }: Sources): DocumentPlace | undefined {
  return mixture && new DocumentPlace(mixture.local);
}

/** Whether what was decoded for one request answers another. A suggestion that was asked for stays while one types along it. */
function isSame(a: CompletionSettings, b: CompletionSettings): boolean {
  return (
    a.temperature === b.temperature &&
    a.maxCharacters === b.maxCharacters &&
    (a.eagerness ?? "balanced") === (b.eagerness ?? "balanced")
  );
}
