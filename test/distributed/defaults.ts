import { readFileSync } from "node:fs";
import type { Architecture } from "../../src/model/info.ts";
import { batchOf, peakRateOf } from "../../src/training/options.ts";

/** A run whose defaults the tests of distributed/ ask for. */
interface Job {
  readonly architecture: Pick<Architecture, "cell" | "layers" | "hidden" | "tied">;
  readonly isFineTuning: boolean;
}

// Reads a list of jobs from standard input, and writes a list of their defaults.
const jobs = JSON.parse(readFileSync(0, "utf8")) as Job[];
const defaults = jobs.map(({ architecture, isFineTuning }) => ({
  rate: peakRateOf(architecture, "byte", isFineTuning),
  batch: batchOf(isFineTuning),
}));
process.stdout.write(JSON.stringify(defaults));
