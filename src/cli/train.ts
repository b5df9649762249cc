import { resolve } from "node:path";
import { Command, Option } from "commander";
import { readerGone } from "../closed-output.ts";
import { loadCorpus } from "../corpus/load-corpus.ts";
import { readPackedCorpus } from "../corpus/packed/packed-corpus.ts";
import { packedPaths } from "../corpus/packed/packed-index.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { MurmurError } from "../errors.ts";
import { cellNames } from "../model/cells.ts";
import { type Task, tasks } from "../model/info.ts";
import { decodeModelFile, readModelFile } from "../model/model-file.ts";
import { findDefaultModel } from "../model/shipped.ts";
import { tokenizerKind } from "../model/tokenizer.ts";
import {
  decidingBits,
  type HeldOut,
  type TrainingEvent,
  type TrainingResult,
  type WholeHeldOut,
} from "../training/events.ts";
import {
  type BestBy,
  batchOf,
  bestBys,
  cellName,
  defaultTrainingOptions as defaults,
  type TrainingOptions,
} from "../training/options.ts";
import { timeLeft } from "../training/time.ts";
import { train } from "../training/trainer.ts";
import { filesOf } from "../wording.ts";
import { sayLeftOut } from "./left-out.ts";
import { fileOption, heldOutOption, integerOption, numberOption, printJson } from "./options.ts";
import { assertModelOutput, type Input } from "./output.ts";

interface TrainCommandOptions {
  readonly out: string;
  readonly init?: string;
  readonly task?: Task;
  /** The former name of `task`. */
  readonly shape?: Task;
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
  readonly corpus?: string;
  readonly heldOut: number | string;
  readonly bestBy: BestBy;
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
    .description("train a model on files and folders; folders are read like a workspace")
    .argument("[path...]", "files and folders to learn from")
    .addOption(
      new Option(
        "--corpus <folder>",
        'a packed corpus to learn from, made by "murmur pack", instead of files and folders',
      )
        // It was split, and files were left out, when it was packed.
        .conflicts(["heldOut", "exclude"]),
    )
    .requiredOption("--out <file>", "where to write the model", fileOption("--out"))
    .option(
      "--init <file>",
      'a model to start from, or "none" for a new network (default: the model that comes with Murmur, unless an option asks for another network)',
    )
    .addOption(new Option("--task <name>", "what the network reads and predicts").choices(tasks))
    .addOption(
      new Option("--shape <name>", "deprecated alias of --task, to be removed in the next version")
        .choices(tasks)
        .conflicts("task"),
    )
    .option("--cell <name>", `recurrent cell: one of ${cellNames.join(", ")}`, defaults.cell)
    .option("--layers <count>", "recurrent layers", integerOption("--layers", 1, 8), defaults.layers)
    .option("--hidden <size>", "size of a layer's hidden state", integerOption("--hidden", 2, 4096), defaults.hidden)
    .option(
      "--no-residual",
      "leave out residual connections (by default, each layer except the first adds its input to its output)",
    )
    .option("--no-layer-norm", "leave out layer normalisation between the layers and before the output layer")
    .option("--tied", "reuse the embedding matrix as the output layer (the default if tokens are words)")
    .option("--no-tied", "give the output layer weights of its own (the default if tokens are bytes or characters)")
    .option("--tokenizer <kind>", "the unit of text that a token stands for: byte, char or word", defaults.tokenizer)
    .option(
      "--minutes <minutes>",
      `length of the run (default: ${defaults.minutes})`,
      numberOption("--minutes", 0, 1e6),
    )
    .addOption(
      new Option("--epochs <count>", "length of the run in passes over the whole text")
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
      "stop after this many evaluations without improvement; a full run has twelve evaluations",
      integerOption("--patience", 1),
      defaults.patience,
    )
    .addOption(heldOutOption())
    .addOption(
      new Option(
        "--best-by <prediction>",
        "what decides which weights are best: the network mixed with a local model that has read the text, as it is used, or the network alone",
      )
        .choices(bestBys)
        .default(defaults.bestBy),
    )
    .option(
      "--dropout <share>",
      "share of each layer's output that is dropped",
      numberOption("--dropout", 0, 0.9),
      defaults.dropout,
    )
    .option(
      "--weight-decay <share>",
      "how strongly the weights are pulled towards zero; higher values reduce overfitting",
      numberOption("--weight-decay", 0, 10),
      defaults.weightDecay,
    )
    .option(
      "--seed <seed>",
      "the same seed, --steps and --threads give the same model",
      integerOption("--seed", 0, 2 ** 32 - 1),
      defaults.seed,
    )
    .option("--threads <count>", "threads that compute a step", integerOption("--threads", 1, 256), defaults.threads)
    .option(
      "--batch <lanes>",
      `texts read side by side (default: ${batchOf(false)}, or ${batchOf(true)} when a model is trained further)`,
      integerOption("--batch", 1, 4096),
    )
    .option(
      "--window <tokens>",
      "number of tokens that the gradient is propagated back through",
      integerOption("--window", 1, 4096),
      defaults.window,
    )
    .option(
      "--learning-rate <rate>",
      "peak learning rate (default: depends on the cell and the size of the network, and is lower when a model is trained further)",
      numberOption("--learning-rate", 0, 1),
    )
    .option("--exclude <globs...>", "files to leave out", [...defaults.exclude])
    .option("--licence <name>", "licence of the text, recorded in the model")
    .option("--resume", "continue from the checkpoint of an earlier run with the same --out", false)
    .option("--json", "print one JSON object on standard output at the end")
    .action(run);
}

