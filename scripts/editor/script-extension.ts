import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";

/**
 * Makes an extension of one script, to stand beside Murmur or in its place.
 * @param folder for the script and the package
 * @param code CommonJS, with `activate`
 * @param events that activate it, besides the end of the editor's start
 * @returns the path of its VSIX
 */
export async function packageScript(
  folder: string,
  name: string,
  code: string,
  events: readonly string[] = [],
): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  const manifest = {
    name,
    publisher: "bench",
    version: "1.0.0",
    engines: { vscode: "^1.91.0" },
    main: "./main.js",
    activationEvents: ["onStartupFinished", ...events],
    capabilities: { virtualWorkspaces: true },
  };
  await writeFile(join(cwd, "package.json"), JSON.stringify(manifest));
  await writeFile(join(cwd, "main.js"), code);
  const packagePath = join(folder, `${name}.vsix`);
  await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
  return packagePath;
}
