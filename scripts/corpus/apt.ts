import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

/** This machine's own list, in the form in which Debian installs it. */
const machinesList = "/etc/apt/sources.list.d/debian.sources";

let options: Promise<readonly string[]> | undefined;

/** Options that make apt-get read this machine's package lists as lists of source packages; its settings are left unchanged. */
export function sourceLists(folder: string): Promise<readonly string[]> {
  options ??= prepare(folder);
  return options;
}

async function prepare(folder: string): Promise<readonly string[]> {
  const [parts, lists] = [join(folder, "sources"), join(folder, "lists")];
  await mkdir(parts, { recursive: true });
  await mkdir(join(lists, "partial"), { recursive: true });
  const stored = await readFile(machinesList, "utf8");
  await writeFile(join(parts, "debian.sources"), stored.replace(/^Types:.*$/gm, "Types: deb-src"));
  const chosen = [
    ["-o", "Dir::Etc::sourcelist=/dev/null"],
    ["-o", `Dir::Etc::sourceparts=${parts}`],
    ["-o", `Dir::State::lists=${lists}`],
  ].flat();
  await run("apt-get", [...chosen, "update"], folder);
  return chosen;
}