/** The options whose values come from the model given with --init. */
const keptOptions = ["cell", "layers", "hidden", "residual", "layerNorm", "tied", "tokenizer"] as const;

/** Parts that a network may lack, by the names of their options. */
const networkParts: Readonly<Record<string, string>> = {
  residual: "residual connections",
  layerNorm: "layer normalisation",
  tied: "tied embeddings",
};

/** Where a run starts from. */
interface Start {
  /** Undefined: a new network. */
  readonly init: string | undefined;
  /** The options that ask for another network than the model that comes with Murmur, which the run would start from without them. */
  readonly others: readonly string[];
}

/** The model to start from: the one that is named, or the one that comes with Murmur unless the options ask for another network. */
async function startOf(given: TrainCommandOptions, asked: readonly (typeof keptOptions)[number][]): Promise<Start> {
  if (given.init !== undefined) return { init: given.init === "none" ? undefined : given.init, others: [] };
  const shipped = findDefaultModel();
  if (shipped === undefined) return { init: undefined, others: [] };
  const { info } = decodeModelFile(await readModelFile(shipped), shipped);
  const own: Readonly<Record<string, unknown>> = { ...info.architecture, tokenizer: info.tokenizer.kind };
  const others = asked.filter((name) => given[name] !== own[name]).map(optionOf);
  return { init: others.length === 0 ? shipped : undefined, others };
}

function sayNew({ others }: Start): void {
  if (others.length === 0) return;
  const differ = `${others.join(" and ")} ${others.length === 1 ? "differs" : "differ"}`;
  process.stderr.write(
    `A new network is trained from nothing: ${differ} from the model that comes with Murmur. Without that, training continues from it.\n`,
  );
}

function optionOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Checks that the options do not conflict with the model to fine-tune, whose architecture is kept. @throws MurmurError ("bad-option") if the options ask for another */
async function assertFits(init: string, asked: Readonly<Record<string, unknown>>): Promise<void> {
  const { info } = decodeModelFile(await readModelFile(init), init);
  const own: Readonly<Record<string, unknown>> = { ...info.architecture, tokenizer: info.tokenizer.kind };
  for (const [name, value] of Object.entries(asked)) {
    if (value === own[name]) continue;
    const option = optionOf(name);
    const part = networkParts[name];
    const conflict =
      part !== undefined
        ? `${value ? option : option.replace("--", "--no-")} is given, but the model ${init} has ${value ? "no " : ""}${part}`
        : `${option} is ${value}, but it is ${own[name]} in the model ${init}`;
    throw new MurmurError("bad-option", `${conflict}. Leave it out, or train a new model (--init none).`);
  }
}

async function run(paths: readonly string[], given: TrainCommandOptions, command: Command): Promise<void> {
  const asked = keptOptions.filter((name) => command.getOptionValueSource(name) === "cli");
  const start = await startOf(given, asked);
  const options: TrainingOptions = {
    ...defaults,
    ...given,
    paths,
    out: resolve(given.out),
    init: start.init,
    task: given.task ?? given.shape,
    cell: cellName(given.cell),
    tokenizer: tokenizerKind(given.tokenizer),
    minutes: given.minutes ?? defaults.minutes,
  };
  assertOneKindOfText(paths, given.corpus);
  await assertModelOutput(options.out, inputsOf(options, given.corpus));
  if (given.init !== undefined && options.init !== undefined) {
    await assertFits(options.init, Object.fromEntries(asked.map((name) => [name, options[name]])));
  }
  const skipped: Skipped = {};
  const corpus =
    given.corpus === undefined ? await loadCorpus(options, counter(skipped)) : await readPackedCorpus(given.corpus);
  sayLeftOut(skipped);
  sayNew(start);
  const finish = new AbortController();
  // The first Ctrl-C ends the run and keeps its best model; the second ends the process.
  process.once("SIGINT", () => {
    process.stderr.write("\nStopping: the best model so far will be kept. Press Ctrl-C again to stop at once.\n");
    finish.abort();
  });
  const report = progressPrinter(options);
  for await (const event of train(corpus, options, AbortSignal.any([finish.signal, readerGone()]))) {
    report(event);
    if (event.kind === "done" && given.json) printJson({ ...withFigures(event.result), skipped });
  }
}

