import { table } from "../markdown.ts";
import { progress, quantile } from "../support.ts";
import {
  firstKeystrokes,
  keystrokesAt,
  memoryOfClosed,
  retypedLines,
  sideBySide,
  startOf,
  type TypingPlace,
} from "./server-figures.ts";
import { readingSpeed, stageTimes } from "./stages.ts";
import type { Workspace } from "./workspaces.ts";

const places: readonly (TypingPlace & { readonly name: string })[] = [
  { name: "line 20", line: 20, below: 0 },
  { name: "line 20,000", line: 20_000, below: 0 },
  { name: "line 20 of 20,000", line: 20, below: 19_980 },
];

/** Prints how long every stage of a completion takes, and what the server costs, on the first workspace. */
export async function latencyTables([workspace]: readonly Workspace[], modelPath: string): Promise<void> {
  if (!workspace) return;
  progress(`latency of the stages: ${workspace.name}`);
  const stages = await stageTimes(workspace, modelPath);
  const typed: { readonly name: string; readonly times: readonly number[] }[] = [];
  for (const { name, ...place } of places) {
    progress(`keystrokes in the server, ${name}`);
    const { times, shown } = await keystrokesAt(place, workspace);
    const share = `${shown} of ${times.length} with a suggestion`;
    typed.push({ name: `a keystroke in the server, ${name} (${share})`, times: times.slice(1) });
  }
  progress("lines that are typed anew");
  const retyped = await retypedLines(workspace);
  const shares = `${retyped.shown} of ${retyped.times.length} with a suggestion, ${retyped.severalLines} of several lines`;
  const anew = {
    name: `a keystroke in the server, lines typed anew in files that it has read (${shares})`,
    ...retyped,
  };
  const row = ({ name, times }: { readonly name: string; readonly times: readonly number[] }): string[] => [
    name,
    ...[0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(2)),
  ];
  console.log(`\n### Latency, in milliseconds (${workspace.name})\n`);
  console.log(table(["stage", "p50", "p95", "p99"], [...stages, ...typed, anew].map(row)));
  const [near, ...far] = typed;
  for (const [i, { times }] of far.entries()) {
    const ratios = [0.5, 0.95, 0.99].map((share) => quantile(times, share) / quantile(near?.times ?? [], share));
    const figures = ratios.map((ratio) => ratio.toFixed(2)).join(", ");
    console.log(`\nAt ${places[i + 1]?.name} against line 20: ${figures} times (p50, p95, p99).`);
  }
  const openings = [];
  for (const wait of [0, 100, 300]) {
    progress(`the first keystroke, ${wait} ms after opening`);
    const times = await firstKeystrokes(wait, workspace);
    openings.push([`${wait} ms`, ...[0, 0.5, 1].map((share) => quantile(times, share).toFixed(1))]);
  }
  console.log("\n### The first keystroke in a document of 20,000 lines that was just opened, in milliseconds\n");
  console.log(table(["after opening", "least", "median", "most"], openings));
  const read = await readingSpeed(workspace);
  console.log(`\nThe local model reads ${read.toFixed(0)} KB a second on one core.`);
  const started = [];
  for (const files of [0, 10_000]) {
    progress(`a server in a workspace of ${files} files`);
    const { ready, first, settled, most } = await startOf(files);
    const size = `${files.toLocaleString("en")} files`;
    started.push([size, ...[ready, first, settled, most].map((figure) => figure.toFixed(0))]);
  }
  console.log("\n### Start and memory of the server\n");
  console.log(
    table(
      [
        "workspace",
        "from spawn to the model in use, ms",
        "from spawn to the first suggestion, ms",
        "resident memory when idle, MB",
        "at most, MB",
      ],
      started,
    ),
  );
  progress("a server with many documents");
  const { open, most, closed } = await memoryOfClosed();
  const [opened, ended, all] = [open, closed, most].map((megabytes) => megabytes.toFixed(0));
  console.log(
    `\n${sideBySide.documents} documents of ${sideBySide.characters.toLocaleString("en")} characters: ${opened} MB when they are read, ${all} MB at most, ${ended} MB after they were closed`,
  );
}
