import { characterCount, isBoundary, type TextInParts } from "../../boundary.ts";
import { languageOf, type NamedText } from "../../languages.ts";
import type { Reading } from "../../model/language-model.ts";
import type { Span } from "../../span.ts";
import type { Prediction } from "../prediction/predictor.ts";
import type { ReadingLimits } from "../prediction/reading.ts";
import { seedOf, uniform } from "../random.ts";
import type { Answer, CompletionSettings } from "../suggestion.ts";
import { isStillRead, restOfLine } from "../text.ts";
import { Account } from "./account.ts";
import { alternativesTo } from "./alternatives.ts";
import { bestOfBeam } from "./beam.ts";
import {
  type Continuation,
  charactersFoundIn,
  type DecodingLimits,
  emptyContinuation,
  extend,
  suggestionOf,
  typedAlong,
} from "./continuation.ts";
import { type Explanation, explain } from "./explain.ts";
import { leadsTo } from "./following.ts";
import { areForeign, isForeignTo } from "./foreign.ts";
import { endsGrapheme } from "./graphemes.ts";
import { closesOnly } from "./suffix.ts";
import { isEmpty, isSameBelow, reach, type Surroundings, surroundingsOf } from "./surroundings.ts";

/** The prediction at an offset of a text. */
export interface PredictionAt {
  readonly offset: number;
  readonly prediction: Prediction;
}

/** A document at the moment a suggestion is requested. All offsets are in UTF-16 units of its text. */
export interface CompletedDocument {
  readonly named: NamedText;
  readonly text: TextInParts;
  /** What the sources predict at an offset; undefined if the limits ended the reading first. */
  predictionAt(offset: number, limits: ReadingLimits): Promise<Prediction | undefined>;
  /** Keeps what the network has read up to an offset. */
  remember(offset: number, reading: Reading): void;
  /** The text at a position of the local model's history; undefined if it is unknown. */
  readonly textAt: (position: number) => NamedText | undefined;
  /** The other texts that the local model knows. */
  otherTexts(): readonly NamedText[];
}

/** The latest continuation, and the request that it was decoded for. */
interface Decoded {
  readonly continuation: Continuation;
  readonly settings: CompletionSettings;
  readonly around: Surroundings;
  /** Whether the shown part fits before the rest of the line. */
  readonly fits: boolean;
}

/** Answers requests for suggestions in one document, one request at a time. Remembers the latest continuation. */
export class Completer {
  readonly #seed: number;
  #last: Decoded | undefined;
  #running: AbortController | undefined;

  /** @param uri the document's; the same document gets the same random draws */
  constructor(uri: string) {
    this.#seed = seedOf(uri);
  }

  /** A completer for the same document with another text. It starts with the same continuation. */
  fork(uri: string): Completer {
    const fork = new Completer(uri);
    fork.#last = this.#last;
    return fork;
  }

  /** Ends the running request, as cancelled. */
  cancel(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  /** Drops the latest continuation. */
  forget(): void {
    this.#last = undefined;
  }

  /** Drops the latest continuation if the text before it has changed. @param unchanged the offset up to which it has not */
  update(text: TextInParts, unchanged: number): void {
    if (this.#last && !isStillRead(text, this.#last.continuation.offset, unchanged)) this.#last = undefined;
  }

  /** The suggestion at an offset, or the reason for none. The previous request ends. */
  async suggest(
    document: CompletedDocument,
    offset: number,
    settings: CompletionSettings,
    startClock: () => () => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    return await this.#run(signal, (running) => this.#answer(document, offset, settings, startClock(), running));
  }

  /**
   * Explains the suggestion at an offset, or why there is none, as if the user had not asked for one. Without a suggestion, the likeliest
   * text is explained. The previous request ends.
   */
  async explain(
    document: CompletedDocument,
    offset: number,
    settings: CompletionSettings,
    signal: AbortSignal | undefined,
  ): Promise<Explanation> {
    return await this.#run(signal, async (running) => {
      const automatic = { ...settings, isManual: false };
      const answer = await this.#answer(document, offset, automatic, () => false, running);
      const { around, continuation } = this.#last?.continuation.offset === offset ? this.#last : {};
      if (!continuation || !around || answer.silence === "cancelled") return explain(answer, undefined, settings);
      if (answer.suggestion) {
        // While the user types along a suggestion, nobody asks where it might end.
        const { ends } = new Account(around, continuation.characters, continuation.ends);
        return explain(answer, { ...continuation, ends }, settings);
      }
      const asked = this.#limits(document, { ...settings, isManual: true }, around, () => false, running);
      const likeliest = await extend(emptyContinuation(offset, continuation.start), asked);
      const characters = likeliest.characters.slice(0, Math.max(1, likeliest.shown));
      return explain(answer, { ...likeliest, characters }, settings);
    });
  }

