import type { SuggestionEvent } from "../../src/evaluation/simulate.ts";

const insideWord = /(?<=[\p{L}\p{M}\p{N}_$])[\p{L}\p{M}\p{N}_$]/uy;

/**
 * Whether a suggestion was right and ends inside a word or an identifier: what is typed goes on with more of it.
 * @param text the file
 * @param to where the typed part of it ends
 */
export function endsInsideWord(
  { isRight, offset, text: { length } }: SuggestionEvent,
  text: string,
  to: number,
): boolean {
  insideWord.lastIndex = offset + length;
  return isRight && offset + length < to && insideWord.test(text);
}
