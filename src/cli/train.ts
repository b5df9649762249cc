import { resolve } from "node:path";
import { Command, Option } from "commander";
import { readerGone } from "../closed-output.ts";
import { loadCorpus } from "../corpus/load-corpus.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { MurmurError } from "../errors.ts";
import { type NetworkShape, shapes } from "../model/info.ts";
import { readModelFile } from "../model/language-model.ts";
import { decodeModelFile } from "../model/model-file.ts";
import { findDefaultModel } from "../model/shipped.ts";
import { tokenizerKind } from "../model/tokenizer.ts";
import type { TrainingEvent, TrainingResult } from "../training/events.ts";
import type { TrainingOptions } from "../training/options.ts";
import { batchOf, cellName, defaultTrainingOptions as defaults } from "../training/options.ts";
import { timeLeft } from "../training/time.ts";
import { train } from "../training/trainer.ts";
import { sayLeftOut } from "./left-out.ts";
import { integerOption, numberOption, printJson } from "./options.ts";
import { assertModelOutput, type Input } from "./output.ts";

interface TrainCommandOptions {
  readonly out: string;
  readonly init: string;
  readonly shape?: NetworkShape;
  readonly cell: string;
  readonly layers: number;
  readonly hidden: number;
  readonly residual: boolean;
  readonly layerNorm: boolean;
  readonly tied?: boolean;
  readonly tokenizer: string;
  readonly minutes?: number;
  readonly epochs?: number;
  readonly steps?: number;
  readonly patience: number;
  readonly heldOut: string;
  readonly dropout: number;
  readonly weightDecay: number;
  readonly seed: number;
  readonly threads: number;
  readonly batch?: number;
  readonly window: number;
  readonly learningRate?: number;
  readonly exclude: readonly string[];
  readonly licence?: string;
  readonly resume: boolean;
  readonly json?: boolean;
}

/** `murmur train`: trains a model on files and folders and writes it to one file. */
export function trainCommand(): Command {
  return new Command("train")
    .description("train a model on files and folders; a folder is read as a workspace is")
    .argument("<path...>", "files and folders to learn from")
    .requiredOption("--out <file>", "where the model goes")
    .option("--init <file>", 'a model to start from, or "none"', "none")
    .addOption(new Option("--shape <name>", "what the network reads and tells").choices(shapes))
    .option("--cell <name>", "recurrent cell: rnn, lstm or gru", defaults.cell)
    .option("--layers <count>", "recurrent layers", integerOption("--layers", 1, 8), defaults.layers)
    .option("--hidden <size>", "size of a layer's hidden state", integerOption("--hidden", 2, 4096), defaults.hidden)
    .option("--no-residual", "without residual connections: each layer but the first adds its input to its output")
    .option(
      "--no-layer-norm",
      "without layer normalisation of what a layer reads of the one below, and of what the output reads",
    )
    .option("--tied", "tell a token by the vector that it is read as (default where tokens are words)")
    .option("--no-tied", "tell it by weights of its own (default where they are bytes or characters)")
    .option("--tokenizer <kind>", "what a token is: byte, char or word", defaults.tokenizer)
    .option(
      "--minutes <minutes>",
      `length of the run (default: ${defaults.minutes})`,
      numberOption("--minutes", 0, 1e6),
    )
    .addOption(
      new Option("--epochs <count>", "length of the run as times that all of the text is read")
        .argParser(numberOption("--epochs", 0, 1e6))
        .conflicts(["minutes", "steps"]),
    )
    .addOption(
      new Option("--steps <count>", "length of the run in steps")
        .argParser(integerOption("--steps", 0))
        .conflicts(["minutes", "epochs"]),
    )
    .option(
      "--patience <evaluations>",
      "end early after this many of the run's twelve evaluations with nothing gained",
      integerOption("--patience", 1),
      defaults.patience,
    )
    .option("--held-out <share|path>", "share of the text to measure with, or the files", String(defaults.heldOut))
    .option(
      "--dropout <share>",
      "share of each layer's output that is dropped",
      numberOption("--dropout", 0, 0.9),
      defaults.dropout,
    )
    .option(
      "--weight-decay <share>",
      "how strongly weights are drawn to zero; more of it against overfitting",
      numberOption("--weight-decay", 0, 10),
      defaults.weightDecay,
    )
    .option(
      "--seed <seed>",
      "the same seed, --steps and --threads give the same model",
      integerOption("--seed", 0, 2 ** 32 - 1),
      defaults.seed,
    )
    .option("--threads <count>", "threads of one step", integerOption("--threads", 1, 256), defaults.threads)
    .option(
      "--batch <lanes>",
      `texts read side by side (default: ${batchOf(false)}, or ${batchOf(true)} for a model that is trained on)`,
      integerOption("--batch", 1, 4096),
    )
    .option(
      "--window <tokens>",
      "tokens that the gradient goes back",
      integerOption("--window", 1, 4096),
      defaults.window,
    )
    .option(
      "--learning-rate <rate>",
      "its peak (default: what suits the cell and its size, less for a model that is trained on)",
      numberOption("--learning-rate", 0, 1),
    )
    .option("--exclude <globs...>", "files to leave out", [...defaults.exclude])
    .option("--licence <name>", "licence of the text, recorded in the model")
    .option("--resume", "go on from the checkpoint of an earlier run to the same --out", false)
    .option("--json", "print one JSON object on standard output at the end")
    .action(run);
}

