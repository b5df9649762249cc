import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultModelPath } from "../../src/cli/options.ts";
import type { Sampling } from "../../src/completion/decoding/sampling.ts";
import { generate } from "../../src/completion/generate.ts";
import { seedOf } from "../../src/completion/random.ts";
import { costs } from "../../src/model/bits-per-char.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { normalizeText } from "../../src/model/tokenizer.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { exampleTable } from "./examples.ts";
import { type CostedText, type Figures, figuresOf } from "./figures.ts";
import { prompts } from "./prompts.ts";

/** Characters that are generated from each prompt. */
const length = 600;
/** Characters of what people wrote that are read before those that are measured: about as long as a prompt. */
const promptLength = 50;
const temperatures = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2];
const narrowed: readonly Sampling[] = [0.8, 1].flatMap((temperature) => [
  ...[5, 10, 40].map((topK) => ({ temperature, topK })),
  ...[0.5, 0.8, 0.9, 0.95].map((topP) => ({ temperature, topP })),
]);
const exampleKinds = ["prose", "javascript", "python", "go"];

/**
 * Prints how much of what a model generates is a cycle, by how it is drawn, beside the same figures of text that people wrote
 * (Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020).
 */
export async function benchSampling({ model: path = defaultModelPath() }: { readonly model?: string }): Promise<void> {
  const model = await LanguageModel.load(path);
  const whole = await allTexts(
    model,
    temperatures.map((temperature) => ({ temperature })),
  );
  const drawnFromSome = await allTexts(model, narrowed);
  const rows = [...whole, ...drawnFromSome].map(({ sampling, texts }) => row(nameOf(sampling), figuresOf(texts)));
  rows.push(row("samples/, as it is written", figuresOf(await writtenTexts(model))));
  await model.release();
  console.log(`${prompts.length} prompts, ${length} characters from each\n`);
  console.log(table(header, rows));
  console.log("\n### The likeliest text, and one without a cycle\n");
  const tried = prompts.map((prompt, i) => ({
    prompt,
    texts: whole.map(({ sampling, texts }) => ({ temperature: sampling.temperature, text: texts[i]?.text ?? "" })),
  }));
  console.log(exampleTable(tried, exampleKinds));
}

interface Drawn {
  readonly sampling: Sampling;
  /** One for each prompt. */
  readonly texts: readonly CostedText[];
}

async function allTexts(model: LanguageModel, samplings: readonly Sampling[]): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  for (const sampling of samplings) {
    progress(`generating at ${nameOf(sampling)}`);
    const texts: CostedText[] = [];
    for (const prompt of prompts) texts.push(await generated(model, prompt.text, sampling));
    drawn.push({ sampling, texts });
  }
  return drawn;
}

/** The same text each time: random numbers depend on the prompt. */
async function generated(model: LanguageModel, prompt: string, sampling: Sampling): Promise<CostedText> {
  let text = "";
  let nats = 0;
  for await (const character of generate(model, { ...sampling, prompt, length, seed: seedOf(prompt) })) {
    text += character.text;
    nats -= character.logProbability;
    // A character of some tokenizers is a word.
    if (text.length >= length) break;
  }
  return { text, bits: nats / Math.LN2 };
}

/** The files of samples/, cut into texts as long as those that are generated, each after as much as a prompt. */
async function writtenTexts(model: LanguageModel): Promise<CostedText[]> {
  const folder = join(import.meta.dirname, "../../samples");
  const files = await Promise.all(
    (await readdir(folder)).sort().map(async (name) => normalizeText(await readFile(join(folder, name), "utf8"))),
  );
  const size = promptLength + length;
  const pieces = files.flatMap((file) =>
    Array.from({ length: Math.floor(file.length / size) }, (_, i) => file.slice(i * size, (i + 1) * size)),
  );
  const all = await costs(model, pieces);
  const before = await costs(
    model,
    pieces.map((piece) => piece.slice(0, promptLength)),
  );
  return pieces.map((piece, i) => ({
    text: piece.slice(promptLength),
    bits: (all[i]?.bits ?? 0) - (before[i]?.bits ?? 0),
  }));
}

const header = [
  "drawn at temperature",
  "texts with a cycle",
  "texts that end in one",
  "characters in a cycle",
  "bits per character at temperature 1",
  "distinct 4-grams in a text",
];

function row(name: string, figures: Figures): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    name,
    `${figures.withCycle} of ${figures.texts}`,
    `${figures.endInCycle} of ${figures.texts}`,
    percent(figures.shareInCycles),
    figures.bitsPerChar.toFixed(2),
    percent(figures.distinctFourGrams),
  ];
}

function nameOf({ temperature, topK, topP }: Sampling): string {
  const from = [topK === undefined ? [] : `top-k ${topK}`, topP === undefined ? [] : `top-p ${topP}`].flat();
  return [temperature === 0 ? "0 (greedy)" : `${temperature}`, ...from].join(", ");
}
