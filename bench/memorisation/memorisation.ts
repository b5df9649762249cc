import { join } from "node:path";
import { boundaryBefore } from "../../src/boundary.ts";
import { defaultModelPath } from "../../src/cli/options.ts";
import { generate } from "../../src/completion/generate.ts";
import { bytesOf } from "../../src/completion/text.ts";
import { readPackedCorpus } from "../../src/corpus/packed/packed-corpus.ts";
import { sideFiles } from "../../src/corpus/packed/packed-index.ts";
import { type TextFile, type TextSource, textFile } from "../../src/corpus/text-source.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { table } from "../markdown.ts";
import { mean, progress } from "../support.ts";
import { type Copies, copiesIn } from "./copies.ts";
import { exposures } from "./exposure.ts";

/** Held-out texts that are begun, and characters that are read and generated of each. */
const prompts = 60;
const promptLength = 200;
const length = 600;
const temperatures = [0, 0.7, 1];
/** Bytes of the shortest passage that counts as a copy. */
const least = 50;
/** Characters of training text in which canaries are planted. */
const plantedChars = 2_000_000;
/** Of a text, about. */
const meanLength = 12_000;

export interface MemorisationOptions {
  readonly model?: string;
  /** The packed corpus of the model. */
  readonly corpus?: string;
  readonly minutes: number;
}

/**
 * Prints how much of what the default model writes stands word for word in its training text, and how far canaries are exposed that are
 * planted in a training run.
 */
export async function benchMemorisation({ model: path, corpus: folder, minutes }: MemorisationOptions): Promise<void> {
  if (folder === undefined) throw new Error("Name the packed corpus that the model was trained on: --corpus DIR.");
  const corpus = await readPackedCorpus(folder);
  const begun = spread(corpus.heldOut, prompts, promptLength + length);
  const trainPath = join(folder, sideFiles.train.texts);
  const model = await LanguageModel.load(path ?? defaultModelPath(), { precision: "int8" });
  const written: (readonly [name: string, texts: readonly string[]])[] = [
    ["what follows in those files", begun.map(({ text }) => partOf(text, promptLength, promptLength + length))],
  ];
  for (const temperature of temperatures) {
    progress(`generating at temperature ${temperature}`);
    const texts: string[] = [];
    for (const [i, { text }] of begun.entries()) {
      const prompt = partOf(text, 0, promptLength);
      let all = "";
      for await (const one of generate(model, { prompt, length, temperature, seed: i })) all += one.text;
      texts.push(all);
    }
    written.unshift([`temperature ${temperature}`, texts]);
  }
  await model.release();
  progress("looking for copies");
  const found = await copiesIn(
    trainPath,
    written.flatMap(([, texts]) => texts.map(bytesOf)),
    least,
  );
  const copied = written.map(([name, texts]) => ({ name, texts, copies: found.splice(0, texts.length) }));
  console.log(
    `${begun.length} files that the model was not trained on, begun with ${promptLength} characters; ${length} follow\n`,
  );
  const rows = copied.map(({ name, copies }) => row(name, copies));
  console.log(table(["", `files with a copy of ${least} bytes`, "bytes in copies, %", "longest copy, bytes"], rows));
  for (const { name, texts, copies } of copied) {
    const most = Math.max(...copies.map(({ longest }) => longest));
    const index = copies.findIndex(({ longest }) => longest === most);
    const end = copies[index]?.end ?? 0;
    const passage = new TextDecoder().decode(bytesOf(texts[index] ?? "").subarray(end - most, end));
    console.log(`\nThe longest, ${name} (${begun[index]?.name}): ${JSON.stringify(passage)}`);
  }
  const texts = spread(corpus.train, Math.floor(plantedChars / meanLength), 2000);
  await printExposures(texts, corpus.heldOut.slice(0, 200), minutes);
}

async function printExposures(
  texts: readonly TextFile[],
  heldOut: readonly TextSource[],
  minutes: number,
): Promise<void> {
  const chars = texts.reduce((sum, { text }) => sum + text.length, 0);
  progress(`training ${minutes} minutes on ${chars} characters with canaries`);
  const { passes, bitsPerChar, rows } = await exposures(texts, heldOut, minutes);
  console.log(
    `\n### Exposure of canaries, in bits of at most 10\n\n${minutes} minutes on ${chars.toLocaleString("en")} characters, ${passes.toFixed(1)} passes, ${bitsPerChar.toFixed(3)} bits per character held out\n`,
  );
  const cells = rows.map(({ repetitions, mean, most }) => [`${repetitions}`, mean.toFixed(1), most.toFixed(1)]);
  console.log(table(["planted, times", "mean of four", "most"], cells));
}

/** Texts of at least some length, at even distances in the list. */
function spread(sources: readonly TextSource[], count: number, leastChars: number): TextFile[] {
  const long = sources.filter(({ chars }) => chars >= leastChars);
  const step = Math.max(1, long.length / count);
  return Array.from({ length: Math.min(count, long.length) }, (_, i) => long[Math.floor(i * step)]).flatMap((source) =>
    source ? [textFile(source)] : [],
  );
}

function partOf(text: string, from: number, to: number): string {
  return text.slice(boundaryBefore(text, from), boundaryBefore(text, to));
}

function row(name: string, copies: readonly Copies[]): string[] {
  const share = copies.filter(({ longest }) => longest > 0).length / copies.length;
  const inCopies = mean(copies.map(({ share }) => share));
  return [
    name,
    `${(100 * share).toFixed(0)} %`,
    (100 * inCopies).toFixed(1),
    `${Math.max(...copies.map(({ longest }) => longest))}`,
  ];
}
