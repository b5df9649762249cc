import { availableParallelism } from "node:os";
import { meanBits } from "../../src/evaluation/bits.ts";
import { sources } from "../../src/evaluation/engine-under-test.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import { type Summary, summarize } from "../../src/evaluation/summary.ts";
import { type Column, tableWithMean } from "../markdown.ts";
import { beginnings } from "./conditions.ts";
import { trainOn } from "./train-on.ts";
import { typingSettings } from "./typing.ts";
import type { Workspace } from "./workspaces.ts";

/** What a user of a model gets on held-out files, with the rest of the workspace read. */
export interface Figures extends Pick<Summary, "acceptedShare" | "netSaved" | "wrongPer100Chars"> {
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
  const rows: Row[] = [];
  for (const workspace of workspaces) {
    const { name } = workspace;
    const out = await trainOn(name, workspace.given, { init: modelPath, minutes });
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

export async function figuresOf(
  { given, heldOut }: Pick<Workspace, "given" | "heldOut">,
  modelPath: string,
  limit: number,
): Promise<Figures> {
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