/** @throws MurmurError ("bad-option") unless there are either paths or a packed corpus */
function assertOneKindOfText(paths: readonly string[], corpus: string | undefined): void {
  if (paths.length > 0 === (corpus === undefined)) return;
  throw new MurmurError(
    "bad-option",
    corpus === undefined
      ? "There is nothing to learn from. Name files and folders, or a packed corpus with --corpus FOLDER."
      : `--corpus is ${corpus}, but paths are given too (${paths.join(", ")}). Leave out one or the other.`,
  );
}

/** The result as JSON: `before` and `after` have the same figures, by the network alone and mixed. */
function withFigures({ before, heldOut, ...result }: TrainingResult): Record<string, unknown> {
  const figures = (of: WholeHeldOut): unknown => ({ ...of, rnn: of.bitsPerChar });
  return { ...result, heldOut, before: figures(before), after: figures(heldOut) };
}

/** The files that a run must not overwrite. */
function inputsOf({ paths, init, heldOut }: TrainingOptions, corpus: string | undefined): Input[] {
  const shipped = findDefaultModel();
  return [
    ...paths.map((path) => ({ path, role: "read for training" })),
    ...(corpus === undefined ? [] : packedPaths(corpus)).map((path) => ({ path, role: "a part of the packed corpus" })),
    ...(typeof heldOut === "string" ? [{ path: heldOut, role: "the held-out text" }] : []),
    ...(init === undefined ? [] : [{ path: init, role: "the model to start from" }]),
    ...(shipped === undefined ? [] : [{ path: shipped, role: "the model that comes with Murmur" }]),
  ];
}

/** Prints the progress of a run: on a terminal in one line that is overwritten, otherwise in a new line every ten seconds. */
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
        unit = event.task === "many-to-one" ? "bits per label" : "bits per character";
        process.stderr.write(
          `${event.parameters} parameters; training on ${event.trainChars} characters of ${filesOf(event.trainFiles)}, measuring on ${event.heldOutChars} of ${event.heldOutFiles}${event.step > 0 ? `; resuming at step ${event.step}` : ""}\n`,
        );
        break;
      case "evaluated":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.step}: ${event.heldOut.bitsPerChar.toFixed(3)}${mixedPart(event.heldOut)} ${unit} held out\n`,
        );
        break;
      case "progress": {
        if (!isTerminal && event.seconds - printed < 10) break;
        printed = event.seconds;
        const line = `${Math.round(event.progress * 100)} %  step ${event.step}  ${Math.round(event.charsPerSecond)} characters/s  train ${event.trainBitsPerChar.toFixed(3)}  held out ${event.heldOut.bitsPerChar.toFixed(3)}${mixedPart(event.heldOut)} ${unit}  ${timeLeft(event.secondsLeft)} left`;
        clearLine(isTerminal);
        process.stderr.write(isTerminal ? line : `${line}\n`);
        break;
      }
      case "settled":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.step}: training stops after ${event.evaluations} evaluations without improvement\n`,
        );
        break;
      case "stopped":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.step}: training stops: ${event.reason}\nThe best model so far is still written.${event.canResume ? " The checkpoint is kept, so that --resume can continue the run." : ""}\n`,
        );
        break;
      case "unsaved":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.step}: ${event.reason} Training goes on without a checkpoint of this step.\n`,
        );
        break;
      case "recovered":
        clearLine(isTerminal);
        process.stderr.write(
          `step ${event.diverged}: the loss or its gradient is NaN or infinite; training continues from the weights of step ${event.step} with a peak learning rate of ${event.learningRate}\n`,
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

/** Beside the bits of the network alone: those of the mixed prediction. */
function mixedPart({ mixed }: HeldOut): string {
  return mixed === undefined ? "" : ` (${mixed.toFixed(3)} mixed)`;
}

function summary(result: TrainingResult, unit: string): string {
  const { model, steps, seconds, charsPerSecond, before, heldOut, isBetter, shipped } = result;
  const bits = (of: HeldOut): string => `${of.bitsPerChar.toFixed(3)}${mixedPart(of)}`;
  const lines = [
    `${model}: ${steps} steps in ${Math.round(seconds)} s, ${Math.round(charsPerSecond)} characters/s; held out ${bits(before)} → ${bits(heldOut)} ${unit}`,
  ];
  if (!isBetter) lines.push("Training did not improve the model that it started from, so that model was written.");
  if (before.acceptedShare !== undefined && heldOut.acceptedShare !== undefined) {
    const percent = (share: number): string => `${Math.round(100 * share)} %`;
    lines.push(
      `On held-out text, Murmur types ${percent(heldOut.acceptedShare)} of the characters with this model; before: ${percent(before.acceptedShare)}.`,
    );
  }
  if (shipped && decidingBits(shipped) <= decidingBits(heldOut)) {
    lines.push(
      `The model that comes with Murmur is better on this text: ${bits(shipped)} ${unit}. Leave out --init and the options of the network to start from it.`,
    );
  }
  return `${lines.join("\n")}\n`;
}
