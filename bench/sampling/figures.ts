import { mean } from "../support.ts";
import { charactersIn, cyclesIn } from "./cycles.ts";

/** Some text, and what it costs under a model. */
export interface CostedText {
  readonly text: string;
  /** Bits of the whole text at temperature 1. */
  readonly bits: number;
}

export interface Figures {
  readonly texts: number;
  /** Texts that hold a cycle somewhere. */
  readonly withCycle: number;
  /** Texts that end in a cycle. */
  readonly endInCycle: number;
  /** Of the characters of all texts, how many lie in a cycle. */
  readonly shareInCycles: number;
  readonly bitsPerChar: number;
  /** Of the four-character stretches of a text, how many are different ones; the mean over texts. */
  readonly distinctFourGrams: number;
}

/** How much of some texts repeats itself, and how likely a model finds them. */
export function figuresOf(texts: readonly CostedText[]): Figures {
  const cycles = texts.map(({ text }) => cyclesIn(text));
  const chars = texts.reduce((sum, { text }) => sum + text.length, 0);
  return {
    texts: texts.length,
    withCycle: cycles.filter(({ length }) => length > 0).length,
    endInCycle: cycles.filter((found, i) => found.some(({ end }) => end === texts[i]?.text.length)).length,
    shareInCycles: cycles.reduce((sum, found) => sum + charactersIn(found), 0) / chars,
    bitsPerChar: texts.reduce((sum, { bits }) => sum + bits, 0) / chars,
    distinctFourGrams: mean(texts.map(({ text }) => distinctShare(text, 4))),
  };
}

/** Of the stretches of `length` characters of a text, the share of different ones; NaN if it has none. */
export function distinctShare(text: string, length: number): number {
  const count = text.length - length + 1;
  const distinct = new Set(Array.from({ length: Math.max(0, count) }, (_, i) => text.slice(i, i + length)));
  return count > 0 ? distinct.size / count : Number.NaN;
}
