import { availableParallelism } from "node:os";
import { type MeanBits, meanBits } from "../../src/evaluation/bits.ts";
import { sources, type TextLike } from "../../src/evaluation/engine-under-test.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import { type Column, tableWithMean } from "../markdown.ts";
import { progress } from "../support.ts";
import { compressAll, sizes } from "./compression.ts";
import { type CompressedBits, compressors } from "./compressors.ts";
import { conditions, givenIn } from "./conditions.ts";
import type { Workspace } from "./workspaces.ts";

interface Row {
  readonly name: string;
  readonly bits: MeanBits;
  /** By the compressor's name. */
  readonly compressed: ReadonlyMap<string, number>;
}

/** Prints bits per character of whole held-out files, by source and by compressor. */
export async function bitsTables(workspaces: readonly Workspace[], modelPath: string): Promise<void> {
  progress("compressing");
  const results = await compressAll(workspaces);
  for (const condition of conditions) {
    const key: keyof CompressedBits = condition === "nothing given" ? "alone" : "given";
    const rows: Row[] = [];
    for (const workspace of results) {
      progress(`bits, ${condition}: ${workspace.name}`);
      const compressed = new Map([...workspace.bits].map(([{ name }, bits]) => [name, bits[key]]));
      const bits = await bitsOfFiles(workspace.heldOut, givenIn(condition, workspace), modelPath);
      rows.push({ name: `${workspace.name} (${workspace.language}), ${sizes(workspace)}`, bits, compressed });
    }
    console.log(`\n### Bits per character of held-out files, ${condition}\n`);
    console.log(tableWithMean("workspace, characters given / held out", rows, columnsOf(rows)));
  }
}

/** Each file by itself, with all sources together and each alone. */
export async function bitsOfFiles(
  files: readonly TextLike[],
  given: readonly TextLike[],
  modelPath: string,
): Promise<MeanBits> {
  const measurement = { engine: { modelPath, given, sources }, bits: "file" } as const;
  const measured = await startEvaluation(files, measurement, availableParallelism()).measured;
  return meanBits(measured.flatMap(({ bits }) => bits ?? []));
}

function columnsOf(rows: readonly Row[]): Column<Row>[] {
  const yardstick = compressors.find(({ program }) => program === "zpaq")?.name ?? "";
  const over = (a: number, b: number | undefined): number | undefined => (b === undefined ? undefined : a / b);
  return [
    ...[...(rows[0]?.compressed.keys() ?? [])].map((name) => ({ name, of: (row: Row) => row.compressed.get(name) })),
    { name: "RNN alone", of: ({ bits }) => bits.rnn?.bitsPerChar },
    { name: "local alone", of: ({ bits }) => bits.local?.bitsPerChar },
    { name: "mixed", of: ({ bits }) => bits.bitsPerChar },
    { name: "mixed / zpaq", of: ({ bits, compressed }) => over(bits.bitsPerChar, compressed.get(yardstick)) },
    { name: "mixed / its better source", of: ({ bits }) => over(bits.bitsPerChar, betterSource(bits)) },
  ];
}

function betterSource({ rnn, local }: MeanBits): number | undefined {
  const alone = [rnn, local].flatMap((source) => source?.bitsPerChar ?? []);
  return alone.length === 0 ? undefined : Math.min(...alone);
}
