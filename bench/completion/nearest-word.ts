import type { Baseline, BaselineFile } from "./baselines.ts";

/** What ends a word in most of VS Code's languages (its default word pattern), besides white space. */
const separators = new Set("`~!@#%^&*()-=+[{]}\\|;:'\",.<>/?");
/** Characters that have to be typed before anything is suggested. */
const fewestTyped = 2;

/**
 * VS Code's word-based suggestion, at its best: the nearest word that begins with what is typed of a word, looked for
 * backwards in the file and then in the files read before, the last one first.
 */
export class NearestWord implements Baseline {
  readonly name = "nearest word";
  readonly #words = new RecentWords();

  learn(text: string): void {
    this.#words.add(text);
  }

  beginFile(): BaselineFile {
    return new TypedFile(this.#words);
  }
}

class TypedFile implements BaselineFile {
  readonly #elsewhere: RecentWords;
  #here = new RecentWords();
  #read = "";

  constructor(elsewhere: RecentWords) {
    this.#elsewhere = elsewhere;
  }

  suggest(before: string, after: string): string | undefined {
    const start = wordStart(before);
    this.#readTo(before.slice(0, start));
    const typed = before.slice(start);
    if (typed.length < fewestTyped || isWordCharacter(after[0])) return undefined;
    const word = this.#here.nearest(typed) ?? this.#elsewhere.nearest(typed);
    return word?.slice(typed.length);
  }

  /** Learns what is new of a text that ends between words. */
  #readTo(text: string): void {
    if (!text.startsWith(this.#read)) {
      this.#here = new RecentWords();
      this.#read = "";
    }
    this.#here.add(text.slice(this.#read.length));
    this.#read = text;
  }
}

/** Words in the order in which they were last seen. */
class RecentWords {
  /** By their first characters, the last seen word at the end. */
  readonly #byBeginning = new Map<string, string[]>();

  add(text: string): void {
    for (const word of wordsOf(text)) {
      // Shorter words complete nothing, and VS Code suggests no numbers.
      if (word.length <= fewestTyped || !Number.isNaN(Number(word))) continue;
      const beginning = word.slice(0, fewestTyped);
      const alike = this.#byBeginning.get(beginning) ?? [];
      const place = alike.lastIndexOf(word);
      if (place >= 0) alike.splice(place, 1);
      alike.push(word);
      this.#byBeginning.set(beginning, alike);
    }
  }

  /** The last seen word that begins with `typed` and is longer. */
  nearest(typed: string): string | undefined {
    const alike = this.#byBeginning.get(typed.slice(0, fewestTyped));
    return alike?.findLast((word) => word.length > typed.length && word.startsWith(typed));
  }
}

function* wordsOf(text: string): Generator<string> {
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (isWordCharacter(text[i])) continue;
    if (i > start) yield text.slice(start, i);
    start = i + 1;
  }
}

/** Where the word begins that a text ends with; the text's end if it ends with none. */
function wordStart(text: string): number {
  let start = text.length;
  while (start > 0 && isWordCharacter(text[start - 1])) start--;
  return start;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && !separators.has(character) && !/\s/.test(character);
}