  /** Does the work of a request, which ends the previous one. */
  async #run<Result>(
    signal: AbortSignal | undefined,
    work: (running: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    const either = signal ? AbortSignal.any([signal, running.signal]) : running.signal;
    try {
      return await work(either);
    } finally {
      // A request that has ended is not aborted any more: the error that this makes takes a tenth of a millisecond.
      if (this.#running === running) this.#running = undefined;
    }
  }

  async #answer(
    document: CompletedDocument,
    offset: number,
    settings: CompletionSettings,
    isOutOfTime: () => boolean,
    running: AbortSignal,
  ): Promise<Answer> {
    const { named, text } = document;
    if (!isBoundary(text, offset)) return { silence: "inside-character" };
    const around = surroundingsAt(languageOf(named), text, offset);
    const { rest } = around;
    if (!endsGrapheme(around.lineStart, rest)) return { silence: "inside-character" };
    if (isEmpty(around) && areForeign(named, document.otherTexts())) return { silence: "foreign" };
    const along = this.#typedAlong(document, offset, settings, around);
    const wasShown = along?.fits === true && along.continuation.shown > 0;
    const begun = along ? asShown(along) : await emptyAt(document, offset, { signal: running, isOutOfTime });
    if (!begun) return running.aborted ? { silence: "cancelled" } : { silence: "unread", isPartial: true };
    const existing = begun.isCutShort ? undefined : suggestionOf(begun, rest);
    const limits = this.#limits(document, settings, around, isOutOfTime, running);
    let continuation = existing ? begun : await decoded(begun, limits);
    let fits: boolean | undefined = (existing && wasShown) || settings.isManual || (await fitsIn(continuation, limits));
    if (!fits && wasShown) {
      // The shown part stays, without the characters decoded after it.
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
    if (continuation.isRepeat) return { silence: "already-below", isPartial };
    const [next] = continuation.characters;
    const isLineEnd = next ? next.text === "\n" : continuation.isEnded && rest.trim() === "";
    return { silence: isLineEnd ? "line-ends" : "unsure", isPartial };
  }

  #limits(
    { named, textAt }: CompletedDocument,
    settings: CompletionSettings,
    around: Surroundings,
    isOutOfTime: () => boolean,
    signal: AbortSignal,
  ): DecodingLimits {
    return {
      ...settings,
      around,
      draw: (at, part) => uniform(this.#seed, 4 * at + part),
      isForeign: (at) => isForeignTo(named, textAt(at)),
      isOutOfTime,
      signal,
    };
  }

  /** The predictions made at the offsets of a passage, as long as the text agrees with what was predicted. */
  predictionsAlong(text: TextInParts, { from, to }: Span): PredictionAt[] {
    const continuation = this.#last?.continuation;
    if (!continuation || from < continuation.offset) return [];
    const { offset, start, characters } = continuation;
    if (characters.length === 0 && offset === from) return [{ offset, prediction: start }];
    return charactersFoundIn(continuation, text, to)
      .filter(({ at }) => at >= from)
      .map(({ at, before }) => ({ offset: at, prediction: before }));
  }

  /** The rest of the latest continuation, if the text typed since agrees with it. The document keeps its readings. */
  #typedAlong(
    document: CompletedDocument,
    offset: number,
    settings: CompletionSettings,
    around: Surroundings,
  ): Pick<Decoded, "continuation" | "fits"> | undefined {
    const last = this.#last;
    if (!last || !isSame(last.settings, settings) || !isSameBelow(around, last.around)) return undefined;
    const left = typedAlong(last.continuation, document.text, offset);
    if (!left) return undefined;
    for (const { at, before } of charactersFoundIn(last.continuation, document.text, offset + 1)) {
      document.remember(at, before.reading);
    }
    return { continuation: left, fits: last.fits };
  }
}

async function emptyAt(
  document: CompletedDocument,
  offset: number,
  limits: ReadingLimits,
): Promise<Continuation | undefined> {
  const start = await document.predictionAt(offset, limits);
  return start && emptyContinuation(offset, start);
}

/** A continuation that was held back because time ran out keeps its characters, but counts as not shown. */
function asShown({ continuation, fits }: Pick<Decoded, "continuation" | "fits">): Continuation {
  return fits || !continuation.isCutShort ? continuation : { ...continuation, shown: 0 };
}

/** Extends a continuation: by beam search at temperature 0, by drawing above it. */
async function decoded(begun: Continuation, limits: DecodingLimits): Promise<Continuation> {
  const continuation = await extend(begun, limits);
  const isWhole = !continuation.isCutShort && !limits.isManual;
  return isWhole && limits.temperature === 0 ? await bestOfBeam(continuation, begun.shown, limits) : continuation;
}

/**
 * Whether the shown part fits before the rest of the line: the rest is closing punctuation, or the shown part leads to it.
 * @returns undefined if time ran out
 */
async function fitsIn(continuation: Continuation, limits: DecodingLimits): Promise<boolean | undefined> {
  const suggestion = suggestionOf(continuation, limits.around.rest);
  if (!suggestion || closesOnly(limits.around.rest)) return true;
  return await leadsTo(continuation, characterCount(suggestion.text), limits);
}

function surroundingsAt(language: string | undefined, text: TextInParts, offset: number): Surroundings {
  const rest = restOfLine(text, offset, reach.rest);
  const end = offset + rest.length;
  return surroundingsOf(
    language,
    text.slice(Math.max(0, offset - reach.before), offset),
    rest,
    text.slice(end, end + reach.below),
  );
}

/** Whether a continuation decoded for one request answers another. A manual suggestion stays while the user types through it. */
function isSame(a: CompletionSettings, b: CompletionSettings): boolean {
  return (
    a.temperature === b.temperature &&
    a.maxCharacters === b.maxCharacters &&
    (a.eagerness ?? "balanced") === (b.eagerness ?? "balanced")
  );
}
