import type { Suggestion } from "../suggestion.ts";
import { type Continuation, type DecodingLimits, emptyContinuation, extend, suggestionOf } from "./continuation.ts";
import { type DecodedCharacter, decodeOther, firstToken } from "./decoder.ts";
import { fittedBlank } from "./fitted-blank.ts";

/** The most candidates in addition to the first. */
const mostAlternatives = 2;

/**
 * Other suggestions for the same place, best first. Each begins with a different character, and continues from there as the first
 * suggestion does.
 */
export async function alternativesTo(
  first: Suggestion,
  continuation: Continuation,
  limits: DecodingLimits,
): Promise<Suggestion[]> {
  const found: Suggestion[] = [];
  const beginnings = new Set(continuation.characters.slice(0, 1).map(firstToken));
  while (found.length < mostAlternatives && !limits.signal.aborted && !limits.isOutOfTime()) {
    const beginning = await decodeOther(continuation.start, beginnings, (next) => fittedBlank(next, "", limits.around));
    if (!beginning) break;
    beginnings.add(firstToken(beginning));
    const suggestion = await suggestionFrom(beginning, continuation, limits);
    if (suggestion && suggestion.text !== first.text) found.push(suggestion);
  }
  return found.sort((a, b) => b.probability - a.probability);
}

async function suggestionFrom(
  beginning: DecodedCharacter,
  { offset, start }: Continuation,
  limits: DecodingLimits,
): Promise<Suggestion | undefined> {
  const begun = { ...emptyContinuation(offset, start), characters: [beginning] };
  return suggestionOf(await extend(begun, limits), limits.around.rest);
}
