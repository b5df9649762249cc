import { Command } from "commander";
import { type Eagerness, wrongCosts } from "../completion/suggestion.ts";
import { MurmurError } from "../errors.ts";
import { reliabilityOf } from "../evaluation/reliability.ts";
import { type Interval, type Summary, summarize } from "../evaluation/summary.ts";
import { addMeasuringOptions, type MeasuringOptions, measureFiles } from "./measuring.ts";
import { integerOption, printJson } from "./options.ts";

interface SimulateOptions extends MeasuringOptions {
  readonly every: number;
  readonly eagerness: Eagerness;
  readonly maxCharacters: number;
}

/** `murmur simulate`: measures how much typing a user would save who types the files and accepts every correct suggestion. */
export function simulateCommand(): Command {
  return addMeasuringOptions(
    new Command("simulate").description("type files from start to end and measure how much typing suggestions save"),
  )
    .option(
      "--every <characters>",
      "request a suggestion once per this many characters",
      integerOption("--every", 1),
      1,
    )
    .option("--eagerness <level>", "quiet, balanced or eager", eagernessOption, "balanced")
    .option("--max-characters <n>", "length of the longest suggestion", integerOption("--max-characters", 2, 1000), 80)
    .action(run);
}

async function run(paths: readonly string[], options: SimulateOptions): Promise<void> {
  const { every, eagerness, maxCharacters } = options;
  const { files, engine, seconds, skipped } = await measureFiles(paths, options, {
    typing: { every, eagerness, maxCharacters, temperature: 0 },
    bits: options.report === undefined ? undefined : "characters",
  });
  const simulations = files.flatMap(({ simulation }) => simulation ?? []);
  const summary = summarize(simulations);
  const calibration = reliabilityOf(simulations.flatMap(({ events }) => events));
  if (options.report !== undefined) {
    const { writeReport } = await import("../evaluation/report/report.ts");
    await writeReport(options.report, { files, engine, typing: { every, eagerness, maxCharacters } });
  }
  if (!options.json) {
    process.stdout.write(textOf(summary, calibration.error, files.length));
    return;
  }
  printJson({
    ...summary,
    calibration,
    charsPerSecond: summary.chars / seconds,
    skipped,
    files: files.flatMap(({ name, simulation }) => {
      if (!simulation) return [];
      const { intervals, netSavedFor, latencyMs, ...figures } = summarize([simulation]);
      return { file: name, ...figures };
    }),
  });
}

/** @throws MurmurError ("bad-option") */
function eagernessOption(value: string): Eagerness {
  if (Object.hasOwn(wrongCosts, value)) return value as Eagerness;
  throw new MurmurError(
    "bad-option",
    `--eagerness is ${JSON.stringify(value)}; it must be one of: ${Object.keys(wrongCosts).join(", ")}.`,
  );
}

function textOf(summary: Summary, calibrationError: number, files: number): string {
  const { intervals, latencyMs } = summary;
  const range = (interval: Interval | undefined): string =>
    interval ? `  [${interval.map((bound) => bound.toFixed(3)).join(", ")}]` : "";
  const lines = [
    `${summary.netSaved.toFixed(3)}${range(intervals?.netSaved)}  net saved, of ${summary.chars} characters of ${files} files`,
    `${summary.acceptedShare.toFixed(3)}${range(intervals?.acceptedShare)}  accepted share`,
    `${summary.keystrokesSaved.toFixed(3)}${range(intervals?.keystrokesSaved)}  keystrokes saved`,
    `${summary.wrongPer100Chars.toFixed(3)}${range(intervals?.wrongPer100Chars)}  wrong per 100 characters`,
    `${summary.shown} suggestions shown, ${summary.acceptances} accepted, ${summary.wrong} wrong; expected calibration error ${calibrationError.toFixed(3)}`,
    `a request took ${latencyMs.p50.toFixed(1)} ms (p50), ${latencyMs.p95.toFixed(1)} (p95), ${latencyMs.p99.toFixed(1)} (p99)`,
  ];
  return `${lines.join("\n")}\n`;
}
