import { Command, Option } from "commander";
import { type Eagerness, wrongCosts } from "../completion/suggestion.ts";
import { MurmurError } from "../errors.ts";
import { byKind, byLanguage, isTyped } from "../evaluation/breakdowns.ts";
import { reliabilityOf } from "../evaluation/reliability.ts";
import { type Interval, type Summary, summarize } from "../evaluation/summary.ts";
import { defaultSettings } from "../server/settings.ts";
import { filesOf } from "../wording.ts";
import { commitTrees } from "./commits.ts";
import {
  addMeasuringOptions,
  assertReport,
  editedFiles,
  type Measurements,
  type MeasuringOptions,
  measureFiles,
  wholeFiles,
} from "./measuring.ts";
import { integerOption, printJson } from "./options.ts";

interface SimulateOptions extends MeasuringOptions {
  readonly before?: string;
  readonly after?: string;
  readonly commits?: string;
  readonly every: number;
  readonly eagerness: Eagerness;
  readonly maxCharacters: number;
}

/**
 * `murmur simulate`: measures how much typing a user would save who accepts every correct suggestion, and who types files from
 * start to end, or makes the edits that lead from one tree to another.
 */
export function simulateCommand(): Command {
  return addMeasuringOptions(
    new Command("simulate")
      .description("type files, or the edits between two trees, and measure how much typing suggestions save")
      .argument(
        "[path...]",
        "files and folders to type from start to end; with --commits, the folder of the repository whose edits are typed",
      ),
  )
    .addOption(
      new Option("--before <folder>", "type only the edits that lead from this folder to --after").conflicts("commits"),
    )
    .addOption(new Option("--after <folder>", "the folder after the edits").conflicts("commits"))
    .option("--commits <A..B>", "type only the edits that lead from one commit of a git repository to another")
    .option(
      "--every <characters>",
      "request a suggestion once per this many characters",
      integerOption("--every", 1),
      1,
    )
    .option("--eagerness <level>", "quiet, balanced or eager", eagernessOption, "balanced")
    .option(
      "--max-characters <n>",
      "length of the longest suggestion",
      integerOption("--max-characters", 2, 400),
      defaultSettings.maxCharacters,
    )
    .action(run);
}

async function run(paths: readonly string[], options: SimulateOptions): Promise<void> {
  const { every, eagerness, maxCharacters } = options;
  const { files, engine, seconds, skipped } = await measured(paths, options);
  const typed = files.filter(isTyped);
  const simulations = typed.map(({ simulation }) => simulation);
  const summary = summarize(simulations);
  const calibration = reliabilityOf(simulations.flatMap(({ events }) => events));
  const kinds = byKind(typed);
  if (options.report !== undefined) {
    const { writeReport } = await import("../evaluation/report/report.ts");
    await writeReport(options.report, { files, engine, typing: { every, eagerness, maxCharacters } });
  }
  if (!options.json) {
    process.stdout.write(textOf(summary, calibration.error, files.length));
    for (const { kind, figures } of kinds) {
      const { chars, netSaved, acceptedShare, wrongPer100Chars } = figures;
      process.stdout.write(
        `${netSaved.toFixed(3)}  ${kind}: ${acceptedShare.toFixed(3)} accepted, ${wrongPer100Chars.toFixed(2)} wrong per 100, of ${chars} characters\n`,
      );
    }
    return;
  }
  printJson({
    ...summary,
    calibration,
    charsPerSecond: summary.chars / seconds,
    skipped,
    ...(kinds.length > 0 && { kinds: kinds.map(({ kind, figures }) => ({ kind, ...withoutTimes(figures) })) }),
    languages: byLanguage(typed).flatMap(({ language, typing }) =>
      typing ? [{ language, ...withoutTimes(typing) }] : [],
    ),
    files: typed.map(({ name, simulation }) => {
      const { intervals, ...figures } = withoutTimes(summarize([simulation]));
      return { file: name, ...figures };
    }),
  });
}

/** Types what is asked for. @throws MurmurError ("bad-option") if that is not clear; and as reading and measuring do */
async function measured(paths: readonly string[], options: SimulateOptions): Promise<Measurements> {
  const { before, after, commits, every, eagerness, maxCharacters, report } = options;
  const typing = { every, eagerness, maxCharacters, temperature: 0 };
  if ((before === undefined) !== (after === undefined)) {
    throw new MurmurError(
      "bad-option",
      "--before and --after belong together: the tree before the edits, and after them.",
    );
  }
  if (before !== undefined && after !== undefined) {
    if (paths.length > 0) {
      throw new MurmurError(
        "bad-option",
        "With --before and --after, name no other path: the edits between them are typed.",
      );
    }
    await assertReport([before, after], options);
    return await measureFiles(await editedFiles({ before, after }, options), options, { typing });
  }
  if (commits !== undefined) {
    if (paths.length > 1) throw new MurmurError("bad-option", "With --commits, name one folder of one repository.");
    await assertReport(paths, options);
    await using trees = await commitTrees(paths[0] ?? ".", commits);
    return await measureFiles(await editedFiles(trees, options), options, { typing });
  }
  if (paths.length === 0) {
    throw new MurmurError(
      "bad-option",
      "Nothing to type: name files or folders, or --before and --after, or --commits.",
    );
  }
  await assertReport(paths, options);
  const bits = report === undefined ? undefined : "characters";
  return await measureFiles(await wholeFiles(paths, options), options, { typing, bits });
}

/** Figures that are the same in every run. */
function withoutTimes({ latencyMs, netSavedFor, ...figures }: Summary): Omit<Summary, "latencyMs" | "netSavedFor"> {
  return figures;
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
    `${summary.netSaved.toFixed(3)}${range(intervals?.netSaved)}  net saved, of ${summary.chars} characters of ${filesOf(files)}`,
    `${summary.acceptedShare.toFixed(3)}${range(intervals?.acceptedShare)}  accepted share`,
    `${summary.keystrokesSaved.toFixed(3)}${range(intervals?.keystrokesSaved)}  keystrokes saved`,
    `${summary.wrongPer100Chars.toFixed(3)}${range(intervals?.wrongPer100Chars)}  wrong per 100 characters`,
    `${summary.shown} suggestions shown, ${summary.acceptances} accepted, ${summary.wrong} wrong; expected calibration error ${calibrationError.toFixed(3)}`,
    `a request took ${latencyMs.p50.toFixed(1)} ms (p50), ${latencyMs.p95.toFixed(1)} (p95), ${latencyMs.p99.toFixed(1)} (p99)`,
  ];
  return `${lines.join("\n")}\n`;
}
