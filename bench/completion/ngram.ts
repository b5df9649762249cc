import { consider, type GateState, isDecided, nothingSeen } from "../../src/completion/decoding/gate.ts";
import { graphemeCount } from "../../src/completion/decoding/graphemes.ts";
import { endsWell } from "../../src/completion/decoding/suffix.ts";
import { endsInWord, wordProbability } from "../../src/completion/decoding/words.ts";
import { wrongCosts } from "../../src/completion/suggestion.ts";
import { startToken, tokenizerFrom } from "../../src/model/tokenizer.ts";
import type { Baseline, BaselineFile } from "./baselines.ts";

/** Characters of context, at most. */
const order = 6;
/** What a shorter context counts, compared with the next longer one ("stupid back-off", Brants et al., 2007). */
const backOff = 0.4;
/** Characters that are decoded, at most. */
const longest = 100;
/** The first half of a surrogate pair. */
const endsInsideCharacter = /[\uD800-\uDBFF]$/;

/**
 * Counts of the characters after the last six, with back-off to shorter contexts. Decoded greedily to the end of the line
 * at most, and shown by the gate of the engine at balanced, with scores taken for probabilities.
 */
export class NGram implements Baseline {
  readonly name = "order-6 n-gram";
  readonly #counts = new Counts();

  learn(text: string): void {
    this.#counts.add(text, 0);
  }

  beginFile(): BaselineFile {
    return new TypedFile(this.#counts);
  }
}

class TypedFile implements BaselineFile {
  readonly #elsewhere: Counts;
  #here = new Counts();
  #read = "";

  constructor(elsewhere: Counts) {
    this.#elsewhere = elsewhere;
  }

  suggest(before: string): string | undefined {
    if (!before.startsWith(this.#read)) {
      this.#here = new Counts();
      this.#read = "";
    }
    this.#here.add(before, this.#read.length);
    this.#read = before;
    const tables = [this.#elsewhere, this.#here];
    let text = "";
    let gate: GateState = nothingSeen(wrongCosts.balanced);
    while (text.length < longest && !isDecided(gate, longest)) {
      const next = likeliest(tables, before.slice(-order) + text);
      if (!next || next.character === "\n" || next.character === "\r") break;
      text += next.character;
      gate = consider(gate, gate.probability * next.score, gainOf(text), goesOn(tables, before.slice(-order) + text));
    }
    return gate.best && text.slice(0, gate.best.length);
  }
}

/** How many characters the user is spared by a suggestion; 0 if it must not end so. */
function gainOf(text: string): number {
  return endsWell(text, "") && !endsInsideCharacter.test(text) ? graphemeCount(text) : 0;
}

const bytes = tokenizerFrom({ kind: "byte" });

/** The probability that the word at a text's end continues, by the longest context that was ever seen. */
function goesOn(tables: readonly Counts[], text: string): number {
  if (!endsInWord(text)) return 0;
  const counts = new Float32Array(bytes.size);
  for (let length = Math.min(order, text.length); length >= 0; length--) {
    const context = text.slice(text.length - length);
    for (const successors of tables.flatMap((table) => table.successorsOf(context) ?? [])) {
      for (const [character, count] of successors.counts) {
        const [first = startToken] = bytes.encode(character);
        counts[first] = (counts[first] ?? 0) + count;
      }
    }
    if (counts.some((count) => count > 0)) break;
  }
  return wordProbability({ logits: counts.map(Math.log), tokenizer: bytes }, text);
}

/** The character with the highest score after a text; undefined if nothing was ever read. */
function likeliest(
  tables: readonly Counts[],
  text: string,
): { readonly character: string; readonly score: number } | undefined {
  let best: { readonly character: string; readonly score: number } | undefined;
  const scored = new Set<string>();
  let weight = 1;
  for (let length = Math.min(order, text.length); length >= 0 && weight > (best?.score ?? 0); length--) {
    const found = tables.flatMap((table) => table.successorsOf(text.slice(text.length - length)) ?? []);
    const total = found.reduce((sum, successors) => sum + successors.total, 0);
    for (const character of found.flatMap(({ counts }) => [...counts.keys()])) {
      // A longer context has seen it.
      if (scored.has(character)) continue;
      scored.add(character);
      const count = found.reduce((sum, { counts }) => sum + (counts.get(character) ?? 0), 0);
      const score = (weight * count) / total;
      if (score > (best?.score ?? 0)) best = { character, score };
    }
    weight *= backOff;
  }
  return best;
}

interface Successors {
  total: number;
  readonly counts: Map<string, number>;
}

/** How often each character (UTF-16 unit) came after each context of at most `order` characters. */
class Counts {
  readonly #byContext = new Map<string, Successors>();

  /** Counts the characters of a text from an offset on, each after the text before it. */
  add(text: string, from: number): void {
    for (let i = from; i < text.length; i++) {
      const character = text.charAt(i);
      for (let length = Math.min(order, i); length >= 0; length--) this.#count(text.slice(i - length, i), character);
    }
  }

  successorsOf(context: string): Successors | undefined {
    return this.#byContext.get(context);
  }

  #count(context: string, character: string): void {
    let successors = this.#byContext.get(context);
    if (!successors) {
      successors = { total: 0, counts: new Map() };
      this.#byContext.set(context, successors);
    }
    successors.total++;
    successors.counts.set(character, (successors.counts.get(character) ?? 0) + 1);
  }
}
