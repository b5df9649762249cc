// Bundles the programs of Murmur into dist/: the extension, its language server, the CLI, the workers of training, evaluation and the
// comparison of models, the encodings that they share, and the pages.
import { globSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";

// node esbuild.js [--watch] [--outdir FOLDER]
const { values } = parseArgs({ options: { watch: { type: "boolean" }, outdir: { type: "string", default: "dist" } } });
const { watch: isWatching = false, outdir } = values;

/** What most workspaces don't need is loaded when one does. The programs share the file. */
const apart = {
  name: "apart",
  setup(build) {
    build.onResolve({ filter: /^\.\/other-encodings\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./other-encodings.js", external: true } : undefined,
    );
  },
};

const options = {
  entryPoints: {
    extension: "src/extension/main.ts",
    server: "src/server/main.ts",
    worker: "src/training/worker.ts",
    "evaluation-worker": "src/evaluation/worker.ts",
    "comparison-worker": "src/training/comparison-worker.ts",
    murmur: "src/cli/main.ts",
    "other-encodings": "src/corpus/other-encodings.ts",
  },
  outdir,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: true,
  minify: !isWatching,
  keepNames: true,
  // The editor gives "vscode"; onnxruntime-node loads a native library that lies beside it.
  external: ["vscode", "onnxruntime-node"],
  plugins: [apart],
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
  logLevel: "info",
};

/** The scripts and styles of the pages, which run in the editor's web views. */
const pages = {
  entryPoints: globSync("src/pages/*/main.{ts,css}").map((path) => ({
    in: path,
    out: path.split(/[\\/]/).at(-2) ?? "",
  })),
  outdir: join(outdir, "pages"),
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  sourcemap: isWatching,
  minify: !isWatching,
  logLevel: "info",
};

await mkdir(outdir, { recursive: true });
// package.json says that .js files are modules; the bundles are not.
await writeFile(join(outdir, "package.json"), '{ "type": "commonjs" }\n');

for (const one of [options, pages]) {
  if (isWatching) await (await esbuild.context(one)).watch();
  else await esbuild.build(one);
}
