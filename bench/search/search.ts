import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { readSources } from "../../src/corpus/load-corpus.ts";
import type { HeldOut } from "../../src/training/events.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { table } from "../markdown.ts";
import { progress, temporaryFolder } from "../support.ts";
import { type Curve, lossCurves } from "./curves.ts";
import { type Setting, settings } from "./settings.ts";

export interface SearchOptions {
  readonly tinyShakespeare?: string;
  readonly minutes: number;
  /** Length of each run as times that the text is read, in the place of minutes. */
  readonly epochs?: number;
  /** Which groups of settings, or single ones; all, unless some are named. */
  readonly settings?: readonly string[];
  /** Where a picture of the loss over time goes. */
  readonly curves?: string;
}

const heldOutShare = 0.1;

/** Trains on the first 90 % of Tiny Shakespeare with one setting after another and prints the loss on the last 10 %. */
export async function benchSearch(options: SearchOptions): Promise<void> {
  const { tinyShakespeare, minutes, epochs, curves: picture } = options;
  if (tinyShakespeare === undefined) throw new Error("Name the text: --tiny-shakespeare FILE");
  const corpus = splitCorpus(await readSources([tinyShakespeare], []), heldOutShare);
  await using folder = await temporaryFolder();
  const rows: string[][] = [];
  const curves: Curve[] = [];
  for (const { name, options: own } of chosen(options.settings)) {
    const length = epochs === undefined ? { minutes } : { epochs };
    const whole = { patience: Number.POSITIVE_INFINITY, bestBy: "network" as const };
    const run = { ...defaultTrainingOptions, ...whole, ...own, ...length, out: join(folder.path, "m.onnx") };
    const points: Curve["points"][number][] = [];
    let seconds = 0;
    for await (const event of train(corpus, run, new AbortController().signal)) {
      if (event.kind === "progress") seconds = event.seconds;
      if (event.kind === "evaluated") points.push({ minutes: seconds / 60, nats: natsOf(event.heldOut) });
      if (event.kind !== "done") continue;
      const { parameters, steps, charsPerSecond, heldOut } = event.result;
      progress(`${name}: ${natsOf(heldOut).toFixed(4)} nats`);
      rows.push([
        name,
        parameters.toLocaleString("en"),
        `${steps}`,
        Math.round(charsPerSecond).toLocaleString("en"),
        natsOf(heldOut).toFixed(3),
        heldOut.bitsPerChar.toFixed(3),
      ]);
    }
    curves.push({ name, points: points.slice(1) });
  }
  console.log(table(["setting", "parameters", "steps", "characters/s", "nats/char held out", "bits/char"], rows));
  if (picture !== undefined) await writeFile(picture, lossCurves(curves));
}

function chosen(names: readonly string[] = Object.keys(settings)): readonly Setting[] {
  const groups: Readonly<Record<string, readonly Setting[]>> = settings;
  const all = Object.values(groups).flat();
  return names.flatMap((name) => {
    const found = groups[name] ?? all.filter((setting) => setting.name === name);
    if (found.length > 0) return found;
    throw new Error(
      `There is no setting "${name}". There are the groups ${Object.keys(groups).join(", ")}, and in them: ${all.map((setting) => setting.name).join("; ")}`,
    );
  });
}

function natsOf({ bitsPerChar }: HeldOut): number {
  return bitsPerChar * Math.LN2;
}
