import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { boundaryBefore } from "../boundary.ts";
import { readFiles } from "../corpus/load-corpus.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { MurmurError } from "../errors.ts";
import { type EngineSetup, type Source, sources, type TextLike } from "../evaluation/engine-under-test.ts";
import type { MeasuredFile, Measurement } from "../evaluation/measure.ts";
import { startEvaluation } from "../evaluation/run.ts";
import { timeLeft } from "../training/time.ts";
import { sayLeftOut } from "./left-out.ts";
import { defaultModelPath, integerOption } from "./options.ts";
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
    .argument("<path...>", "files and folders; folders are read like a workspace")
    .option("--model <file>", "model file (default: the model that comes with Murmur)")
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
    .option("--exclude <globs...>", "files to leave out", [])
    .option("--report <file>", "write an HTML report with charts and the files' text shaded by its bits")
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

/** Reads the files of a command and measures them. @throws MurmurError */
export async function measureFiles(
  paths: readonly string[],
  options: MeasuringOptions,
  measurement: Omit<Measurement, "engine">,
): Promise<Measurements> {
  const modelPath = options.model ?? defaultModelPath();
  if (options.report !== undefined) {
    const read = [...paths, ...options.given].map((path) => ({ path, role: "read for measuring" }));
    await assertReportOutput(resolve(options.report), [...read, { path: modelPath, role: "the model" }]);
  }
  const skipped: Skipped = {};
  const files = await readFiles(paths, options.exclude, counter(skipped));
  const given = options.given.length === 0 ? [] : await readFiles(options.given, options.exclude, counter(skipped));
  sayLeftOut(skipped);
  const texts = new Set(files.map((file) => file.text));
  const engine: EngineSetup = {
    modelPath,
    given: given.filter((file) => !texts.has(file.text)),
    sources: options.sources,
  };
  const start = performance.now();
  const limited = files.map((file) => limitTo(file, options.limit));
  const run = startEvaluation(limited, { ...measurement, engine }, options.threads);
  const chars = limited.reduce((sum, file) => sum + file.text.length, 0);
  const stop = showProgress(run.charsDone, chars);
  try {
    return { files: await run.measured, engine, seconds: (performance.now() - start) / 1000, skipped };
  } finally {
    stop();
  }
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
