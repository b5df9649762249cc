import { execFileSync } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LanguageModel } from "../src/model/language-model.ts";
import { quantile } from "./support.ts";

const root = join(import.meta.dirname, "..");
const runs = 9;

/** What starting costs: bytes on disk, and milliseconds to load the bundles and the model. */
export async function benchStartup(): Promise<void> {
  const model = join(root, "models/default.onnx");
  const files = (await readdir(join(root, "dist"))).filter((name) => /\.(js|vsix)$/.test(name));
  for (const path of [...files.map((name) => join(root, "dist", name)), model]) {
    console.log(`${(await stat(path)).size.toLocaleString("en")} bytes: ${path.slice(root.length + 1)}`);
  }
  const loads: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await (await LanguageModel.load(model, { precision: "int8" })).release();
    loads.push(performance.now() - start);
  }
  console.log(`loading the default model: ${quantile(loads, 0.5).toFixed(0)} ms`);
  // The module "vscode" is the editor's; everything else of the bundle is loaded as at activation.
  const script = `
    const Module = require("node:module");
    const load = Module._load;
    const stub = new Proxy(function () {}, { get: (_, key) => (key === "prototype" ? {} : stub), apply: () => stub, construct: () => stub });
    Module._load = (name, ...rest) => (name === "vscode" ? stub : load(name, ...rest));
    const start = performance.now();
    require(${JSON.stringify(join(root, "dist/extension.js"))});
    console.log(performance.now() - start);`;
  const activations = Array.from({ length: runs }, () =>
    Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })),
  );
  console.log(`loading the extension's code: ${quantile(activations, 0.5).toFixed(0)} ms`);
}
