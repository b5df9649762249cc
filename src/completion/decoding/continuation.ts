import { characterCount, type TextInParts } from "../../boundary.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { type CompletionSettings, type Suggestion, wrongCosts } from "../suggestion.ts";
import { lengthAt } from "../text.ts";
import { Account, type End, textOf } from "./account.ts";
import { calibrated } from "./calibration.ts";
import { cycleCut } from "./cycle.ts";
import { after, type DecodedCharacter, decodeAfter, type GivenCharacter } from "./decoder.ts";
import { fittedDepth, fittedTo } from "./depth.ts";
import { fittedBlank } from "./fitted-blank.ts";
import { foreignLine } from "./foreign.ts";
import { consider, type GateState, isDecided, nothingSeen } from "./gate.ts";
import { mayJoin } from "./graphemes.ts";
import { repeatOf } from "./repeats.ts";
import { fitToRest, meetingPoint } from "./suffix.ts";
import type { Surroundings } from "./surroundings.ts";

/** The characters decoded after an offset of a document, and how many of them are shown. Immutable. */
export interface Continuation {
  /** Where it begins, in UTF-16 units of the document. */
  readonly offset: number;
  /** The prediction at that offset. */
  readonly start: Prediction;
  readonly characters: readonly DecodedCharacter[];
  /** What the end after each character would mean, as far as that is known: for all of them once they are decoded here. */
  readonly ends: readonly End[];
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
  return { offset, start, characters: [], ends: [], isEnded: false, shown: 0, isCutShort: false, isRepeat: false };
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
  const characters = continuation.characters.slice(count);
  const shown = Math.max(0, continuation.shown - count);
  // What stands before a suggestion decides where it may end, so that is found anew.
  return { ...continuation, offset, start: first.before, characters, ends: [], shown };
}

/**
 * Decodes further characters until the gate is decided, the line ends, a limit is reached, time runs out (after at least one
 * character) or the signal is aborted. Then chooses how many to show: never fewer than are shown already.
 */
export async function extend(continuation: Continuation, limits: DecodingLimits): Promise<Continuation> {
  const { around, maxCharacters, isManual } = limits;
  const characters = [...continuation.characters];
  const account = new Account(around, characters, continuation.ends);
  /** What the gate has seen: without the last character, of which more is known once another follows, and with it. */
  const seen = () => ({
    settled: gateOf({ characters: characters.slice(0, -1), ends: account.ends }, limits, true),
    gate: gateOf({ characters, ends: account.ends }, limits),
  });
  let { settled, gate } = seen();
  let { isEnded, isRepeat } = continuation;
  let isCutShort = false;
  const isDone = () => isEnded || characters.length >= maxCharacters || isDecided(gate, maxCharacters) || isCutShort;
  const cutAt = (end: number): void => {
    isEnded = true;
    characters.length = Math.max(characterCount(account.text.slice(0, end)), continuation.shown);
    account.cut(characters.length);
  };
  let following = isDone() ? undefined : await decodeOn(continuation, limits);
  let fittedFrom = -1;
  while (following && !isDone()) {
    const { value: character } = await following.next();
    if (!character) {
      isEnded = true;
      break;
    }
    const repeat = account.add(character);
    // What the character before it means as an end is known only now.
    settled = withEnd(settled, characters.at(-1), account.ends.at(-2), false);
    characters.push(character);
    const depth = fittedDepth(account.text, around);
    const kept = depth ? characterCount(account.text.slice(0, depth.from)) : 0;
    if (depth && !repeat?.isCertain && depth.from > fittedFrom && kept >= continuation.shown) {
      // The beginning of the line is read again, so that the model reads what the user will see.
      fittedFrom = depth.from;
      const line = fittedTo(depth.spaces - (kept === 0 ? around.lineStart.length : 0), characters.splice(kept));
      account.cut(kept);
      ({ settled, gate } = seen());
      following = await decodeOn({ ...continuation, characters: [...characters] }, limits, line);
      continue;
    }
    gate = withEnd(settled, character, account.ends.at(-1), true);
    isRepeat = repeat !== undefined;
    const cut =
      cycleCut(account.text) ??
      meetingPoint(account.text, around.rest) ??
      (repeat?.isCertain ? repeat.from : foreignLine(characters, around.lineStart, limits.isForeign));
    if (cut !== undefined) cutAt(cut);
    isCutShort = !isDone() && limits.isOutOfTime();
  }
  const repeat = following && !isCutShort ? repeatOf(account.text, around, true) : undefined;
  if (repeat?.isCertain) {
    isRepeat = true;
    cutAt(repeat.from);
  }
  if (following && !isEnded && !isCutShort && characters.length > continuation.shown) {
    const whole = gateOf({ characters, ends: account.ends }, limits, true);
    const mayEndHere = whole.best?.length === characters.length || isManual;
    const { value: next } = mayEndHere ? await following.next() : {};
    if (next) account.precede(next);
  }
  const { ends } = account;
  gate = gateOf({ characters, ends }, limits, isEnded);
  const most = isManual ? 1 + ends.findLastIndex(({ isAllowed }) => isAllowed) : 0;
  const shown = Math.max(continuation.shown, gate.best?.length ?? most);
  return { ...continuation, characters, ends, isEnded, shown, isCutShort, isRepeat };
}

