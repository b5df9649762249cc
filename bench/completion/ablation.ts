import { distributionsOf } from "../../scripts/recorded-texts.ts";
import { directCount, successorCount } from "../../src/completion/prediction/local/contexts.ts";
import { localInputs, matchInputsAt, ownInputsAt } from "../../src/completion/prediction/local/local-model.ts";
import { Place } from "../../src/completion/prediction/local/place.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import { bytesOf } from "../../src/completion/text.ts";
import { prepareEngine, sources, type TextLike } from "../../src/evaluation/engine-under-test.ts";
import { table } from "../markdown.ts";
import { mean, progress } from "../support.ts";
import { beginnings } from "./conditions.ts";
import type { Workspace } from "./workspaces.ts";

/** A part of the engine that can be left out. */
interface Part {
  readonly name: string;
  /** Inputs of the local model that are silent; see src/completion/local/contexts.ts. */
  readonly silent?: readonly number[];
  /** What else is left out. */
  readonly without?: "network" | "learned weights" | "learning to mix" | "learning the file";
}

/** What is known of a context from another text, and from the same. */
const successors = (...indices: number[]): number[] =>
  indices.flatMap((i) => [directCount + i, directCount + successorCount + i]);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const whole: Part = { name: "nothing" };
const partsToLeaveOut: readonly Part[] = [
  { name: "the network", without: "network" },
  { name: "the local model", silent: range(0, localInputs) },
  { name: "matches (long repeats)", silent: range(matchInputsAt, localInputs) },
  { name: "direct estimates (orders 0–3, the word)", silent: range(0, directCount) },
  { name: "this text by itself", silent: range(ownInputsAt, matchInputsAt) },
  { name: "orders 3–6 and 8", silent: successors(0, 1, 2, 3, 4) },
  { name: "the word and those before it", silent: successors(5, 6, 7, 8, 9) },
  { name: "the line above at this column", silent: successors(10) },
  { name: "the open bracket", silent: successors(11) },
  { name: "the line's first word", silent: successors(12) },
  { name: "the line before's first word and the indentation", silent: successors(13) },
  { name: "the pattern of what stands before", silent: successors(14) },
  { name: "the line before and this line", silent: successors(15) },
  { name: "characters 2–4 back", silent: successors(16) },
  { name: "this line and the indentation before", silent: successors(17) },
  { name: "weights fitted beforehand", without: "learned weights" },
  { name: "learning to mix while typing", without: "learning to mix" },
  { name: "learning the file that is typed", without: "learning the file" },
];

/**
 * Prints mixed bits per character with one part left out at a time, the rest given. The weights were fitted with all parts, and
 * adapt to what is left only while a file is typed: what a part brings is at most what it costs to leave it out.
 */
export async function ablation(workspaces: readonly Workspace[], modelPath: string, limit: number): Promise<void> {
  const measured: (readonly number[])[] = [];
  for (const { name, given, heldOut } of workspaces) {
    progress(`ablation: ${name}`);
    measured.push(await measureParts(modelPath, given, beginnings(heldOut, limit)));
  }
  const bitsOf = (i: number): number[] => measured.map((bits) => bits[i] ?? Number.NaN);
  const all = mean(bitsOf(0));
  const rows = [whole, ...partsToLeaveOut].map(({ name }, i) => {
    const [bits, average] = [bitsOf(i), mean(bitsOf(i))];
    return [name, ...[...bits, average].map((value) => value.toFixed(3)), (100 * (average / all - 1)).toFixed(1)];
  });
  console.log("\n### Ablation: mixed bits per character, the rest given, without one part at a time\n");
  console.log(table(["without", ...workspaces.map(({ name }) => name), "mean", "more, in %"], rows));
}

/** Bits per character of some files, each by itself, with nothing left out and then without each part. */
async function measureParts(
  modelPath: string,
  given: readonly TextLike[],
  files: readonly TextLike[],
): Promise<number[]> {
  const underTest = await prepareEngine({ modelPath, given, sources });
  const { engine, mixture } = underTest;
  if (!mixture) throw new Error(`${modelPath} reads no bytes, so there is no mixture to leave parts out of.`);
  const initial = new Mixture().parameters;
  const silence = silencer(mixture);
  const parts = [whole, ...partsToLeaveOut];
  const bits = parts.map(() => 0);
  for (const { text } of files) {
    const bytes = bytesOf(text);
    const network = await distributionsOf(engine.model, bytes);
    parts.forEach((part, i) => {
      underTest.restore();
      if (part.without === "learned weights") {
        mixture.parameters.forEach((array, j) => {
          array.set(initial[j] ?? []);
        });
      }
      silence(part.silent ?? []);
      bits[i] = (bits[i] ?? 0) + cost(mixture, part, network, bytes);
    });
  }
  await underTest.release();
  const chars = files.reduce((sum, { text }) => sum + text.length, 0);
  return bits.map((sum) => sum / Math.max(1, chars));
}

/** Makes inputs of the local model silent: what it predicts from them counts nothing. @returns to choose which */
function silencer({ local }: Mixture): (inputs: readonly number[]) => void {
  let silent: readonly number[] = [];
  const predict = local.predict.bind(local);
  local.predict = (partial, bit, inputs) => {
    predict(partial, bit, inputs);
    for (const i of silent) inputs[i] = 0;
  };
  return (inputs) => {
    silent = inputs;
  };
}

/** Bits of a file. */
function cost(mixture: Mixture, { without }: Part, network: readonly Float32Array[], bytes: Uint8Array): number {
  const place = new Place();
  let bits = 0;
  bytes.forEach((byte, i) => {
    const expected = without === "network" ? undefined : network[i];
    bits +=
      without === "learning to mix"
        ? -Math.log2(mixture.distribution(place, expected)[byte] ?? Number.NaN)
        : mixture.learnMixing(place, expected, byte);
    if (without === "learning the file") mixture.local.advance(place, byte);
    else mixture.local.learn(place, byte);
  });
  return bits;
}
