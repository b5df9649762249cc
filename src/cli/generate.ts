import { Command } from "commander";
import { type Generation, generate } from "../completion/generate.ts";
import { MurmurError } from "../errors.ts";
import type { Task } from "../model/info.ts";
import { LanguageModel } from "../model/language-model.ts";
import { normalizeText } from "../model/tokenizer.ts";
import { assertKnown } from "../model/vocabulary.ts";
import { defaultModelPath, integerOption, numberOption, printJson } from "./options.ts";

interface GenerateOptions extends Generation {
  readonly model?: string;
  readonly json?: boolean;
}

/** `murmur generate`: continues a prompt. Prints the text as it is generated, or one JSON object at the end. */
export function generateCommand(): Command {
  return new Command("generate")
    .description("generate text that continues a prompt")
    .option("--model <file>", "model file (default: the model that comes with Murmur)")
    .option("--prompt <text>", "the text to continue", "")
    .option("--context <path>", "for a one-to-many model: the path of the file to generate")
    .option("--following <text>", "for a sequence-to-sequence model: the text that follows the generated text")
    .option("--length <characters>", "number of characters to generate", integerOption("--length", 0), 200)
    .option(
      "--temperature <t>",
      "0 always picks the most likely token; higher values, up to 2, give more varied text",
      numberOption("--temperature", 0, 2),
      0.7,
    )
    .option("--top-k <tokens>", "draw only from this many of the most likely tokens", integerOption("--top-k", 1))
    .option(
      "--top-p <share>",
      "draw only from the most likely tokens that together have this share of the probability",
      numberOption("--top-p", 0, 1),
    )
    .option("--seed <seed>", "the same seed gives the same text", integerOption("--seed", 0, 2 ** 32 - 1), 1)
    .option("--json", "print one JSON object on standard output: text, logProbability, charsPerSecond")
    .action(run);
}

async function run(options: GenerateOptions): Promise<void> {
  const path = options.model ?? defaultModelPath();
  const model = await LanguageModel.load(path);
  assertReads(model.info.architecture.task, options);
  for (const what of ["prompt", "following"] as const) {
    const message = (count: number, named: string): string =>
      `--${what} has characters that the vocabulary of ${path} lacks (${count}), such as ${named}. Leave them out, or use a model with another tokenizer (byte, word).`;
    assertKnown(model.tokenizer, [normalizeText(options[what] ?? "")], message);
  }
  const start = performance.now();
  let text = "";
  let count = 0;
  let logProbability = 0;
  if (!options.json) process.stdout.write(options.prompt);
  for await (const character of generate(model, options)) {
    text += character.text;
    count++;
    logProbability += character.logProbability;
    if (!options.json) process.stdout.write(character.text);
  }
  const charsPerSecond = count / ((performance.now() - start) / 1000);
  await model.release();
  if (options.json) {
    printJson({ text, logProbability, charsPerSecond });
  } else {
    process.stdout.write("\n");
    const bitsPerChar = count === 0 ? 0 : -logProbability / Math.LN2 / count;
    process.stderr.write(
      `${count} characters, ${bitsPerChar.toFixed(2)} bits each at temperature 1, ${Math.round(charsPerSecond)} a second\n`,
    );
  }
}

/** @throws MurmurError ("bad-option") if the model can't use one of the options */
function assertReads(task: Task, { context, following }: GenerateOptions): void {
  const wrong = (option: string, wanted: Task): MurmurError =>
    new MurmurError(
      "bad-option",
      `${option} is for models with the task ${wanted}, and the task of this one is ${task}. Train a model with --task ${wanted}.`,
    );
  if (context !== undefined && task !== "one-to-many") throw wrong("--context", "one-to-many");
  if (following !== undefined && task !== "sequence-to-sequence") throw wrong("--following", "sequence-to-sequence");
}
