import { availableParallelism } from "node:os";
import { sources } from "../../src/evaluation/engine-under-test.ts";
import { writeReport } from "../../src/evaluation/report/report.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import { progress } from "../support.ts";
import { beginnings } from "./conditions.ts";
import { typingSettings } from "./typing.ts";
import type { Workspace } from "./workspaces.ts";

/** Writes the report of simulated typing of a workspace's held-out files, with the rest given. */
export async function reportOn(workspace: Workspace, modelPath: string, limit: number, path: string): Promise<void> {
  progress(`report: ${workspace.name}`);
  const engine = { modelPath, given: workspace.given, sources };
  const measurement = { engine, typing: typingSettings("balanced"), bits: "characters" } as const;
  const run = startEvaluation(beginnings(workspace.heldOut, limit), measurement, availableParallelism());
  await writeReport(path, { files: await run.measured, engine, typing: measurement.typing });
}
