import { availableParallelism } from "node:os";
import { type Eagerness, usualMaxCharacters, wrongCosts } from "../../src/completion/suggestion.ts";
import { type Source, sources } from "../../src/evaluation/engine-under-test.ts";
import { reliabilityOf } from "../../src/evaluation/reliability.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import type { Simulation, TypingSettings } from "../../src/evaluation/simulate.ts";
import { type Interval, summarize } from "../../src/evaluation/summary.ts";
import { table } from "../markdown.ts";
import { mean, progress } from "../support.ts";
import { baselines, typeWorkspace } from "./baselines.ts";
import { beginnings, type Condition, conditions, givenIn } from "./conditions.ts";
import { meanInterval, type Rate } from "./intervals.ts";
import type { Workspace } from "./workspaces.ts";

/** One way of completing, on one workspace after another: the simulations of each one's files. */
interface Typed {
  readonly name: string;
  readonly workspaces: readonly (readonly Simulation[])[];
}

type Type = (workspace: Workspace, condition: Condition) => Promise<readonly Simulation[]>;

const levels = Object.keys(wrongCosts) as Eagerness[];

/** What is asked of an engine while files are typed: a suggestion at every character. */
export function typingSettings(eagerness: Eagerness): TypingSettings {
  return { every: 1, eagerness, maxCharacters: usualMaxCharacters, temperature: 0 };
}

/** Prints what is saved while the beginnings of the held-out files are typed, by the engine, its sources and the baselines. */
export async function typingTables(
  workspaces: readonly Workspace[],
  modelPath: string,
  limit: number,
  names?: readonly string[],
): Promise<void> {
  const ways = waysOf(modelPath).filter(({ name }) => names?.includes(name) ?? true);
  for (const condition of conditions) {
    const typed: Typed[] = [];
    for (const { name, type } of ways) {
      const simulations: (readonly Simulation[])[] = [];
      for (const workspace of workspaces) {
        progress(`typing, ${condition}: ${name}, ${workspace.name}`);
        const heldOut = beginnings(workspace.heldOut, limit);
        simulations.push(await type({ ...workspace, heldOut }, condition));
      }
      typed.push({ name, workspaces: simulations });
    }
    const much = Number.isFinite(limit)
      ? `the first ${limit.toLocaleString("en")} characters of each held-out file`
      : "held-out files";
    console.log(`\n### Simulated typing of ${much}, ${condition}: mean over the workspaces, with 95 % intervals\n`);
    console.log(meansTable(typed));
    console.log(
      "\nBy workspace, at balanced: accepted share / net saved with its 95 % interval / wrong per 100 characters\n",
    );
    console.log(
      workspacesTable(
        workspaces,
        typed.filter(({ name }) => !isOtherLevel(name)),
      ),
    );
    if (!levels.every((level) => typed.some(({ name }) => name === nameOf(level)))) continue;
    console.log(
      "\nNet saved by what a wrong suggestion costs: each column should be largest where the eagerness is its own\n",
    );
    console.log(eagernessTable(typed));
  }
}

function nameOf(eagerness: Eagerness): string {
  return eagerness === "balanced" ? "mixed" : `mixed, ${eagerness}`;
}

function isOtherLevel(name: string): boolean {
  return levels.some((eagerness) => eagerness !== "balanced" && name === nameOf(eagerness));
}

function waysOf(modelPath: string): { readonly name: string; readonly type: Type }[] {
  const engine =
    (used: readonly Source[], eagerness: Eagerness): Type =>
    async ({ given, heldOut }, condition) => {
      const read = used.includes("local") ? givenIn(condition, { given }) : [];
      const measurement = { engine: { modelPath, given: read, sources: used }, typing: typingSettings(eagerness) };
      const measured = await startEvaluation(heldOut, measurement, availableParallelism()).measured;
      return measured.flatMap(({ simulation }) => simulation ?? []);
    };
  return [
    { name: nameOf("balanced"), type: engine(sources, "balanced") },
    { name: nameOf("quiet"), type: engine(sources, "quiet") },
    { name: nameOf("eager"), type: engine(sources, "eager") },
    { name: "local alone", type: engine(["local"], "balanced") },
    { name: "RNN alone", type: once(engine(["rnn"], "balanced")) },
    ...baselines().map(({ name }, i) => ({
      name,
      type: async (workspace: Workspace, condition: Condition): Promise<readonly Simulation[]> => {
        // A new one: it has read nothing yet.
        const baseline = baselines()[i];
        const given = workspace.given.slice(0, condition === "nothing given" ? 0 : undefined);
        return baseline ? await typeWorkspace(baseline, { given, heldOut: workspace.heldOut }) : [];
      },
    })),
  ];
}

/** Measures each workspace once: whatever is given makes no difference. */
function once(type: Type): Type {
  const known = new Map<string, readonly Simulation[]>();
  return async (workspace, condition) => {
    const simulations = known.get(workspace.name) ?? (await type(workspace, condition));
    known.set(workspace.name, simulations);
    return simulations;
  };
}

function meansTable(typed: readonly Typed[]): string {
  const header = ["", "accepted share", "net saved", "wrong per 100 characters", "expected calibration error"];
  const rows = typed.map(({ name, workspaces }) => {
    const rate = (of: Rate, digits: number): string =>
      withInterval(mean(workspaces.map((files) => summarize(files)[of])), meanInterval(workspaces, of), digits);
    const calibration = reliabilityOf(workspaces.flat().flatMap(({ events }) => events));
    const error = calibration.bins.length === 0 ? "–" : calibration.error.toFixed(3);
    return [name, rate("acceptedShare", 3), rate("netSaved", 3), rate("wrongPer100Chars", 2), error];
  });
  return table(header, rows);
}

function workspacesTable(workspaces: readonly Workspace[], typed: readonly Typed[]): string {
  const header = ["workspace", ...typed.map(({ name }) => name)];
  const rows = workspaces.map((workspace, i) => [
    `${workspace.name} (${workspace.language})`,
    ...typed.map(({ workspaces: simulations }) => {
      const { acceptedShare, netSaved, wrongPer100Chars, intervals } = summarize(simulations[i] ?? []);
      const saved = withInterval(netSaved, intervals?.netSaved, 3);
      return `${acceptedShare.toFixed(3)} / ${saved} / ${wrongPer100Chars.toFixed(2)}`;
    }),
  ]);
  return table(header, rows);
}

function eagernessTable(typed: readonly Typed[]): string {
  const rows = levels.map((eagerness) => {
    const { workspaces } = typed.find(({ name }) => name === nameOf(eagerness)) ?? { workspaces: [] };
    return levels.map((cost) => mean(workspaces.map((files) => summarize(files).netSavedFor[cost])));
  });
  const most = levels.map((_, column) => Math.max(...rows.map((row) => row[column] ?? Number.NaN)));
  return table(
    ["eagerness", ...levels.map((cost) => `a wrong one costs ${wrongCosts[cost]} (${cost})`)],
    rows.map((row, i) => [
      levels[i] ?? "",
      ...row.map((value, column) => (value === most[column] ? `**${value.toFixed(3)}**` : value.toFixed(3))),
    ]),
  );
}

/** "0.318 [0.301, 0.335]" */
export function withInterval(value: number, interval: Interval | undefined, digits: number): string {
  const range = interval ? ` [${interval.map((bound) => bound.toFixed(digits)).join(", ")}]` : "";
  return `${value.toFixed(digits)}${range}`;
}