/** What a model that is fine-tuned keeps. */
const keptOptions = ["cell", "layers", "hidden", "residual", "layerNorm", "tied", "tokenizer"] as const;

/** What a network has or has not, by the names of the options. */
const networkParts: Readonly<Record<string, string>> = {
  residual: "residual connections",
  layerNorm: "layer normalisation",
  tied: "tied embeddings",
};

/** A model that is fine-tuned keeps its architecture. @throws MurmurError ("bad-option") if another is asked for */
async function assertFits(init: string, asked: Readonly<Record<string, unknown>>): Promise<void> {
  const { info } = decodeModelFile(await readModelFile(init), init);
  const own: Readonly<Record<string, unknown>> = { ...info.architecture, tokenizer: info.tokenizer.kind };
  for (const [name, value] of Object.entries(asked)) {
    if (value === own[name]) continue;
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const part = networkParts[name];
    const conflict =
      part !== undefined
        ? `--${value ? "" : "no-"}${option} is given, but the model ${init} has ${value ? "no " : ""}${part}`
        : `--${option} is ${value}, but it is ${own[name]} in the model ${init}`;
    throw new MurmurError("bad-option", `${conflict}. Leave it out, or train from nothing (--init none).`);
  }
}

async function run(paths: readonly string[], given: TrainCommandOptions, command: Command): Promise<void> {
  const options: TrainingOptions = {
    ...defaults,
    ...given,
    paths,
    out: resolve(given.out),
    init: given.init === "none" ? undefined : given.init,
    cell: cellName(given.cell),
    tokenizer: tokenizerKind(given.tokenizer),
    minutes: given.minutes ?? defaults.minutes,
    heldOut: heldOutOption(given.heldOut),
  };
  await assertModelOutput(options.out, inputsOf(options));
  if (options.init !== undefined) {
    const asked = keptOptions.filter((name) => command.getOptionValueSource(name) === "cli");
    await assertFits(options.init, Object.fromEntries(asked.map((name) => [name, options[name]])));
  }
  const skipped: Skipped = {};
  const corpus = await loadCorpus(options, counter(skipped));
  sayLeftOut(skipped);
  const finish = new AbortController();
  // The first Ctrl-C ends the run and keeps the best; the second ends the process.
  process.once("SIGINT", () => {
    process.stderr.write("\nStopping: the best model so far will be kept. Press Ctrl-C again to stop at once.\n");
    finish.abort();
  });
  const report = progressPrinter(options);
  for await (const event of train(corpus, options, AbortSignal.any([finish.signal, readerGone()]))) {
    report(event);
    if (event.kind === "done" && given.json) printJson({ ...event.result, skipped });
  }
}

