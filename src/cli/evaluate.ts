import { Command, Option } from "commander";
import { type MeanBits, meanBits } from "../evaluation/bits.ts";
import type { MeasuredFile } from "../evaluation/measure.ts";
import { type Precision, precisions } from "../model/model-file.ts";
import { filesOf, printable } from "../wording.ts";
import { addMeasuringOptions, assertReport, type MeasuringOptions, measureFiles, wholeFiles } from "./measuring.ts";
import { printJson } from "./options.ts";

/** `murmur evaluate`: measures the bits per character of files, each from its first character. */
export function evaluateCommand(): Command {
  return addMeasuringOptions(
    new Command("evaluate")
      .description("measure how well files are predicted, in bits per character")
      .argument("<path...>", "files and folders; folders are read like a workspace"),
  )
    .addOption(
      new Option(
        "--precision <name>",
        "what the network computes with: float32, as any runtime would, or int8, as in the editor; a GRU or RNN has float32 only, in both",
      )
        .choices(precisions)
        .default("float32"),
    )
    .action(run);
}

interface EvaluateOptions extends MeasuringOptions {
  readonly precision: Precision;
}

async function run(paths: readonly string[], options: EvaluateOptions): Promise<void> {
  await assertReport(paths, options);
  const bits = options.report === undefined ? "file" : "characters";
  const measured = await wholeFiles(paths, options);
  const { files, engine, seconds, skipped } = await measureFiles(measured, options, { bits }, options.precision);
  if (options.report !== undefined) {
    const { writeReport } = await import("../evaluation/report/report.ts");
    await writeReport(options.report, { files, engine });
  }
  const total = figuresOf(files);
  if (options.json) {
    const each = files.map((file) => ({ file: file.name, ...figuresOf([file]) }));
    printJson({ ...total, charsPerSecond: total.chars / seconds, files: each, skipped });
    return;
  }
  for (const file of files)
    process.stdout.write(`${figuresOf([file]).bitsPerChar.toFixed(3)}  ${printable(file.name)}\n`);
  process.stdout.write(
    `${total.bitsPerChar.toFixed(3)} bits per character over ${total.chars} characters of ${filesOf(files.length)}\n`,
  );
}

function figuresOf(files: readonly MeasuredFile[]): MeanBits {
  return meanBits(files.flatMap((file) => file.bits ?? []));
}
