import { execFileSync } from "node:child_process";
import { cp, readFile, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { Command } from "commander";

// Makes dist/murmur-TARGET-VERSION.vsix, the extension for one platform.

const root = join(import.meta.dirname, "..");
/** Platforms that onnxruntime-node has binaries for, in the editor's names. */
const targets = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64", "win32-arm64"];

/** @returns the path of the package */
export async function packageExtension(target: string): Promise<string> {
  if (!targets.includes(target)) throw new Error(`There is no build for ${target}. Use one of: ${targets.join(", ")}.`);
  execFileSync(process.execPath, [join(root, "esbuild.js")], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  await stageRuntime(target);
  const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const packagePath = join(root, "dist", `${name}-${target}-${version}.vsix`);
  await createVSIX({
    cwd: root,
    target,
    packagePath,
    readmePath: "media/page.md",
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    skipLicense: true,
  });
  return packagePath;
}

/** Copies onnxruntime-node beside the bundles, with the binaries of one platform (the package holds those of all). */
async function stageRuntime(target: string): Promise<void> {
  const staged = join(root, "dist/node_modules");
  await rm(staged, { recursive: true, force: true });
  const [platform = "", architecture = ""] = target.split("-");
  for (const name of ["onnxruntime-node", "onnxruntime-common"]) {
    const source = join(root, "node_modules", name);
    await cp(source, join(staged, name), {
      recursive: true,
      filter: (path) => isNeeded(relative(source, path).split(sep).join("/"), platform, architecture),
    });
  }
}

function isNeeded(path: string, platform: string, architecture: string): boolean {
  const binaries = `bin/napi-v6/${platform}/${architecture}`;
  if (path.startsWith("bin")) return binaries.startsWith(path) || dirname(path) === binaries;
  return path === "" || path === "package.json" || (/^dist(?!\/esm)/.test(path) && !/\.(map|d\.ts)$/.test(path));
}

if (process.argv[1] === import.meta.filename) {
  await new Command("package")
    .option("--target <platform>", "platform to build for", `${process.platform}-${process.arch}`)
    .action(async ({ target }: { target: string }) => {
      process.stdout.write(`${await packageExtension(target)}\n`);
    })
    .parseAsync();
}
