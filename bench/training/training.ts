import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { table } from "../markdown.ts";
import { gemmRate, progress, quantile } from "../support.ts";
import { bareProducts } from "./gemm.ts";
import { memoryOfRuns } from "./memory.ts";
import { embedding, type Figure, flopsPerChar, type Setting, vocabulary, window } from "./setting.ts";

const run = promisify(execFile);
const here = import.meta.dirname;
const tensorflowFolder = resolve(here, "../../.cache/bench/tensorflow");
const tensorflowVersion = "4.22.0";

const compared: readonly Setting[] = [
  { hidden: 256, layers: 2, batch: 16, steps: 40 },
  { hidden: 256, layers: 2, batch: 32, steps: 30 },
  { hidden: 256, layers: 2, batch: 128, steps: 16 },
  { hidden: 512, layers: 2, batch: 16, steps: 24 },
  { hidden: 512, layers: 2, batch: 32, steps: 16 },
  { hidden: 512, layers: 2, batch: 128, steps: 12 },
];
const growing: readonly Setting[] = [
  ...[64, 128, 256, 512, 1024].map((hidden) => ({ hidden, layers: 2, batch: 32, steps: 16 })),
  ...[1, 3].map((layers) => ({ hidden: 256, layers, batch: 32, steps: 16 })),
];

/** Whole training steps, optimiser included, in Murmur and in its peers, each in a process of its own, and the machine's limit. */
export async function benchTraining(): Promise<void> {
  const threads = Math.min(4, availableParallelism());
  const torch = await torchPython();
  const tensorflow = await tensorflowBackend(threads);
  const rows: string[][] = [];
  for (const setting of compared) {
    const measured = await inRounds(setting, threads, torch, tensorflow);
    const own = measured.murmur.milliseconds;
    rows.push([
      nameOf(setting),
      perSecond(setting, own),
      own.toFixed(0),
      measured.peak.toFixed(0),
      share(measured.bare / own),
      share(gigaflops(setting, own) / measured.peak),
      measured.murmur.megabytes.toFixed(0),
      ...peerColumns(setting, own, measured.torch),
      measured.torch ? times(measured.torch.milliseconds / measured.bare) : "–",
      ...peerColumns(setting, own, measured.tensorflow),
    ]);
  }
  console.log(table(comparedHeader, rows));
  console.log("\n### How speed grows\n");
  const growth: string[][] = [];
  for (const setting of growing) {
    const { bare, murmur } = await inRounds(setting, threads, undefined, undefined);
    const { milliseconds, megabytes } = murmur;
    growth.push([
      nameOf(setting),
      perSecond(setting, milliseconds),
      milliseconds.toFixed(0),
      gigaflops(setting, milliseconds).toFixed(0),
      share(bare / milliseconds),
      megabytes.toFixed(0),
    ]);
  }
  console.log(table(["setting", "characters/s", "ms a step", "GFLOP/s", "of the bare products", "MB"], growth));
  console.log(`\n### Memory of whole runs at 512×2\n\n${await memoryOfRuns()}`);
}

const comparedHeader = [
  "setting",
  "Murmur, characters/s",
  "ms a step",
  "a large MatMul, GFLOP/s",
  "of the bare products' rate",
  "of a large MatMul's rate",
  "MB",
  "PyTorch, characters/s",
  "Murmur is faster",
  "MB",
  "the bare products would be",
  "TensorFlow.js, characters/s",
  "Murmur is faster",
  "MB",
];

/** How often all contestants take their turn, one after the other, so that a busy moment of the machine does not decide. */
const rounds = 3;

interface StepTimes {
  /** Of one MatMul of 1024 × 1024, in GFLOP/s. */
  readonly peak: number;
  /** Milliseconds. */
  readonly bare: number;
  readonly murmur: Figure;
  readonly torch: Figure | undefined;
  readonly tensorflow: Figure | undefined;
}

/** The median round of each contestant. */
async function inRounds(
  setting: Setting,
  threads: number,
  torch: string | undefined,
  tensorflow: string | undefined,
): Promise<StepTimes> {
  const peak: number[] = [];
  const bare: number[] = [];
  const figures: Record<"murmur" | "torch" | "tensorflow", Figure[]> = { murmur: [], torch: [], tensorflow: [] };
  for (let round = 0; round < rounds; round++) {
    progress(`${nameOf(setting)}, round ${round + 1} of ${rounds}`);
    peak.push(await gemmRate(threads));
    bare.push(await bareProducts(setting, threads));
    figures.murmur.push(await murmurFigure(setting, threads));
    if (torch) {
      const script = [join(here, "torch_step.py"), argument(setting, threads)];
      figures.torch.push(...(await ifItRuns("PyTorch", () => figureOf(torch, script))));
    }
    // A step takes TensorFlow.js so long that it is measured with the smallest batch alone.
    if (tensorflow && setting.batch === 16) {
      const few = { ...setting, steps: 8 };
      figures.tensorflow.push(...(await ifItRuns("TensorFlow.js", () => tensorflowFigure(few, threads, tensorflow))));
    }
  }
  const [murmur, ofTorch, ofTensorflow] = [figures.murmur, figures.torch, figures.tensorflow].map(medianFigure);
  if (!murmur) throw new Error("Internal error: no round was measured");
  return { peak: quantile(peak, 0.5), bare: quantile(bare, 0.5), murmur, torch: ofTorch, tensorflow: ofTensorflow };
}

