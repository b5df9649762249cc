import { type Simulation, type Suggest, simulate } from "../../src/evaluation/simulate.ts";
import { NearestWord } from "./nearest-word.ts";
import { NGram } from "./ngram.ts";
import type { Workspace } from "./workspaces.ts";

/** A simple way of completing, to compare with. */
export interface Baseline {
  readonly name: string;
  /** Reads a file of the workspace. */
  learn(text: string): void;
  /** Begins a new file. What is learned while it is typed stays with it. */
  beginFile(): BaselineFile;
}

/** A file that is being typed. */
export interface BaselineFile {
  /** What to show between two texts: the new characters alone. The text before is learned. */
  suggest(before: string, after: string): string | undefined;
}

/** All but the RNN alone, which is Murmur's engine with that one source: it is measured by src/evaluation like any engine. */
export function baselines(): Baseline[] {
  return [new NearestWord(), new NGram()];
}

/** Types the held-out files of a workspace, each by itself, with a baseline that has read the given ones. */
export async function typeWorkspace(
  baseline: Baseline,
  { given, heldOut }: Pick<Workspace, "given" | "heldOut">,
): Promise<Simulation[]> {
  for (const { text } of given) baseline.learn(text);
  const simulations: Simulation[] = [];
  for (const { text } of heldOut) simulations.push(await simulate(text, suggesterOf(baseline)));
  return simulations;
}

/** Completes a new file at its end, for simulated typing. */
export function suggesterOf(baseline: Baseline): Suggest {
  const file = baseline.beginFile();
  return (before) => {
    const text = file.suggest(before, "");
    return text === undefined ? undefined : { text };
  };
}
