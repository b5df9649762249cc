import type { Reading } from "../model/language-model.ts";
import type { Span } from "../span.ts";
import { type CompletedDocument, Completer } from "./decoding/completer.ts";
import type { Explanation } from "./decoding/explain.ts";
import { DocumentText } from "./documents/document-text.ts";
import type { Edit } from "./documents/edit.ts";
import { DocumentLearner } from "./documents/learner.ts";
import type { LearningFilter } from "./documents/learning-filter.ts";
import { DocumentPlace } from "./documents/place.ts";
import { DocumentStates } from "./documents/states.ts";
import { textName } from "./memory/text-name.ts";
import type { TextReader } from "./memory/text-reader.ts";
import { markOf } from "./prediction/local/place.ts";
import { mixedPrediction, networkPrediction, type Prediction, type Sources } from "./prediction/predictor.ts";
import type { ReadingLimits } from "./prediction/reading.ts";
import type { Answer, CompletionSettings } from "./suggestion.ts";
import { bytesOf, isLineEnd } from "./text.ts";

/**
 * Longer texts, in UTF-16 units, are data and not learned: they would push out what was learned. The same limit holds for files.
 */
const longestLearned = 1 << 20;

/**
 * An open document: its text, and the state of every source along it. Keeps the network's states, the local model's place and the
 * learner in step with the text. At most one request runs at a time.
 */
export class OpenDocument {
  readonly #uri: string;
  #sources: Sources;
  #text = DocumentText.of("");
  /** The text before the document's own: empty or whole lines. */
  #before = "";
  /** Both together: the text that predictions are made from. States, place and completer use its offsets. */
  #whole = this.#text;
  #states: DocumentStates;
  #place: DocumentPlace | undefined;
  #learner: DocumentLearner | undefined;
  /** When the last edit was learned, in milliseconds; infinite if it is being settled. */
  #learnedAt = 0;
  #completer: Completer;
  /** This document with the text of the latest request, where that is not its own. */
  #aside: OpenDocument | undefined;

  constructor(sources: Sources, uri: string) {
    this.#uri = uri;
    this.#sources = sources;
    this.#states = new DocumentStates(sources.model);
    this.#place = placeFor(sources, uri);
    this.#completer = new Completer(uri);
  }

  /** The current text. */
  get text(): DocumentText {
    return this.#text;
  }

  /** Predicts from other sources from now on. The running request ends as cancelled. */
  use(sources: Sources): void {
    this.#sources = sources;
    this.forgetStates();
    // What was learned does not depend on the network, as long as the network reads bytes.
    if (sources.mixture) this.#place ??= placeFor(sources, this.#uri);
    else {
      void this.stopLearning();
      this.#place = undefined;
    }
  }

  /** Drops the network's states, which are read again on demand. The running request ends as cancelled. */
  forgetStates(): void {
    this.cancel();
    this.#states = new DocumentStates(this.#sources.model);
    this.#states.update(this.#whole, 0);
    this.#completer.forget();
    this.#aside = undefined;
  }

  /** Takes the document's new text. The running request ends as cancelled. */
  update(text: DocumentText, edit?: Edit): void {
    const former = this.#text;
    if (text === former) return;
    this.cancel();
    this.#text = text;
    this.#change((edit?.former === former ? edit.from : text.differenceFrom(former).from) + this.#before.length);
  }

  /**
   * Takes the text before the document's own. It affects predictions and is not learned. If it is new, the running request ends.
   */
  precede(before: string): void {
    if (before === this.#before) return;
    this.cancel();
    this.#before = before;
    this.#change(0);
    this.#aside = undefined;
  }

  /** @param unchanged an offset up to which the whole text is the same as before */
  #change(unchanged: number): void {
    const whole = this.#before === "" ? this.#text : this.#text.replace(0, 0, this.#before);
    this.#whole = whole;
    this.#states.update(whole, unchanged);
    this.#place?.update(whole, unchanged);
    this.#completer.update(whole, unchanged);
  }

