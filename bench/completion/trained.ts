import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { meanBits } from "../../src/evaluation/bits.ts";
import { sources } from "../../src/evaluation/engine-under-test.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import { type Summary, summarize } from "../../src/evaluation/summary.ts";
import type { TrainingResult } from "../../src/training/events.ts";
import { backgroundOptions, defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { type Column, tableWithMean } from "../markdown.ts";
import { progress } from "../support.ts";
import { beginnings } from "./conditions.ts";
import { typingSettings } from "./typing.ts";
import { benchCache, type Workspace } from "./workspaces.ts";

/** The share of its text that a run holds out itself, as it does in use. */
const ownHeldOut = 0.1;

/** What a user of a model gets on held-out files, with the rest of the workspace read. */
interface Figures extends Pick<Summary, "acceptedShare" | "netSaved" | "wrongPer100Chars"> {
  readonly mixed: number;
  readonly rnn: number;
}

interface Row {
  readonly name: string;
  readonly before: Figures;
  readonly after: Figures;
}

/**
 * Prints what "Train on Workspace" brings: each workspace's held-out files with the default model, and with the model that some minutes
 * of training on the rest make of it.
 */
export async function trainedTable(
  workspaces: readonly Workspace[],
  modelPath: string,
  minutes: number,
  limit: number,
): Promise<void> {
  const folder = join(benchCache, "trained");
  await mkdir(folder, { recursive: true });
  const rows: Row[] = [];
  for (const workspace of workspaces) {
    const { name } = workspace;
    progress(`training for ${minutes} minutes: ${name}`);
    const out = join(folder, `${name.replaceAll("/", "+")}-${minutes}.onnx`);
    const { isBetter, before, heldOut, steps } = await trainOn(workspace, { init: modelPath, out, minutes });
    const change = `${before.mixed?.toFixed(3)} → ${heldOut.mixed?.toFixed(3)} by its own measure`;
    progress(`${steps} steps, ${isBetter ? "installed" : "kept the default model"}, ${change}; measuring`);
    rows.push({
      name,
      before: await figuresOf(workspace, modelPath, limit),
      after: await figuresOf(workspace, out, limit),
    });
  }
  console.log(`\n### Held-out files after ${minutes} minutes of training on the rest, which is read in both cases\n`);
  const both = (title: string, of: (figures: Figures) => number, digits = 3): Column<Row>[] => [
    { name: `${title}, before`, of: ({ before }) => of(before), digits },
    { name: "after", of: ({ after }) => of(after), digits },
  ];
  console.log(
    tableWithMean("workspace", rows, [
      ...both("RNN alone, bits", ({ rnn }) => rnn),
      ...both("mixed, bits", ({ mixed }) => mixed),
      { name: "ratio", of: ({ before, after }) => after.mixed / before.mixed },
      ...both("accepted share", ({ acceptedShare }) => acceptedShare),
      ...both("net saved", ({ netSaved }) => netSaved),
      ...both("wrong per 100", ({ wrongPer100Chars }) => wrongPer100Chars, 2),
    ]),
  );
}

async function trainOn(
  { given }: Workspace,
  options: { readonly init: string; readonly out: string; readonly minutes: number },
): Promise<TrainingResult> {
  const texts = given.map(({ name, text }) => textSource(name, text));
  const corpus = splitCorpus(texts, ownHeldOut);
  const asked = { ...defaultTrainingOptions, ...backgroundOptions, ...options, paths: [] };
  for await (const event of train(corpus, asked, new AbortController().signal)) {
    if (event.kind === "done") return event.result;
  }
  throw new Error("Training ended without a result.");
}

async function figuresOf({ given, heldOut }: Workspace, modelPath: string, limit: number): Promise<Figures> {
  const measurement = {
    engine: { modelPath, given, sources },
    bits: "file",
    typing: typingSettings("balanced"),
  } as const;
  const measured = await startEvaluation(beginnings(heldOut, limit), measurement, availableParallelism()).measured;
  const { bitsPerChar, rnn } = meanBits(measured.flatMap(({ bits }) => bits ?? []));
  const typed = summarize(measured.flatMap(({ simulation }) => simulation ?? []));
  return { ...typed, mixed: bitsPerChar, rnn: rnn?.bitsPerChar ?? Number.NaN };
}
