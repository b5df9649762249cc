import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import type { TextLike } from "../../src/evaluation/engine-under-test.ts";
import type { TrainingResult } from "../../src/training/events.ts";
import { backgroundOptions, defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { progress } from "../support.ts";
import { benchCache } from "./workspaces.ts";

/** Minutes of training, unless others are asked for. */
export const trainedMinutes = 3;

/** The share of its text that a run holds out itself, as it does in use. */
const ownHeldOut = 0.1;

/** Trains a model on a workspace's text, as "Train on Workspace" does. @returns the path of the result */
export async function trainOn(
  name: string,
  given: readonly TextLike[],
  { init, minutes }: { readonly init: string; readonly minutes: number },
): Promise<string> {
  const folder = join(benchCache, "trained");
  await mkdir(folder, { recursive: true });
  const out = join(folder, `${name.replaceAll("/", "+")}-${minutes}.onnx`);
  progress(`training for ${minutes} minutes: ${name}`);
  const { isBetter, before, heldOut, steps } = await resultOf(given, { init, out, minutes });
  const change = `${before.mixed?.toFixed(3)} → ${heldOut.mixed?.toFixed(3)} by its own measure`;
  progress(`${steps} steps, ${isBetter ? "installed" : "kept the default model"}, ${change}`);
  return out;
}

async function resultOf(
  given: readonly TextLike[],
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
