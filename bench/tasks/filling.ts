import { sample } from "../../src/corpus/corpus.ts";
import type { TextSource } from "../../src/corpus/text-source.ts";
import { groupBy } from "../../src/group-by.ts";
import { bitsPerChar, exampleCosts } from "../../src/model/bits-per-char.ts";
import type { Example } from "../../src/model/example.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { startToken } from "../../src/model/tokenizer.ts";
import { measuredExamples } from "../../src/training/tasks/examples.ts";
import { table } from "../markdown.ts";

const measuredChars = 400_000;

/**
 * Bits per character of gaps in held-out files, with and without an encoder that reads what follows them.
 * @param plain a language model that was trained to begin in the middle of a text, as the decoder was
 */
export async function compareFilling(
  plain: string,
  filling: string,
  heldOut: readonly TextSource[],
  window: number,
): Promise<string> {
  const [decoder, both] = [await LanguageModel.load(plain), await LanguageModel.load(filling)];
  const examples = measuredExamples(both.info.architecture, sample(heldOut, measuredChars), both.tokenizer, window);
  const rows: string[][] = [];
  for (const [kind, of] of groupBy(examples, kindOf)) {
    const alone = of.map(({ condition: _, ...example }) => example);
    const figures = [
      await exampleCosts(decoder, alone),
      await exampleCosts(both, alone),
      await exampleCosts(both, of),
    ].map(bitsPerChar);
    const [without = 0, , withEncoder = 0] = figures;
    rows.push([
      kind,
      `${of.length}`,
      ...figures.map((bits) => bits.toFixed(3)),
      `${((100 * (without - withEncoder)) / without).toFixed(1)} %`,
    ]);
  }
  await decoder.release();
  await both.release();
  const header = [
    "gaps",
    "count",
    "a language model that reads as much before them",
    "the decoder without its encoder",
    "with the encoder",
    "gain over the language model",
  ];
  return `\n### Sequence to sequence: bits per character of gaps\n\n${table(header, rows.sort())}`;
}

/** A gap that begins after a line feed is a whole line. */
function kindOf({ tokens, from }: Example): string {
  const before = tokens[from];
  return before === "\n".charCodeAt(0) || before === startToken ? "whole lines" : "ends of lines";
}
