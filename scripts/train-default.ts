import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

// Trains models/default.onnx on the pinned corpus, on a CPU. A stopped run continues where it was. The model that ships was trained on a GPU
// (distributed/gpu.sh train), which reads the corpus five hundred times as fast.
//
// npm run train:default [-- --minutes 80]

const root = join(import.meta.dirname, "..");
const corpus = join(root, ".cache/corpus");
/** The command line replaces no model that Murmur comes with. */
const trained = join(root, ".cache/default.onnx");
const defaults = {
  "--minutes": "80",
  "--init": "none",
  "--layers": "2",
  "--hidden": "512",
  "--batch": "128",
  "--window": "64",
  "--learning-rate": "0.004",
  "--tokenizer": "byte",
  "--seed": "1",
  // It is mixed with local models that have read other text.
  "--best-by": "network",
  "--licence": "permissive only; see models/README.md",
};

if (!existsSync(join(corpus, "summary.json"))) node("scripts/corpus/build.ts");
node(
  "src/cli/main.ts",
  "train",
  join(corpus, "train"),
  ...["--held-out", join(corpus, "heldout")],
  ...["--out", trained],
  "--resume",
  ...Object.entries(defaults).flat(),
  ...process.argv.slice(2),
);

node("scripts/ship-model.ts", trained);

function node(...args: string[]): void {
  execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
}
