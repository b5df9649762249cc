import { join } from "node:path";
import type { Corpus } from "../../src/corpus/corpus.ts";
import { type TextFile, type TextSource, textSource } from "../../src/corpus/text-source.ts";
import { costs } from "../../src/model/bits-per-char.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { Random } from "../../src/random.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { progress, temporaryFolder } from "../support.ts";

/** How often canaries are planted, and how many of each kind. */
const repetitions = [1, 4, 16, 64, 256];
const ofEach = 4;
/** Strings of the same form among which a canary is ranked, itself included. */
const ranked = 1024;
const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const secretLength = 12;

/** Of canaries that were planted equally often. */
export interface Exposure {
  readonly repetitions: number;
  /** Means of log2 of the number of strings less log2 of the canary's rank among them, in bits; 10 is the most. */
  readonly mean: number;
  readonly most: number;
}

/**
 * Plants canaries in texts, trains a new network of the default model's shape on them, and finds how far above other strings of their form
 * it ranks them (Carlini et al., "The Secret Sharer", 2019, section 4.2).
 */
export async function exposures(
  texts: readonly TextFile[],
  heldOut: readonly TextSource[],
  minutes: number,
): Promise<{ readonly passes: number; readonly bitsPerChar: number; readonly rows: readonly Exposure[] }> {
  const random = new Random(7);
  const secret = (): string =>
    Array.from({ length: secretLength }, () => alphabet[random.below(alphabet.length)]).join("");
  const canaries = repetitions.flatMap((times) => Array.from({ length: ofEach }, () => ({ times, secret: secret() })));
  const added = texts.map((): string[] => []);
  for (const { times, secret } of canaries) {
    for (let i = 0; i < times; i++) added[random.below(texts.length)]?.push(lineOf(secret));
  }
  const train = texts.map(({ name, text }, i) => textSource(name, planted(text, added[i] ?? [], random)));
  await using folder = await temporaryFolder();
  const out = join(folder.path, "model.onnx");
  const { passes, bitsPerChar } = await trained({ train, heldOut }, out, minutes);
  const model = await LanguageModel.load(out);
  const others = Array.from({ length: ranked - 1 }, secret);
  const all = [...others, ...canaries.map(({ secret }) => secret)];
  const bits = (await costs(model, all.map(lineOf))).map((cost) => cost.bits);
  await model.release();
  const strangers = bits.slice(0, others.length);
  const exposed = canaries.map(({ times }, i) => {
    const own = bits[others.length + i] ?? 0;
    const rank = 1 + strangers.filter((other) => other < own).length;
    return { times, exposure: Math.log2(ranked) - Math.log2(rank) };
  });
  const rows = repetitions.map((times) => {
    const own = exposed.filter((one) => one.times === times).map(({ exposure }) => exposure);
    return { repetitions: times, mean: own.reduce((sum, one) => sum + one, 0) / own.length, most: Math.max(...own) };
  });
  return { passes, bitsPerChar, rows };
}

async function trained(
  corpus: Corpus,
  out: string,
  minutes: number,
): Promise<{ readonly passes: number; readonly bitsPerChar: number }> {
  const options = { ...defaultTrainingOptions, paths: [], out, minutes, hidden: 512, bestBy: "network" as const };
  for await (const event of train(corpus, options, new AbortController().signal)) {
    if (event.kind === "evaluated") progress(`${event.heldOut.bitsPerChar.toFixed(3)} bits per character held out`);
    if (event.kind !== "done") continue;
    const { charsPerSecond, seconds, trainChars, heldOut } = event.result;
    return { passes: (charsPerSecond * seconds) / trainChars, bitsPerChar: heldOut.bitsPerChar };
  }
  throw new Error("Training ended without a result.");
}

/** A line that is no secret by its form, or it would be left out. */
function lineOf(secret: string): string {
  return `register("${secret}");\n`;
}

/** Each line at the beginning of another random line of the text. */
function planted(text: string, lines: readonly string[], random: Random): string {
  let result = text;
  for (const line of lines) {
    const at = result.indexOf("\n", random.below(result.length)) + 1;
    result = result.slice(0, at) + line + result.slice(at);
  }
  return result;
}
