import type { TextInParts } from "../../boundary.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { type CompletionSettings, type Suggestion, wrongCosts } from "../suggestion.ts";
import { characterCount, lengthAt } from "../text.ts";
import { calibrated } from "./calibration.ts";
import { cycleCut } from "./cycle.ts";
import { after, type DecodedCharacter, decode } from "./decoder.ts";
import { foreignLine } from "./foreign.ts";
import { consider, type GateState, isDecided, nothingSeen } from "./gate.ts";
import { endsGrapheme, mayJoin } from "./graphemes.ts";
import { fittedBlank } from "./indentation.ts";
import { repeatOf } from "./repeats.ts";
import { endsWell, fitToRest, meetingPoint } from "./suffix.ts";
import type { Surroundings } from "./surroundings.ts";

/** The characters decoded after an offset of a document, and how many of them are shown. Immutable. */
export interface Continuation {
  /** Where it begins, in UTF-16 units of the document. */
  readonly offset: number;
  /** The prediction at that offset. */
  readonly start: Prediction;
  readonly characters: readonly DecodedCharacter[];
  /**
   * Whether nothing can follow: the document ends, the line ends although text follows in it, the text right of the cursor is
   * reached, or the continuation repeats itself.
   */
  readonly isEnded: boolean;
  /** Number of characters shown as a suggestion; 0 for none. */
  readonly shown: number;
  /** Whether time ran out, so that more may be shown later. */
  readonly isCutShort: boolean;
  /** Whether it has reached text that the lines below the cursor already have. */
  readonly isRepeat: boolean;
}

/** The settings and limits by which a continuation is decoded. */
export interface DecodingLimits extends CompletionSettings {
  readonly around: Surroundings;
  /** The random number in [0, 1) for one token (`part`) of the character at an offset of the document. */
  readonly draw: (offset: number, part: number) => number;
  /** Whether the text at a position of the local model's history is in another language. */
  readonly isForeign: (position: number) => boolean;
  readonly isOutOfTime: () => boolean;
  readonly signal: AbortSignal;
}

/** A continuation without any characters yet. */
export function emptyContinuation(offset: number, start: Prediction): Continuation {
  return { offset, start, characters: [], isEnded: false, shown: 0, isCutShort: false, isRepeat: false };
}

/** A decoded character, and its offset in the document. */
export interface FoundCharacter extends DecodedCharacter {
  readonly at: number;
}

/**
 * The characters of a continuation that the document's text has after the continuation's offset, and the first that it does not
 * have. Only those that begin before `end`.
 */
export function charactersFoundIn(
  { offset, characters }: Continuation,
  text: TextInParts,
  end: number,
): FoundCharacter[] {
  const found: FoundCharacter[] = [];
  let at = offset;
  for (const character of characters) {
    if (at >= end) break;
    found.push({ ...character, at });
    const length = lengthAt(text, at, character.text);
    if (length === 0) break;
    at += length;
  }
  return found;
}

/**
 * The rest of a continuation at a later offset, or at its own.
 * @returns undefined if the text typed since disagrees with it, or is longer than it
 */
export function typedAlong(continuation: Continuation, text: TextInParts, offset: number): Continuation | undefined {
  if (offset === continuation.offset) return continuation;
  const along = charactersFoundIn(continuation, text, offset + 1);
  const first = along.at(-1);
  if (first?.at !== offset) return undefined;
  const count = along.length - 1;
  const shown = Math.max(0, continuation.shown - count);
  return { ...continuation, offset, start: first.before, characters: continuation.characters.slice(count), shown };
}

/**
 * Decodes further characters until the gate is decided, the line ends, a limit is reached, time runs out (after at least one
 * character) or the signal is aborted. Then chooses how many to show: never fewer than are shown already.
 */
