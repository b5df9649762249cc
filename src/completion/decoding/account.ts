import type { Prediction } from "../prediction/predictor.ts";
import type { DecodedCharacter, GivenCharacter } from "./decoder.ts";
import { endsGrapheme, graphemeCount } from "./graphemes.ts";
import { finishLine, noLines, type Repeat, repeatOf } from "./repeats.ts";
import { endsWell, fitToRest } from "./suffix.ts";
import type { Surroundings } from "./surroundings.ts";
import { endsInWord, wordProbability } from "./words.ts";

/** What it would mean if a suggestion ended after one of its characters. */
export interface End {
  /** The number of characters that the user need not type; 0 if the suggestion must not end here. */
  readonly gain: number;
  /** Whether it may end here if the user asked for it: not within a grapheme, with white space, or with what the text below has. */
  readonly isAllowed: boolean;
  /** The probability that the word at this end continues; undefined for the last end of all, after which nothing is known. */
  readonly wordGoesOn: number | undefined;
}

const noEnd: End = { gain: 0, isAllowed: false, wordGoesOn: 0 };

/**
 * The account of a suggestion while it is decoded: what each of its ends would mean. It looks at each character once, and with it
 * at the line that the character is in.
 */
export class Account {
  readonly #around: Surroundings;
  readonly #ends: End[];
  #text: string;
  #graphemes: number;
  #finished = noLines;
  #repeat: Repeat | undefined;

  /**
   * @param characters the suggestion as far as it is decoded
   * @param ends those of its first characters, as far as they are known, in the same surroundings
   */
  constructor(around: Surroundings, characters: readonly DecodedCharacter[], ends: readonly End[]) {
    this.#around = around;
    this.#ends = [...ends];
    this.#text = textOf(characters.slice(0, ends.length));
    this.#graphemes = graphemeCount(this.#text);
    const lines = this.#text.lastIndexOf("\n") + 1;
    if (lines > 0) this.#finished = finishLine(this.#text.slice(0, lines), around, noLines);
    for (const character of characters.slice(ends.length)) this.add(character);
  }

  /** The text of the suggestion. */
  get text(): string {
    return this.#text;
  }

  /** What each end would mean. */
  get ends(): readonly End[] {
    return this.#ends;
  }

  /** Adds a character. @returns the place at which the suggestion repeats the text below, if it does */
  add({ text: character, before }: Pick<DecodedCharacter, "text" | "before">): Repeat | undefined {
    const { lineStart, rest } = this.#around;
    const last = this.#ends.at(-1);
    const isNew = this.#text === "" || endsGrapheme(lineStart + this.#text, character);
    if (isNew) this.#graphemes++;
    if (last && !isNew) this.#setLast(noEnd);
    else this.#closeWord(before);
    this.#text += character;
    if (!this.#repeat?.isCertain) {
      this.#repeat = repeatOf(this.#text, this.#around, false, this.#finished);
      if (character === "\n") this.#finished = finishLine(this.#text, this.#around, this.#finished);
      else if (character === ">") this.#finished = { ...this.#finished, tags: this.#text.length };
    }
    const mayEnd = !this.#repeat && endsGrapheme(lineStart + this.#text, rest);
    const isAllowed = character.trim() !== "";
    const wordGoesOn = endsInWord(character) ? undefined : 0;
    this.#ends.push(mayEnd ? { gain: this.#gain(), isAllowed, wordGoesOn } : noEnd);
    return this.#repeat;
  }

  /** Takes note of the character that is likely to follow: the suggestion must not end before one that belongs to its last grapheme. */
  precede({ text, before }: Pick<DecodedCharacter, "text" | "before">): void {
    if (!endsGrapheme(this.#around.lineStart + this.#text, text)) this.#setLast(noEnd);
    else this.#closeWord(before);
  }

  /** Takes note of what is predicted after the last end. */
  #closeWord(next: Prediction): void {
    const last = this.#ends.at(-1);
    if (last && last.wordGoesOn === undefined)
      this.#setLast({ ...last, wordGoesOn: wordProbability(next, this.#text) });
  }

  #setLast(end: End): void {
    this.#ends[this.#ends.length - 1] = end;
  }

  #gain(): number {
    const { rest } = this.#around;
    if (!endsWell(this.#text, rest)) return 0;
    return rest.trim() === "" ? this.#graphemes : fitToRest(this.#text, rest).gain;
  }

  /** Drops the end of the suggestion, before something else is added. @param length the number of characters that stay */
  cut(length: number): void {
    this.#text = [...this.#text].slice(0, length).join("");
    this.#ends.length = length;
    this.#graphemes = graphemeCount(this.#text);
    this.#finished = { ...this.#finished, tags: Math.min(this.#finished.tags, this.#text.length) };
    const last = this.#ends.at(-1);
    // A word that ends here goes on with what is in the document, or would only repeat itself.
    if (last) this.#setLast({ ...last, wordGoesOn: endsInWord(this.#text) ? undefined : 0 });
  }
}

export function textOf(characters: readonly GivenCharacter[]): string {
  return characters.map(({ text }) => text).join("");
}
