import { Command } from "commander";
import { readSources } from "../corpus/load-corpus.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { textOf } from "../corpus/text-source.ts";
import { classify } from "../model/classify.ts";
import { LanguageModel } from "../model/language-model.ts";
import { printable } from "../wording.ts";
import { sayLeftOut } from "./left-out.ts";
import { integerOption, printJson } from "./options.ts";

interface ClassifyOptions {
  readonly model: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `murmur classify`: predicts the languages of files from their text. */
export function classifyCommand(): Command {
  return new Command("classify")
    .description("predict the languages of files from their text, with a model trained for the task many-to-one")
    .argument("<path...>", "files and folders; folders are read like a workspace")
    .requiredOption("--model <file>", "a model trained with --task many-to-one")
    .option(
      "--limit <characters>",
      "read this many characters of each file, from its start",
      integerOption("--limit", 1),
      1000,
    )
    .option("--json", "print one JSON object on standard output: files, each with label and probability")
    .action(run);
}

async function run(paths: readonly string[], options: ClassifyOptions): Promise<void> {
  const model = await LanguageModel.loadAny(options.model);
  const files: { file: string; label: string; probability: number }[] = [];
  const skipped: Skipped = {};
  const sources = await readSources(paths, [], counter(skipped));
  sayLeftOut(skipped);
  for (const source of sources) {
    const [likeliest] = await classify(model, textOf(source, options.limit));
    if (!likeliest) continue;
    files.push({ file: source.name, ...likeliest });
    if (!options.json)
      process.stdout.write(
        `${likeliest.label.padEnd(12)} ${likeliest.probability.toFixed(2)}  ${printable(source.name)}\n`,
      );
  }
  await model.release();
  if (options.json) printJson({ files, skipped });
}