  /**
   * Learns the text that has come in since the last call. The first call learns all of the text. Only the document's own text is
   * learned, in its own context, so that it can be taken back whatever the text before it has become.
   * @param edit how the text became what it is
   * @param now the time in milliseconds
   * @param reader reads what is too long to be learned at once
   * @param filter decides what may be learned; only that of the first call counts
   * @returns when everything is learned, including what is read in the background
   */
  async learn(edit: Edit | undefined, now: number, reader: TextReader, filter?: LearningFilter): Promise<void> {
    const { mixture } = this.#sources;
    if (!this.#place || !mixture) return;
    this.#learnedAt = now;
    const name = textName(this.#uri);
    if (this.#text.length > longestLearned) {
      if (this.#learner || reader.knows(name)) await Promise.all([this.stopLearning(), reader.forget(name)]);
      return;
    }
    this.#learner ??= new DocumentLearner({ name, local: mixture.local, reader, filter });
    const { typed, isInsertion, learn } = this.#learner.take(this.#text, edit);
    for (const span of typed) this.#learnMixing(span, this.#place, isInsertion);
    await learn();
  }

  /** Learns from the predictions along a typed passage how to mix. Moves the place after it. */
  #learnMixing({ from, to }: Span, place: DocumentPlace, isInsertion: boolean): void {
    const whole = this.#whole;
    const span = { from: from + this.#before.length, to: to + this.#before.length };
    // What comes after the passage still counts as what came after the text before it.
    const following = isInsertion && !isLineEnd(whole, span.to) ? this.#byteAt(span.to) : undefined;
    for (const { offset, prediction } of this.#completer.predictionsAlong(whole, span)) {
      const byte = this.#byteAt(offset);
      if (byte !== undefined) prediction.learn(byte, offset === span.from ? following : undefined);
    }
    // Once the passage is learned, it is itself the latest repeat of what was typed.
    place.move(whole, span.to);
  }

  /** Settles what was learned: it counts as the known text of this document. */
  async settle(): Promise<void> {
    await this.#learner?.settle();
  }

  /** Settles what was learned if it is not settled yet and the last edit came before `time`, in milliseconds. */
  async settleStanding(time: number): Promise<void> {
    if (this.#learnedAt > time || !this.#learner?.isProvisional) return;
    // Once until the next edit.
    this.#learnedAt = Number.POSITIVE_INFINITY;
    await this.settle();
  }

  /** Stops learning, including what is read in the background. @returns when what was learned is settled */
  async stopLearning(): Promise<void> {
    const learner = this.#learner;
    this.#learner = undefined;
    await learner?.close();
  }

  /** Stops learning once all edits are learned; a first text that is still being read is left. @returns when what was learned is settled */
  async finishLearning(): Promise<void> {
    await this.#learner?.finish();
    this.#learner = undefined;
  }

  /**
   * The document with another text: itself, if the text is its own. Requests to another one change nothing here. It starts from
   * the states along the passage that both texts begin with.
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
    fork.#completer = this.#completer.fork(this.#uri);
    fork.#change(unchanged);
    return fork;
  }

  /** Ends the running request, as cancelled. */
  cancel(): void {
    this.#completer.cancel();
    this.#aside?.cancel();
  }

  /**
   * The suggestion at an offset of the text, or the reason for none. The previous request ends.
   * @param startClock called when the work begins; returns whether its time is over
   */
  suggest(
    offset: number,
    settings: CompletionSettings,
    startClock: () => () => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    this.cancel();
    return this.#completer.suggest(this.#asCompleted(), this.#before.length + offset, settings, startClock, signal);
  }

  /** Explains the suggestion at an offset of the text, or why there is none. The previous request ends. */
  explain(offset: number, settings: CompletionSettings, signal: AbortSignal | undefined): Promise<Explanation> {
    this.cancel();
    return this.#completer.explain(this.#asCompleted(), this.#before.length + offset, settings, signal);
  }

  #asCompleted(): CompletedDocument {
    return {
      named: { name: this.#uri, languageId: this.#sources.languageIdOf?.(this.#uri) },
      text: this.#whole,
      predictionAt: (offset, limits) => this.#predictionAt(offset, limits),
      remember: (offset, reading) => this.#states.remember(offset, reading),
      textAt: (position) => this.#sources.textAt?.(position),
      otherTexts: () => (this.#sources.knownTexts?.() ?? []).filter(({ name }) => name !== textName(this.#uri)),
    };
  }

  async #predictionAt(offset: number, limits: ReadingLimits): Promise<Prediction | undefined> {
    const reading = await this.#states.at(offset, limits);
    return reading && this.#mixed(reading, offset);
  }

  #mixed(reading: Reading, offset: number): Prediction {
    const { mixture, model } = this.#sources;
    if (!mixture || !this.#place) return networkPrediction(model, reading);
    const place = this.#place.at(this.#whole, offset);
    place.replaced = this.#learner?.replacedAt(this.#text, offset - this.#before.length);
    return mixedPrediction(this.#sources, mixture, reading, place, this.#followingInLine(offset));
  }

  /**
   * The first byte after an offset of the whole text if it is counted and in the same line. In a text that is not the document's own, what
   * comes before it is not counted, so nothing is.
   */
  #followingInLine(offset: number): number | undefined {
    const isCounted = this.#learner?.isCounted(this.#text, offset - this.#before.length) === true;
    return isCounted && !isLineEnd(this.#whole, offset) ? this.#byteAt(offset) : undefined;
  }

  /** The first byte of the character at an offset of the whole text; undefined at its end. */
  #byteAt(offset: number): number | undefined {
    return bytesOf(this.#whole.slice(offset, offset + 2))[0];
  }
}

function placeFor({ mixture }: Sources, uri: string): DocumentPlace | undefined {
  return mixture && new DocumentPlace(mixture.local, markOf(textName(uri)));
}
