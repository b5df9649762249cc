import { availableParallelism } from "node:os";
import { byKind, isTyped, type TypedFile, typedRanges } from "../../src/evaluation/breakdowns.ts";
import { editKinds } from "../../src/evaluation/edits/edits.ts";
import { type Source, sources } from "../../src/evaluation/engine-under-test.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import { type Simulation, together } from "../../src/evaluation/simulate.ts";
import { type Interval, type Summary, summarize } from "../../src/evaluation/summary.ts";
import { groupBy } from "../../src/group-by.ts";
import { table } from "../markdown.ts";
import { mean, progress } from "../support.ts";
import { sampleEdits } from "./edit-sample.ts";
import { meanInterval, type Rate } from "./intervals.ts";
import type { ReleasePair } from "./releases.ts";
import { trainedMinutes, trainOn } from "./train-on.ts";
import { typingSettings, withInterval } from "./typing.ts";
import { endsInsideWord } from "./word-ends.ts";

const ways: readonly Way[] = [
  { name: "mixed", sources },
  { name: "local alone", sources: ["local"] },
  { name: "mixed, trained", sources, isTrained: true },
];

interface Way {
  readonly name: string;
  readonly sources: readonly Source[];
  /** Whether the model is trained on the older release first. It takes minutes, so it is left out unless it is asked for. */
  readonly isTrained?: boolean;
}

/** One way of completing: for each pair of releases, the edits that were typed, each a file. */
export interface TypedPairs {
  readonly name: string;
  readonly pairs: readonly (readonly TypedFile[])[];
}

/**
 * Prints what is saved while edits that lead from one release to another are typed, with the older one read before.
 * @param limit characters of each pair that are typed, about
 * @param minutes of training, for the way that is trained
 */
export async function editsTables(
  pairs: readonly ReleasePair[],
  modelPath: string,
  limit: number,
  names?: readonly string[],
  minutes = trainedMinutes,
): Promise<void> {
  const typed: TypedPairs[] = [];
  for (const { name, sources: used, isTrained } of ways) {
    if (!(names?.includes(name) ?? !isTrained)) continue;
    const files: (readonly TypedFile[])[] = [];
    for (const pair of pairs) {
      progress(`edits: ${name}, ${pair.name}`);
      const model = isTrained
        ? await trainOn(`${pair.name} edits`, pair.before, { init: modelPath, minutes })
        : modelPath;
      files.push(await typePair(pair, used, model, limit));
    }
    typed.push({ name, pairs: files });
  }
  const much = Number.isFinite(limit) ? `some ${limit.toLocaleString("en")} characters of each pair` : "all of them";
  console.log(`\n### Edits from one release to another, the older one read before: ${much}\n`);
  console.log("Accepted share / net saved with its 95 % interval / wrong per 100 characters, at balanced\n");
  console.log(pairsTable(pairs, typed));
  console.log("\nBy kind of edit, over all pairs\n");
  console.log(kindsTable(typed));
  console.log("\nWhere suggestions end\n");
  console.log(endsTable(typed));
}

/** Types a sample of a pair's edits. */
async function typePair(
  { before, changed }: Pick<ReleasePair, "before" | "changed">,
  used: readonly Source[],
  modelPath: string,
  limit: number,
): Promise<TypedFile[]> {
  const engine = { modelPath, given: before, sources: used };
  const measurement = { engine, typing: typingSettings("balanced") };
  const measured = await startEvaluation(sampleEdits(changed, limit), measurement, availableParallelism()).measured;
  return measured.filter(isTyped);
}

/** A row for each pair and, if there are several, one for their mean. */
export function pairsTable(
  pairs: readonly Pick<ReleasePair, "name" | "language" | "versions">[],
  typed: readonly TypedPairs[],
): string {
  const rows = pairs.map(({ name, language, versions }, i) => {
    const files = typed[0]?.pairs[i] ?? [];
    return [
      `${name} (${language}), ${versions}`,
      ...countsOf(files),
      ...typed.map((way) => figures(summarize(byFile(way.pairs[i] ?? [])))),
    ];
  });
  const means = typed.map((way) => meanFigures(way.pairs.map(byFile)));
  return table(
    ["releases", "edits", "characters", ...typed.map(({ name }) => name)],
    pairs.length > 1 ? [...rows, ["mean", "", "", ...means]] : rows,
  );
}

/** A row for each kind of edit that was typed. */
export function kindsTable(typed: readonly TypedPairs[]): string {
  const kinds = typed.map(({ pairs }) => byKind(pairs.flat()));
  const rows = editKinds.flatMap((kind) => {
    const ofWays = kinds.map((ofWay) => ofWay.find((one) => one.kind === kind));
    const [first] = ofWays;
    if (!first) return [];
    const counts = [first.edits, first.figures.chars].map(String);
    return [[kind, ...counts, ...ofWays.map((one) => (one ? figures(one.figures) : "–"))]];
  });
  return table(["kind", "edits", "characters", ...typed.map(({ name }) => name)], rows);
}

/** A row for each way of completing. */
export function endsTable(typed: readonly TypedPairs[]): string {
  const rows = typed.map(({ name, pairs }) => {
    const files = pairs.flat();
    const { shown, acceptances } = together(files.map(({ simulation }) => simulation));
    const inside = files.reduce((sum, file) => sum + insideWords(file), 0);
    const percent = (count: number, of: number): string => `${((100 * count) / Math.max(1, of)).toFixed(1)} %`;
    return [
      name,
      `${shown}`,
      `${acceptances} (${percent(acceptances, shown)})`,
      `${inside} (${percent(inside, shown)} of those shown, ${percent(inside, acceptances)} of the right ones)`,
    ];
  });
  return table(["", "shown", "right", "right, but end inside a word"], rows);
}

function insideWords(file: TypedFile): number {
  return typedRanges(file).reduce((sum, { from, to }) => {
    const events = file.simulation.events.filter(({ offset }) => offset >= from && offset < to);
    return sum + events.filter((event) => endsInsideWord(event, file.text, to)).length;
  }, 0);
}

/** The edits of each file together, for those of one file are alike. */
function byFile(files: readonly TypedFile[]): Simulation[] {
  return [...groupBy(files, ({ name }) => name).values()].map((edits) =>
    together(edits.map(({ simulation }) => simulation)),
  );
}

function countsOf(files: readonly TypedFile[]): string[] {
  const edits = files.reduce((sum, file) => sum + typedRanges(file).length, 0);
  const chars = files.reduce((sum, { simulation }) => sum + simulation.chars, 0);
  return [`${edits}`, `${chars}`];
}

function figures(summary: Pick<Summary, Rate | "intervals">): string {
  const { acceptedShare, netSaved, wrongPer100Chars, intervals } = summary;
  return triple(acceptedShare, netSaved, intervals?.netSaved, wrongPer100Chars);
}

function meanFigures(pairs: readonly (readonly Simulation[])[]): string {
  const of = (rate: Rate): number => mean(pairs.map((files) => summarize(files)[rate]));
  return triple(of("acceptedShare"), of("netSaved"), meanInterval(pairs, "netSaved"), of("wrongPer100Chars"));
}

function triple(accepted: number, saved: number, interval: Interval | undefined, wrong: number): string {
  return `${accepted.toFixed(3)} / ${withInterval(saved, interval, 3)} / ${wrong.toFixed(2)}`;
}
