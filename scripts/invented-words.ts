import type { TextFile } from "../src/corpus/text-source.ts";
import { Random } from "../src/random.ts";
import type { HeldOutPackage } from "./held-out-packages.ts";

/** A word within a name: what is between capitals, digits and underscores. */
const word = /[A-Z]?[a-z]{4,}/g;
/** A word that is rarer in a package is hardly one of its own. */
const leastOften = 3;
const share = 0.5;

/**
 * Packages in which half of the words that no other one has are invented ones. The names of published code are to some degree known to the
 * network, which has read much of it; those of private code are not.
 */
export function withInventedWords(packages: readonly HeldOutPackage[]): HeldOutPackage[] {
  const random = new Random(3);
  const counts = packages.map(({ given, typed }) => countWords([...given, ...typed]));
  const packagesOf = new Map<string, number>();
  for (const words of counts) for (const one of words.keys()) packagesOf.set(one, (packagesOf.get(one) ?? 0) + 1);
  return packages.map(({ name, given, typed }, i) => {
    const invented = new Map<string, string>();
    for (const [one, count] of counts[i] ?? []) {
      if (count < leastOften || packagesOf.get(one) !== 1 || random.next() >= share) continue;
      invented.set(one, inventedWord(one.length, random));
    }
    const change = ({ name: file, text }: TextFile): TextFile => ({
      name: file,
      text: text.replace(word, (found) => asIn(found, invented.get(found.toLowerCase()) ?? found)),
    });
    return { name, given: given.map(change), typed: typed.map(change) };
  });
}

function countWords(files: readonly TextFile[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of files) {
    for (const [found] of text.matchAll(word)) {
      const one = found.toLowerCase();
      counts.set(one, (counts.get(one) ?? 0) + 1);
    }
  }
  return counts;
}

const consonants = "b c d f fr g h k l m n p qu r s st t v w x z".split(" ");
const vowels = "a e i o u y ea oo".split(" ");

/** Syllables that can be said but mean nothing. */
function inventedWord(length: number, random: Random): string {
  const oneOf = (parts: readonly string[]): string => parts[random.below(parts.length)] ?? "";
  let text = "";
  while (text.length < length) text += oneOf(consonants) + oneOf(vowels);
  return text.slice(0, length);
}

/** A word, with a capital where another has one. */
function asIn(model: string, text: string): string {
  const [first = ""] = model;
  return first === first.toLowerCase() ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
