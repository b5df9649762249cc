// Bundles the programs of Murmur into dist/: the extension, its language server, the CLI, and the workers of training and evaluation.
import { mkdir, writeFile } from "node:fs/promises";
import * as esbuild from "esbuild";

const isWatching = process.argv.includes("--watch");

const options = {
  entryPoints: {
    extension: "src/extension/main.ts",
    server: "src/server/main.ts",
    worker: "src/training/worker.ts",
    "evaluation-worker": "src/evaluation/worker.ts",
    murmur: "src/cli/main.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: true,
  minify: !isWatching,
  keepNames: true,
  // The editor gives "vscode"; onnxruntime-node loads a native library that lies beside it.
  external: ["vscode", "onnxruntime-node"],
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
  logLevel: "info",
};

await mkdir("dist", { recursive: true });
// package.json says that .js files are modules; those in dist are not.
await writeFile("dist/package.json", '{ "type": "commonjs" }\n');

if (isWatching) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
