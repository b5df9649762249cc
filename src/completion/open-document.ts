import type { LanguageModel } from "../model/language-model.ts";
import {
  type Continuation,
  type DecodingLimits,
  emptyContinuation,
  extend,
  suggestionOf,
  typedAlong,
} from "./continuation.ts";
import { DocumentStates } from "./document-states.ts";
import { networkPrediction } from "./predictor.ts";
import { seedOf, uniform } from "./random.ts";
import { closesOnly } from "./suffix.ts";
import type { Answer, CompletionSettings } from "./suggestion.ts";
import { isBoundary, restOfLine } from "./text.ts";

/** More than this right of the cursor is never looked at; closing punctuation is short. */
const longestRest = 256;

/** One document as one model sees it: its states, and what was suggested last. At most one request runs at a time. */
export class OpenDocument {
  readonly #model: LanguageModel;
  readonly #states: DocumentStates;
  readonly #seed: number;
  #last: { readonly continuation: Continuation; readonly settings: CompletionSettings } | undefined;
  #running: AbortController | undefined;

  constructor(model: LanguageModel, uri: string) {
    this.#model = model;
    this.#states = new DocumentStates(model);
    this.#seed = seedOf(uri);
  }

  /** Takes the document's text; if it is new, what runs ends as cancelled. */
  update(text: string): void {
    if (text === this.#states.text) return;
    this.cancel();
    const changed = this.#states.update(text);
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
    if (suggestion) return { suggestion, isPartial };
    const isLineEnd = continuation.isEnded && continuation.characters.length === 0;
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
    return reading && emptyContinuation(offset, networkPrediction(this.#model, reading));
  }
}

function isSame(a: CompletionSettings, b: CompletionSettings): boolean {
  return a.temperature === b.temperature && a.maxCharacters === b.maxCharacters;
}
