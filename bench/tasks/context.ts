import { sample } from "../../src/corpus/corpus.ts";
import { partOf, type TextSource } from "../../src/corpus/text-source.ts";
import { groupBy } from "../../src/group-by.ts";
import { type Language, languageOfName } from "../../src/languages.ts";
import { bitsPerChar, type Cost, exampleCosts } from "../../src/model/bits-per-char.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { measuredExamples } from "../../src/training/tasks/examples.ts";
import { table } from "../markdown.ts";

/** Characters of each language that are measured. */
const charsPerLanguage = 120_000;
const beginning = 200;

/** A text of which nothing is known. */
export function withoutName(source: TextSource): TextSource {
  return { ...source, name: "" };
}

/**
 * Bits per character of held-out files with and without their paths as conditions, by language.
 * @param unnamed a network that was trained on texts without names
 */
export async function compareContext(unnamed: string, named: string, heldOut: readonly TextSource[]): Promise<string> {
  const languages = groupBy(heldOut, (source) => languageOfName(source.name));
  const [without, withName] = [await LanguageModel.load(unnamed), await LanguageModel.load(named)];
  const rows: string[][] = [];
  const all: NamedCosts[] = [];
  for (const [language, sources] of [...languages].sort(byName)) {
    if (!language) continue;
    const texts = sample(sources, charsPerLanguage);
    const beginnings = texts.map((source) => partOf(source, 0, Math.min(source.chars, beginning)));
    const measured: NamedCosts = {
      first: [await costsOf(without, beginnings.map(withoutName)), await costsOf(withName, beginnings)],
      whole: [await costsOf(without, texts.map(withoutName)), await costsOf(withName, texts)],
    };
    all.push(measured);
    rows.push([language, `${texts.length}`, ...figures(measured)]);
  }
  await without.release();
  await withName.release();
  const total: NamedCosts = {
    first: [all.flatMap(({ first }) => first[0]), all.flatMap(({ first }) => first[1])],
    whole: [all.flatMap(({ whole }) => whole[0]), all.flatMap(({ whole }) => whole[1])],
  };
  rows.push(["all", `${total.whole[0].length}`, ...figures(total)]);
  const header = ["language", "files", `first ${beginning}: without`, "with", "gain", "all: without", "with", "gain"];
  return `\n### One-to-many: bits per character with and without a file's path as condition\n\n${table(header, rows)}`;
}

/** Costs without and with the name. */
interface NamedCosts {
  readonly first: readonly [readonly Cost[], readonly Cost[]];
  readonly whole: readonly [readonly Cost[], readonly Cost[]];
}

function byName([a]: [Language | undefined, unknown], [b]: [Language | undefined, unknown]): number {
  return `${a}` < `${b}` ? -1 : 1;
}

function costsOf(model: LanguageModel, texts: readonly TextSource[]): Promise<Cost[]> {
  return exampleCosts(model, measuredExamples(model.info.architecture, texts, model.tokenizer, 1));
}

function figures({ first, whole }: NamedCosts): string[] {
  return [first, whole].flatMap(([without, withName]) => {
    const [a, b] = [bitsPerChar(without), bitsPerChar(withName)];
    return [a.toFixed(3), b.toFixed(3), `${((100 * (a - b)) / a).toFixed(1)} %`];
  });
}
