import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { endWithReader } from "../closed-output.ts";
import { MurmurError, messageOf } from "../errors.ts";
import { classifyCommand } from "./classify.ts";
import { completeCommand } from "./complete.ts";
import { evaluateCommand } from "./evaluate.ts";
import { generateCommand } from "./generate.ts";
import { lspCommand } from "./lsp.ts";
import { packCommand } from "./pack.ts";
import { simulateCommand } from "./simulate.ts";
import { trainCommand } from "./train.ts";

/** The exit codes for success, failure and wrong usage. */
const exit = { done: 0, failed: 1, usage: 2 } as const;

const program = new Command("murmur")
  .description("A small character-level recurrent network that completes text, trained on your own machine.")
  .version(packageJson.version)
  .addCommand(trainCommand())
  .addCommand(packCommand())
  .addCommand(generateCommand())
  .addCommand(evaluateCommand())
  .addCommand(simulateCommand())
  .addCommand(completeCommand())
  .addCommand(classifyCommand())
  .addCommand(lspCommand())
  .showHelpAfterError("(use --help to list the options)");
for (const command of [program, ...program.commands]) command.exitOverride();

endWithReader();
program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
  // Commander has already printed its own errors.
  if (!(error instanceof CommanderError)) process.stderr.write(`murmur: ${messageOf(error)}\n`);
});

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
  return error instanceof MurmurError && error.code === "bad-option" ? exit.usage : exit.failed;
}
