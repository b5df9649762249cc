import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { boundaryBefore } from "../boundary.ts";
import { readFiles } from "../corpus/load-corpus.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { MurmurError } from "../errors.ts";
import { changedFiles, changedUpTo, withRenames } from "../evaluation/edits/tree.ts";
import { type EngineSetup, type Source, sources, type TextLike } from "../evaluation/engine-under-test.ts";
import type { FileToMeasure, MeasuredFile, Measurement } from "../evaluation/measure.ts";
import { charsOf, startEvaluation } from "../evaluation/run.ts";
import type { Precision } from "../model/model-file.ts";
import { timeLeft } from "../training/time.ts";
import { sayLeftOut } from "./left-out.ts";
import { defaultModelPath, fileOption, integerOption } from "./options.ts";
import { assertReportOutput } from "./output.ts";

/** The options of the commands that measure an engine on files. */
export interface MeasuringOptions {
  readonly model?: string;
  readonly given: readonly string[];
  readonly sources: readonly Source[];
  readonly limit?: number;
  readonly threads: number;
  readonly exclude: readonly string[];
  readonly report?: string;
  readonly json?: boolean;
}

export function addMeasuringOptions(command: Command): Command {
  return command
    .option("--model <file>", "model file, not needed for --sources local (default: the model that comes with Murmur)")
    .option(
      "--given <path...>",
      "files and folders that the local model reads first, except those that are measured",
      [],
    )
    .option("--sources <names>", "what predicts: rnn, local, or both", sourcesOption, sources)
    .option(
      "--limit <characters>",
      "measure this many characters of each file, from its start",
      integerOption("--limit", 1),
    )
    .option("--threads <count>", "files measured at once", integerOption("--threads", 1, 256), availableParallelism())
    .option("--exclude <globs...>", "files to leave out, by their paths in the folder, such as 'data/**'", [])
    .option(
      "--report <file>",
      "write an HTML report with charts and the files' text shaded by its bits",
      fileOption("--report"),
    )
    .option("--json", "print one JSON object on standard output");
}

/** The measured files, the engine used, and the time taken. */
export interface Measurements {
  readonly files: readonly MeasuredFile[];
  readonly engine: EngineSetup;
  readonly seconds: number;
  /** What was left out of the measured and the given files. */
  readonly skipped: Readonly<Skipped>;
}

/** What a command measures, and what its engine has read before. */
export interface FilesToMeasure {
  readonly files: readonly FileToMeasure[];
  readonly given: readonly TextLike[];
  readonly skipped: Readonly<Skipped>;
}

/** Whole files, predicted from their first character on. @throws MurmurError */
export async function wholeFiles(paths: readonly string[], options: MeasuringOptions): Promise<FilesToMeasure> {
  const skipped: Skipped = {};
  const files = await readFiles(paths, options.exclude, counter(skipped));
  const given = await givenBeside(files, options, skipped);
  return { files: files.map((file) => limitTo(file, options.limit)), given, skipped };
}

/** Two folders, before and after some edits. */
export interface Trees {
  readonly before: string;
  readonly after: string;
  /** What the user calls them; by default, their paths. */
  readonly name?: string;
}

/**
 * The files that differ between two trees; the old tree has been read before.
 * @throws MurmurError ("no-text") if nothing was typed between them
 */
export async function editedFiles(
  { before, after, name = `${before} and ${after}` }: Trees,
  options: MeasuringOptions,
): Promise<FilesToMeasure> {
  const skipped: Skipped = {};
  const files = await readFiles([after], options.exclude, counter(skipped));
  const former = withRenames(await readFiles([before], options.exclude), files);
  const measured = changedFiles(former, files);
  const others = await givenBeside(measured, options, skipped);
  const changed = measured
    .map((file) => (options.limit === undefined ? file : changedUpTo(file, options.limit)))
    .filter((file) => charsOf(file) > 0);
  if (changed.length > 0) return { files: changed, given: [...others, ...former], skipped };
  throw new MurmurError("no-text", `No text was added between ${name}. Choose trees that differ.`);
}

/** The files that are read beforehand, without those whose text is measured. */
async function givenBeside(
  measured: readonly TextLike[],
  { given, exclude }: MeasuringOptions,
  skipped: Skipped,
): Promise<TextLike[]> {
  if (given.length === 0) return [];
  const texts = new Set(measured.map(({ text }) => text));
  return (await readFiles(given, exclude, counter(skipped))).filter(({ text }) => !texts.has(text));
}

/** Measures files, and shows the progress. @throws MurmurError */
export async function measureFiles(
  { files, given, skipped }: FilesToMeasure,
  options: MeasuringOptions,
  measurement: Omit<Measurement, "engine">,
  precision?: Precision,
): Promise<Measurements> {
  sayLeftOut(skipped);
  const engine: EngineSetup = {
    modelPath: modelPathOf(options),
    given,
    sources: options.sources,
    ...(precision !== undefined && { precision }),
  };
  const start = performance.now();
  const run = startEvaluation(files, { ...measurement, engine }, options.threads);
  const chars = files.reduce((sum, file) => sum + charsOf(file), 0);
  const stop = showProgress(run.charsDone, chars);
  try {
    return { files: await run.measured, engine, seconds: (performance.now() - start) / 1000, skipped };
  } finally {
    stop();
  }
}

/** Checks, before a long run, that the report can be written and replaces nothing that the command reads. @throws MurmurError */
export async function assertReport(read: readonly string[], options: MeasuringOptions): Promise<void> {
  if (options.report === undefined) return;
  const inputs = [...read, ...options.given].map((path) => ({ path, role: "read for measuring" }));
  const path = modelPathOf(options);
  const model = path === undefined ? [] : [{ path, role: "the model" }];
  await assertReportOutput(resolve(options.report), [...inputs, ...model]);
}

/** Undefined if the local model predicts alone. */
function modelPathOf({ model, sources }: MeasuringOptions): string | undefined {
  return sources.includes("rnn") ? (model ?? defaultModelPath()) : undefined;
}

function limitTo({ name, text }: TextLike, limit = text.length): TextLike {
  return { name, text: text.slice(0, boundaryBefore(text, limit)) };
}

function sourcesOption(value: string): readonly Source[] {
  const names = value.split(",").map((name) => name.trim());
  const chosen = sources.filter((source) => names.includes(source));
  if (chosen.length > 0 && names.every((name) => sources.some((source) => source === name))) return chosen;
  throw new MurmurError(
    "bad-option",
    `--sources is ${JSON.stringify(value)}; it must be one or both of: ${sources.join(", ")}.`,
  );
}

/** Shows the progress of a run on one line, if standard error is a terminal. @returns a function that ends the display */
function showProgress(charsDone: () => number, chars: number): () => void {
  if (!process.stderr.isTTY) return () => {};
  const start = performance.now();
  const timer = setInterval(() => {
    const done = charsDone();
    const seconds = (performance.now() - start) / 1000;
    const left = done > 0 ? `  ${timeLeft((seconds * (chars - done)) / done)} left` : "";
    const share = Math.round((100 * done) / Math.max(1, chars));
    process.stderr.write(
      `\r\u001B[K${share} %  ${done} of ${chars} characters  ${Math.round(done / seconds)} characters/s${left}`,
    );
  }, 250);
  return () => {
    clearInterval(timer);
    process.stderr.write("\r\u001B[K");
  };
}
