import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { Argument, Command } from "commander";
import { integerOption, numberOption } from "../src/cli/options.ts";
import { benchCompletion, type CompletionOptions, limits, parts } from "./completion/completion.ts";
import { benchCompression } from "./completion/compression.ts";
import { sizesMinutes } from "./completion/sizes.ts";
import { trainedMinutes } from "./completion/train-on.ts";
import { benchEditor } from "./editor.ts";
import { benchLatency } from "./latency.ts";
import { benchMemorisation, type MemorisationOptions } from "./memorisation/memorisation.ts";
import { benchPages } from "./pages.ts";
import { benchSampling } from "./sampling/sampling.ts";
import { benchSearch, type SearchOptions } from "./search/search.ts";
import { benchStartup } from "./startup.ts";
import { benchTasks, type TasksOptions } from "./tasks/tasks.ts";
import { benchTraining } from "./training/training.ts";

// npm run bench [-- training|latency|startup|editor|pages|compression|completion|sampling|memorisation|tasks|search…]

const quick = { latency: benchLatency, startup: benchStartup };
/** Minutes each: they run only where they are named. */
const long = {
  training: benchTraining,
  editor: benchEditor,
  pages: benchPages,
  compression: benchCompression,
  completion: benchCompletion,
  sampling: benchSampling,
  memorisation: benchMemorisation,
  tasks: benchTasks,
  search: benchSearch,
};
type Options = CompletionOptions & TasksOptions & SearchOptions & MemorisationOptions;
const benches: Readonly<Record<string, (options: Options) => Promise<void>>> = { ...quick, ...long };

await new Command("npm run bench --")
  .description("measure Murmur on this machine")
  .addArgument(new Argument("[bench...]", "what to measure").choices(Object.keys(benches)))
  .option("--model <file>", "sample from this model; measure Tiny Shakespeare with it too")
  .option(
    "--minutes <minutes>",
    "length of each run of tasks, search and memorisation",
    numberOption("--minutes", 0, 1e6),
    5,
  )
  .option("--epochs <count>", "length of each run of search, in the place of minutes", numberOption("--epochs", 0, 1e6))
  .option("--corpus <folder>", "memorisation: the packed corpus that the default model was trained on")
  .option("--tiny-shakespeare <file>", "train on it in search; measure it in completion too")
  .option("--settings <names...>", "only these settings of bench/search/settings.ts, or groups of them", listOption)
  .option("--curves <file>", "draw how the loss fell in search, as SVG")
  .optionsGroup("completion:")
  .option("--parts <names...>", `some of: ${parts.join(", ")} (default: all)`, listOption)
  .option("--workspaces <names...>", "some of bench/workspaces.json (default: all)", listOption)
  .option(
    "--limit <characters>",
    `type this much of each held-out file (default: ${limits.file}), or of the edits between two releases (default: ${limits.edits}), or all`,
    limitOption,
  )
  .option(
    "--trained-minutes <minutes>",
    `train so long in the parts trained and sizes, and in the edits of "mixed, trained" (default: ${trainedMinutes}; sizes: ${sizesMinutes.join(", ")})`,
    numberOption("--trained-minutes", 0, 1e6),
  )
  .option("--ways <names...>", "compare these by typing only, such as mixed", listOption)
  .option("--report <file>", "write the report of one workspace, one HTML file")
  .option("--report-workspace <name>", "which (default: the first)")
  .action(run)
  .parseAsync();

async function run(named: readonly string[], options: Options): Promise<void> {
  execFileSync(process.execPath, [join(import.meta.dirname, "../esbuild.js")], { stdio: "ignore" });
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`);
  const chosen = named.length > 0 ? named : Object.keys(quick);
  for (const [name, bench] of Object.entries(benches)) {
    if (!chosen.includes(name)) continue;
    console.log(`\n## ${name}\n`);
    await bench(options);
  }
  if (named.length > 0) return;
  console.log(`\nThese take many minutes, so name them to run them: npm run bench -- ${Object.keys(long).join(" ")}`);
}

/** Names apart by commas or blanks; one that holds a comma and a blank is one. */
function listOption(value: string, former: readonly string[] = []): string[] {
  return [...former, ...value.split(/,(?! )/).filter((name) => name !== "")];
}

function limitOption(value: string): number {
  return value === "all" ? Number.POSITIVE_INFINITY : integerOption("--limit", 1)(value);
}
