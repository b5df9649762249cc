import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serverEnvironment, serverOptions } from "../../src/extension/server-memory.ts";
import type { ServerOptions } from "../server/support.ts";

/** How a server is started from its sources, with the options of the extension. */
export const asExtensionStarts: Pick<ServerOptions, "command" | "env"> = {
  command: [process.execPath, ...serverOptions, join(import.meta.dirname, "../../src/cli/main.ts"), "lsp", "--stdio"],
  env: { ...process.env, ...serverEnvironment },
};

/** The resident memory of a process in megabytes. */
export async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024);
}