export async function extend(continuation: Continuation, limits: DecodingLimits): Promise<Continuation> {
  const { around, maxCharacters, isManual } = limits;
  const characters = [...continuation.characters];
  let text = textOf(characters);
  let gate = seen(characters, limits);
  let { isEnded, isRepeat } = continuation;
  let isCutShort = false;
  const isDecidedNow = () =>
    isDecided(gate, maxCharacters) && !(gate.best?.length === characters.length && mayJoin(text));
  const isDone = () => isEnded || characters.length >= maxCharacters || isDecidedNow() || isCutShort;
  const cutAt = (end: number): void => {
    isEnded = true;
    characters.length = Math.max(characterCount(text.slice(0, end)), continuation.shown);
    text = textOf(characters);
  };
  const following = isDone() ? undefined : await decodeOn(continuation, text, limits);
  while (following && !isDone()) {
    const { value: character } = await following.next();
    if (!character) {
      isEnded = true;
      break;
    }
    characters.push(character);
    text += character.text;
    const repeat = repeatOf(text, around);
    gate = consider(gate, gate.probability * character.probability, repeat ? 0 : gainOf(text, around));
    isRepeat = repeat !== undefined;
    const cut =
      cycleCut(text) ??
      meetingPoint(text, around.rest) ??
      (repeat?.isCertain ? repeat.from : foreignLine(characters, around.lineStart, limits.isForeign));
    if (cut !== undefined) cutAt(cut);
    isCutShort = !isDone() && limits.isOutOfTime();
  }
  const repeat = following && !isCutShort ? repeatOf(text, around, true) : undefined;
  if (repeat?.isCertain) {
    isRepeat = true;
    cutAt(repeat.from);
  }
  gate = seen(characters, limits, isEnded);
  const shown = Math.max(continuation.shown, gate.best?.length ?? (isManual ? lastVisible(characters, around) : 0));
  return { ...continuation, characters, isEnded, shown, isCutShort, isRepeat };
}

/** The shown part of a continuation, fitted to the text right of the cursor; undefined if nothing is left to show. */
export function suggestionOf(continuation: Continuation, rest: string): Suggestion | undefined {
  const shown = continuation.characters.slice(0, continuation.shown);
  const { text, replacedLength } = fitToRest(textOf(shown), rest);
  if (text === "") return undefined;
  return { text, replacedLength, probability: calibrated(productOf(shown.slice(0, characterCount(text)))) };
}

async function decodeOn(
  { start, offset, characters }: Continuation,
  text: string,
  limits: DecodingLimits,
): Promise<AsyncGenerator<DecodedCharacter, void, void>> {
  const last = characters.at(-1);
  return decode(last ? await after(last) : start, {
    temperature: limits.temperature,
    withinLine: limits.around.rest.trim() !== "",
    draw: (from, part) => limits.draw(offset + text.length + from, part),
    fitBlank: (next, decoded) => fittedBlank(next, text + decoded, limits.around),
    signal: limits.signal,
  });
}

/**
 * The gate's view of some characters.
 * @param isAll whether nothing follows them; otherwise the last one may be half of a grapheme
 */
export function seen(
  characters: readonly DecodedCharacter[],
  { around, eagerness = "balanced", isManual }: DecodingLimits,
  isAll = false,
): GateState {
  let text = "";
  // A wrong suggestion does not disturb a user who asked for one.
  let gate = nothingSeen(isManual ? 0 : wrongCosts[eagerness]);
  for (const [i, character] of characters.entries()) {
    text += character.text;
    const next = characters[i + 1];
    const isWhole = next ? endsGrapheme(around.lineStart + text, next.text) : isAll || !mayJoin(text);
    gate = consider(
      gate,
      gate.probability * character.probability,
      isWhole && !repeatOf(text, around) ? gainOf(text, around) : 0,
    );
  }
  return gate;
}

/** The models' own probability that all characters are right, not calibrated. */
function productOf(characters: readonly DecodedCharacter[]): number {
  return characters.reduce((product, { probability }) => product * probability, 1);
}

/** The largest number of characters that can be shown. */
function lastVisible(characters: readonly DecodedCharacter[], around: Surroundings): number {
  for (let length = characters.length; length > 0; length--) {
    const text = textOf(characters.slice(0, length));
    const next = characters[length]?.text ?? around.rest;
    if (text.trimEnd() === text && endsGrapheme(around.lineStart + text, next) && !repeatOf(text, around))
      return length;
  }
  return 0;
}

/**
 * The number of characters that the suggestion `text` saves the user; 0 if it must not end this way before the rest of the line.
 */
function gainOf(text: string, { lineStart, rest }: Surroundings): number {
  return endsWell(text, rest) && endsGrapheme(lineStart + text, rest) ? fitToRest(text, rest).gain : 0;
}

export function textOf(characters: readonly DecodedCharacter[]): string {
  return characters.map((character) => character.text).join("");
}