/** A peer that fails leaves a line and no figure. */
async function ifItRuns(name: string, run: () => Promise<Figure>): Promise<Figure[]> {
  try {
    return [await run()];
  } catch (error) {
    progress(`${name} failed: ${String(error)}`);
    return [];
  }
}

/** The figure with the median time. */
function medianFigure(figures: readonly Figure[]): Figure | undefined {
  return [...figures].sort((a, b) => a.milliseconds - b.milliseconds)[Math.floor(figures.length / 2)];
}

/** @param own milliseconds of Murmur's step */
function peerColumns(setting: Setting, own: number, peer: Figure | undefined): string[] {
  if (!peer) return ["–", "–", "–"];
  return [perSecond(setting, peer.milliseconds), times(peer.milliseconds / own), peer.megabytes.toFixed(0)];
}

/** GFLOP/s of a step that takes so many milliseconds. */
function gigaflops(setting: Setting, milliseconds: number): number {
  return (flopsPerChar(setting) * setting.batch * window * 1e-6) / milliseconds;
}

function murmurFigure(setting: Setting, threads: number): Promise<Figure> {
  return figureOf(process.execPath, [join(here, "murmur.ts"), argument(setting, threads)]);
}

function tensorflowFigure(setting: Setting, threads: number, backend: string): Promise<Figure> {
  return figureOf(process.execPath, [
    join(here, "tensorflow.mjs"),
    tensorflowFolder,
    argument(setting, threads, { backend }),
  ]);
}

/** The Python that can import PyTorch; undefined, and a line that says how to have one, where none can. */
async function torchPython(): Promise<string | undefined> {
  const python = process.env["MURMUR_PYTHON"] ?? "python3";
  try {
    const { stdout } = await run(python, ["-c", "import torch; print(torch.__version__)"]);
    console.log(`PyTorch ${stdout.trim()}\n`);
    return python;
  } catch {
    console.log(
      `PyTorch is left out: ${python} can't import it. python3 -m venv DIR && DIR/bin/pip install torch numpy, then MURMUR_PYTHON=DIR/bin/python\n`,
    );
    return undefined;
  }
}

/** The faster of TensorFlow.js's backends that install from npm and can train this network (tfjs-node downloads its library). */
async function tensorflowBackend(threads: number): Promise<string | undefined> {
  if (!existsSync(join(tensorflowFolder, "installed"))) {
    progress("installing TensorFlow.js");
    await mkdir(tensorflowFolder, { recursive: true });
    await writeFile(join(tensorflowFolder, "package.json"), "{}\n");
    const packages = ["tfjs", "tfjs-backend-wasm"].map((name) => `@tensorflow/${name}@${tensorflowVersion}`);
    try {
      await run("npm", ["install", "--ignore-scripts", ...packages], { cwd: tensorflowFolder });
    } catch (error) {
      console.log(`TensorFlow.js is left out: npm can't install it (${String(error).split("\n")[0]})\n`);
      return undefined;
    }
    await writeFile(join(tensorflowFolder, "installed"), "");
  }
  const small: Setting = { hidden: 64, layers: 2, batch: 16, steps: 4 };
  let best: { readonly backend: string; readonly milliseconds: number } | undefined;
  for (const backend of ["wasm", "cpu"]) {
    try {
      const { milliseconds } = await tensorflowFigure(small, threads, backend);
      console.log(
        `TensorFlow.js ${tensorflowVersion}, ${backend}: ${milliseconds.toFixed(0)} ms a step of ${nameOf(small)}`,
      );
      if (!best || milliseconds < best.milliseconds) best = { backend, milliseconds };
    } catch (error) {
      const reason = /^\w*Error: .*$/m.exec(String(error))?.[0] ?? "it ended unexpectedly";
      console.log(`TensorFlow.js ${tensorflowVersion}, ${backend}: ${reason}`);
    }
  }
  console.log("");
  return best?.backend;
}

async function figureOf(program: string, args: readonly string[]): Promise<Figure> {
  const { stdout } = await run(program, [...args]);
  // A library may greet before it.
  const figure = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Figure;
  const [first, last] = figure.losses;
  if (!(last < first)) throw new Error(`${program} ${args[0]} learns nothing: its loss goes from ${first} to ${last}.`);
  return figure;
}

function argument(setting: Setting, threads: number, more: object = {}): string {
  return JSON.stringify({ ...setting, window, vocabulary, embedding, threads, ...more });
}

function nameOf({ hidden, layers, batch }: Setting): string {
  return `${hidden}×${layers}, batch ${batch}`;
}

function perSecond({ batch }: Setting, milliseconds: number): string {
  return Math.round((1000 * batch * window) / milliseconds).toLocaleString("en");
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`;
}

function share(of: number): string {
  return `${Math.round(100 * of)} %`;
}
