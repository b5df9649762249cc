import { table } from "../markdown.ts";
import { progress, quantile } from "../support.ts";
import { keystrokesAt, startOf } from "./server-figures.ts";
import { stageTimes } from "./stages.ts";
import type { Workspace } from "./workspaces.ts";

const lines = [20, 20_000];

/** Prints how long every stage of a completion takes, and what the server costs, on the first workspace. */
export async function latencyTables([workspace]: readonly Workspace[], modelPath: string): Promise<void> {
  if (!workspace) return;
  progress(`latency of the stages: ${workspace.name}`);
  const stages = await stageTimes(workspace, modelPath);
  const typed: { readonly name: string; readonly times: readonly number[] }[] = [];
  for (const count of lines) {
    progress(`keystrokes in the server, line ${count}`);
    const { times, shown } = await keystrokesAt(count, workspace);
    const share = `${shown} of ${times.length} with a suggestion`;
    typed.push({
      name: `a keystroke in the server, line ${count.toLocaleString("en")} (${share})`,
      times: times.slice(1),
    });
  }
  const row = ({ name, times }: { readonly name: string; readonly times: readonly number[] }): string[] => [
    name,
    ...[0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(2)),
  ];
  console.log(`\n### Latency, in milliseconds (${workspace.name})\n`);
  console.log(table(["stage", "p50", "p95", "p99"], [...stages, ...typed].map(row)));
  const [near, far] = typed.map(({ times }) => times);
  if (near && far) {
    const ratios = [0.5, 0.95, 0.99].map((share) => (quantile(far, share) / quantile(near, share)).toFixed(2));
    console.log(`\nLine 20,000 against line 20: ${ratios.join(", ")} times (p50, p95, p99).`);
  }
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
}