/** The shown part of a continuation, fitted to the text right of the cursor; undefined if nothing is left to show. */
export function suggestionOf(continuation: Continuation, rest: string): Suggestion | undefined {
  const shown = continuation.characters.slice(0, continuation.shown);
  const { text, replacedLength } = fitToRest(textOf(shown), rest);
  if (text === "") return undefined;
  return { text, replacedLength, probability: calibrated(productOf(shown.slice(0, characterCount(text)))) };
}

/** @param given characters that come next in any case */
async function decodeOn(
  { start, offset, characters }: Continuation,
  limits: DecodingLimits,
  given: readonly GivenCharacter[] = [],
): Promise<AsyncGenerator<DecodedCharacter, void, void>> {
  const last = characters.at(-1);
  const text = textOf([...characters, ...given]);
  return decodeAfter(last ? await after(last) : start, given, {
    temperature: limits.temperature,
    withinLine: limits.around.rest.trim() !== "",
    draw: (from, part) => limits.draw(offset + text.length + from, part),
    fitBlank: (next, decoded) => fittedBlank(next, text + decoded, limits.around),
    signal: limits.signal,
  });
}

/**
 * The gate's view of the characters of a continuation.
 * @param isAll whether nothing follows them; otherwise the last one may be half of a grapheme
 */
export function gateOf(
  { characters, ends }: Pick<Continuation, "characters" | "ends">,
  { eagerness = "balanced", isManual }: Pick<DecodingLimits, "eagerness" | "isManual">,
  isAll = false,
): GateState {
  // A wrong suggestion does not disturb a user who asked for one.
  const nothing = nothingSeen(isManual ? 0 : wrongCosts[eagerness]);
  return characters.reduce(
    (gate, character, i) => withEnd(gate, character, ends[i], !isAll && i === characters.length - 1),
    nothing,
  );
}

/**
 * Adds a character, and what it means as an end, to what the gate has seen.
 * @param isOpen whether more follows that is not known yet: the character may be half of a grapheme, or within a word
 */
function withEnd(
  gate: GateState,
  character: DecodedCharacter | undefined,
  end: End | undefined,
  isOpen: boolean,
): GateState {
  if (!character || !end) return gate;
  const { gain, wordGoesOn = isOpen ? 1 : 0 } = end;
  const isHalf = isOpen && mayJoin(character.text);
  return consider(gate, gate.probability * character.probability, isHalf ? 0 : gain, wordGoesOn);
}

/** The models' own probability that all characters are right, not calibrated. */
function productOf(characters: readonly DecodedCharacter[]): number {
  return characters.reduce((product, { probability }) => product * probability, 1);
}