/** What a run must not write over. */
function inputsOf({ paths, init, heldOut }: TrainingOptions): Input[] {
  const shipped = findDefaultModel();
  return [
    ...paths.map((path) => ({ path, role: "read for training" })),
    ...(typeof heldOut === "string" ? [{ path: heldOut, role: "the held-out text" }] : []),
    ...(init === undefined ? [] : [{ path: init, role: "the model to start from" }]),
    ...(shipped === undefined ? [] : [{ path: shipped, role: "the model that comes with Murmur" }]),
  ];
}

/** A share, or else a path. */
function heldOutOption(value: string): number | string {
  const share = Number(value);
  if (value.trim() === "" || Number.isNaN(share)) return value;
  if (share > 0 && share <= 0.9) return share;
  throw new MurmurError("bad-option", `--held-out is ${value}; it must be a share above 0 and up to 0.9, or a path.`);
}

/** Prints a run for a person: on a terminal one line that is overwritten, elsewhere a line now and then. */
function progressPrinter({ resume, out }: Pick<TrainingOptions, "resume" | "out">): (event: TrainingEvent) => void {
  const isTerminal = process.stderr.isTTY;
  let unit = "";
  let printed = Number.NEGATIVE_INFINITY;
  return (event) => {
    switch (event.kind) {
      case "started":
        if (resume && event.step === 0)
          process.stderr.write(
            `There is no checkpoint of an earlier run to ${out}, so this run starts from the beginning.\n`,
          );
        unit = event.shape === "many-to-one" ? "bits per label" : "bits per character";
        process.stderr.write(
          `${event.parameters} parameters; training on ${event.trainChars} characters of ${event.trainFiles} files, measuring on ${event.heldOutChars} of ${event.heldOutFiles}${event.step > 0 ? `; going on at step ${event.step}` : ""}\n`,
        );
        break;
      case "evaluated":
        clearLine(isTerminal);
        process.stderr.write(`step ${event.step}: ${event.heldOut.bitsPerChar.toFixed(3)} ${unit} held out\n`);
        break;
      case "progress": {
        if (!isTerminal && event.seconds - printed < 10) break;
        printed = event.seconds;
        const line = `${Math.round(event.progress * 100)} %  step ${event.step}  ${Math.round(event.charsPerSecond)} characters/s  train ${event.trainBitsPerChar.toFixed(3)}  held out ${event.heldOutBitsPerChar.toFixed(3)} ${unit}  ${timeLeft(event.secondsLeft)} left`;
        clearLine(isTerminal);
        process.stderr.write(isTerminal ? line : `${line}\n`);
        break;
      }
      case "settled":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.step}: no better for ${event.evaluations} evaluations, so the run ends here\n`,
        );
        break;
      case "recovered":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.diverged}: the loss or its gradient is no number; going on with the weights of step ${event.step} at a learning rate of ${event.learningRate}\n`,
        );
        break;
      case "done":
        clearLine(isTerminal);
        process.stderr.write(summary(event.result, unit));
        break;
    }
  };
}

function clearLine(isTerminal: boolean): void {
  if (isTerminal) process.stderr.write("\r\u001B[K");
}

function summary({ model, steps, seconds, charsPerSecond, before, heldOut }: TrainingResult, unit: string): string {
  return `${model}: ${steps} steps in ${Math.round(seconds)} s, ${Math.round(charsPerSecond)} characters/s; held out ${before.bitsPerChar.toFixed(3)} → ${heldOut.bitsPerChar.toFixed(3)} ${unit}\n`;
}
