import { defaultModelPath } from "../../src/cli/options.ts";
import { ablation } from "./ablation.ts";
import { alongTable } from "./along.ts";
import { bitsTables } from "./bits.ts";
import { editsTables } from "./edits.ts";
import { foreignTable } from "./foreign.ts";
import { gapsTable } from "./gaps.ts";
import { latencyTables } from "./latency.ts";
import { loadPairs } from "./releases.ts";
import { reportOn } from "./report.ts";
import { retypedTable } from "./retyped.ts";
import { sameEditsTable } from "./same-edits.ts";
import { shakespeareTable } from "./shakespeare.ts";
import { sizesMinutes, sizesTable } from "./sizes.ts";
import { trainedMinutes } from "./train-on.ts";
import { trainedTable } from "./trained.ts";
import { typingTables } from "./typing.ts";
import { loadWorkspaces, type Workspace } from "./workspaces.ts";

export const parts = [
  "bits",
  "typing",
  "edits",
  "same",
  "gaps",
  "retyped",
  "along",
  "shakespeare",
  "latency",
  "ablation",
  "foreign",
  "trained",
  "sizes",
] as const;

/**
 * Characters that are typed: of each held-out file, from its start; of the edits between two releases, anywhere; of each held-out file,
 * without accepting anything.
 */
export const limits = { file: 3000, edits: 6000, along: 500 } as const;

/** What is asked for on the command line. */
export interface CompletionOptions {
  /** Some of {@link parts}; all, if it is not given. */
  readonly parts?: readonly string[];
  /** Names of some of the pinned workspaces. */
  readonly workspaces?: readonly string[];
  /** Characters that are typed, instead of {@link limits}. */
  readonly limit?: number;
  /** Minutes of training, instead of {@link trainedMinutes}. */
  readonly trainedMinutes?: number;
  /** Names of the ways of completing that are compared by typing; all, if it is not given. */
  readonly ways?: readonly string[];
  readonly tinyShakespeare?: string;
  readonly model?: string;
  readonly report?: string;
  readonly reportWorkspace?: string;
}

/** Measures completion on the pinned workspaces, against compressors and baselines, and prints tables in Markdown. */
export async function benchCompletion(options: CompletionOptions): Promise<void> {
  const chosen: readonly string[] = options.parts ?? parts;
  const unknown = chosen.filter((part) => !parts.some((name) => name === part));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}: it is one of ${parts.join(", ")}.`);
  const all = await loadWorkspaces();
  const workspaces = chosenOf(all, options.workspaces);
  const modelPath = defaultModelPath();
  const { limit = limits.file } = options;
  if (chosen.includes("bits")) await bitsTables(workspaces, modelPath);
  if (chosen.includes("typing")) await typingTables(workspaces, modelPath, limit, options.ways);
  if (chosen.includes("edits")) {
    const pairs = await loadPairs(options.workspaces);
    await editsTables(pairs, modelPath, options.limit ?? limits.edits, options.ways, options.trainedMinutes);
  }
  if (chosen.includes("same")) sameEditsTable(await loadPairs(options.workspaces));
  if (chosen.includes("gaps")) await gapsTable(workspaces, modelPath);
  if (chosen.includes("retyped")) await retypedTable(workspaces, modelPath);
  if (chosen.includes("along")) await alongTable(workspaces, modelPath, options.limit ?? limits.along);
  if (chosen.includes("shakespeare") && options.tinyShakespeare !== undefined) {
    await shakespeareTable(options.tinyShakespeare, [
      modelPath,
      ...(options.model === undefined ? [] : [options.model]),
    ]);
  }
  if (chosen.includes("latency")) await latencyTables(workspaces, modelPath);
  if (chosen.includes("ablation")) await ablation(workspaces, modelPath, limit);
  if (chosen.includes("foreign")) await foreignTable(workspaces, modelPath, limit);
  if (chosen.includes("trained")) {
    await trainedTable(workspaces, modelPath, options.trainedMinutes ?? trainedMinutes, limit);
  }
  if (chosen.includes("sizes")) {
    await sizesTable(all, modelPath, options.trainedMinutes ? [options.trainedMinutes] : sizesMinutes, limit);
  }
  if (options.report === undefined) return;
  const [reported] = chosenOf(
    workspaces,
    options.reportWorkspace === undefined ? undefined : [options.reportWorkspace],
  );
  if (reported) await reportOn(reported, modelPath, limit, options.report);
}

function chosenOf(workspaces: readonly Workspace[], names: readonly string[] | undefined): readonly Workspace[] {
  const known = workspaces.map(({ name }) => name);
  const missing = names?.filter((name) => !known.includes(name)) ?? [];
  if (missing.length > 0) throw new Error(`There is no workspace ${missing.join(", ")}: they are ${known.join(", ")}.`);
  return names ? workspaces.filter(({ name }) => names.includes(name)) : workspaces;
}
