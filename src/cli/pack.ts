import { resolve } from "node:path";
import { Command } from "commander";
import { readerGone } from "../closed-output.ts";
import { type Corpus, charsOf } from "../corpus/corpus.ts";
import { loadCorpus } from "../corpus/load-corpus.ts";
import { packCorpus } from "../corpus/packed/pack-corpus.ts";
import type { PackedIndex, PackedTotal } from "../corpus/packed/packed-index.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { assert, MurmurError } from "../errors.ts";
import { removeUnfinished, targetOf } from "../output-file.ts";
import { lockOutput } from "../training/output-lock.ts";
import { timeLeft } from "../training/time.ts";
import { sayLeftOut } from "./left-out.ts";
import { heldOutOption, printJson } from "./options.ts";
import { assertCorpusOutput } from "./output.ts";
import { type ProgressDisplay, progressDisplay } from "./progress.ts";

interface PackOptions {
  readonly out: string;
  readonly heldOut: number | string;
  readonly exclude: readonly string[];
  readonly json?: boolean;
}

/** `murmur pack`: writes the text that `murmur train` would choose, already split, into a folder for training here or elsewhere. */
export function packCommand(): Command {
  return new Command("pack")
    .description("pack the text of files and folders, as train would choose and split it, for train --corpus")
    .argument("<path...>", "files and folders; folders are read like a workspace")
    .requiredOption("--out <folder>", "where to write the packed corpus")
    .addOption(heldOutOption())
    .option("--exclude <globs...>", "files to leave out", [])
    .option("--json", "print one JSON object on standard output at the end")
    .action(run);
}

async function run(paths: readonly string[], { out, heldOut, exclude, json }: PackOptions): Promise<void> {
  const folder = resolve(out);
  const start = performance.now();
  await assertCorpusOutput(folder, [
    ...paths.map((path) => ({ path, role: "read for packing" })),
    ...(typeof heldOut === "string" ? [{ path: heldOut, role: "the held-out text" }] : []),
  ]);
  await using _lock = await lockOutput(folder);
  await removeUnfinished(await targetOf(folder), 0);
  // A corpus is whole whether or not somebody reads the messages.
  readerGone();
  const skipped: Skipped = {};
  const display = progressDisplay();
  const corpus = await loadCorpus({ paths, heldOut, exclude }, counter(skipped), countFiles(display));
  display.clear();
  sayLeftOut(skipped);
  const index = await pack(corpus, folder, display);
  display.clear();
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(
    `${folder}: ${describe(index.train)} to train on, ${describe(index.heldOut)} held out, in ${Math.round(seconds)} s\n`,
  );
  const { hash, rules, train, heldOut: held } = index;
  if (json) printJson({ corpus: folder, hash, rules, train, heldOut: held, seconds, skipped });
}

/** @throws MurmurError ("cancelled") after Ctrl-C or a request to end; nothing is left then */
async function pack(corpus: Corpus, folder: string, display: ProgressDisplay): Promise<PackedIndex> {
  const all = charsOf(corpus.train) + charsOf(corpus.heldOut);
  const start = performance.now();
  let isCancelled = false;
  // Only from here on is there something to remove. The second Ctrl-C ends the process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isCancelled = true));
  for await (const event of packCorpus(corpus, folder)) {
    if (event.kind === "done") return event.index;
    if (isCancelled) throw new MurmurError("cancelled", `Packing was cancelled. ${folder} is as it was before.`);
    const { chars } = event;
    const left = ((performance.now() - start) * (all - chars)) / Math.max(1, chars) / 1000;
    display.show(
      () => `${Math.floor((100 * chars) / all)} %  ${chars} of ${all} characters packed  ${timeLeft(left)} left`,
    );
  }
  assert(false, "packing ends with its index");
}

function countFiles(display: ProgressDisplay): (source: { readonly chars: number }, files: number) => void {
  let [read, chars] = [0, 0];
  return (source, files) => {
    read++;
    chars += source.chars;
    display.show(() => `${read} of ${files} files read, ${chars} characters`);
  };
}

function describe({ texts, chars }: PackedTotal): string {
  return `${texts} ${texts === 1 ? "text" : "texts"} with ${chars} characters`;
}
