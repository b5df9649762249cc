import { availableParallelism } from "node:os";
import { Command } from "commander";
import { bitsPerChar, costs } from "../model/bits-per-char.ts";
import { LanguageModel } from "../model/language-model.ts";
import { readFiles } from "../training/load-corpus.ts";
import { defaultModelPath, integerOption, printJson } from "./options.ts";

interface EvaluateOptions {
  readonly model?: string;
  readonly threads: number;
  readonly exclude: readonly string[];
  readonly json?: boolean;
}

/** `murmur evaluate`: bits per character of files, each from its first character. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("measure how well a model predicts files, in bits per character")
    .argument("<path...>", "files and folders; a folder is read as a workspace is")
    .option("--model <file>", "model file (default: the one that comes with Murmur)")
    .option("--threads <count>", "threads to use", integerOption("--threads", 1, 256), availableParallelism())
    .option("--exclude <globs...>", "files to leave out", [])
    .option("--json", "print one JSON object on standard output")
    .action(run);
}

async function run(paths: readonly string[], options: EvaluateOptions): Promise<void> {
  const model = await LanguageModel.load(options.model ?? defaultModelPath(), options);
  const files = await readFiles(paths, options.exclude);
  const start = performance.now();
  const measured = await costs(
    model,
    files.map((file) => file.text),
  );
  const seconds = (performance.now() - start) / 1000;
  await model.release();
  const chars = measured.reduce((sum, cost) => sum + cost.chars, 0);
  const each = files.map((file, i) => {
    const cost = measured[i] ?? { chars: 0, bits: 0 };
    return { file: file.name, chars: cost.chars, bitsPerChar: bitsPerChar([cost]) };
  });
  const total = bitsPerChar(measured);
  if (options.json) {
    printJson({ chars, bitsPerChar: total, rnn: { bitsPerChar: total }, charsPerSecond: chars / seconds, files: each });
    return;
  }
  for (const file of each) process.stdout.write(`${file.bitsPerChar.toFixed(3)}  ${file.file}\n`);
  process.stdout.write(`${total.toFixed(3)} bits per character over ${chars} characters of ${files.length} files\n`);
}
