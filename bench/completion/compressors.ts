import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writeWhole } from "../../src/output-file.ts";
import { benchCache, type Workspace } from "./workspaces.ts";

/** A program that compresses, run in a folder of its own. */
export interface Compressor {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where it takes its input from: a pipe, or the file `text` in its folder. What it writes is all else: stdout and files. */
  readonly input: "stdin" | "file";
  /** How one comes by it. */
  readonly install: string;
}

/** zpaq chooses its model from the data by default, and then the difference of two sizes means nothing. */
const zpaqTextModel = "x6,0w2c0,1010,255i1c256ci1,1,1,1,1,1,2ac0,2,0,255i1c0,3,0,0,255i1c0,4,0,0,0,255i1mm16ts19t0";

export const compressors: readonly Compressor[] = [
  { name: "xz -9e", program: "xz", args: ["-9e", "-T1"], input: "stdin", install: "apt-get install xz-utils" },
  {
    // Through a pipe: of a file, 7z would shrink the model's memory to the file's size, and the model would start anew.
    name: "PPMd o=6",
    program: "7z",
    args: ["a", "-bso0", "-si", "-m0=PPMd:o=6:mem=1g", "archive.7z"],
    input: "stdin",
    install: "apt-get install p7zip-full",
  },
  {
    name: "zpaq, text model",
    program: "zpaq",
    args: ["add", "archive.zpaq", "text", "-method", zpaqTextModel, "-threads", "1"],
    input: "file",
    install: "apt-get install zpaq",
  },
  {
    name: "paq8px -6L",
    program: "paq8px",
    args: ["-6L", "text", "archive"],
    input: "file",
    install:
      "build it from its public source with cmake, and put it on the PATH; it takes hours for what the others do in minutes",
  },
];

/** What a compressor made of a workspace's held-out files, in bits per character (UTF-16 unit). */
export interface CompressedBits {
  /** Each by itself, after everything that is given. */
  readonly given: number;
  /** Each by itself with nothing before it. */
  readonly alone: number;
}

/** Sizes in bytes of what a compressor made of a workspace. */
export interface CompressedSizes {
  readonly given: number;
  /** Of no text at all: what an archive always holds. (That of xz lacks the 28 bytes or so that frame a block.) */
  readonly empty: number;
  readonly files: readonly FileSizes[];
}

interface FileSizes {
  /** Of the given text and the file as one. */
  readonly behindGiven: number;
  readonly alone: number;
  /** Of the file as it is, in UTF-16 units. */
  readonly chars: number;
}

/** What the held-out files add to what is there anyway, over their characters. */
export function bitsOf({ given, empty, files }: CompressedSizes): CompressedBits {
  const sum = (of: (file: FileSizes) => number): number => files.reduce((total, file) => total + of(file), 0);
  const perChar = (bytes: number): number =>
    (8 * bytes) /
    Math.max(
      1,
      sum((file) => file.chars),
    );
  return {
    given: perChar(sum((file) => file.behindGiven - given)),
    alone: perChar(sum((file) => file.alone - empty)),
  };
}

/** How many run side by side. */
const atOnce = 2;

/** Compresses a workspace. Sizes are kept, so another run has them at once. @throws Error if the program fails */
export async function compressWorkspace(
  compressor: Compressor,
  { given, heldOut }: Pick<Workspace, "given" | "heldOut">,
  cache = join(benchCache, "compressed-sizes"),
): Promise<CompressedBits> {
  await mkdir(cache, { recursive: true });
  const before = given.map((file) => file.text).join("");
  const texts = heldOut.map((file) => file.text);
  const inputs = [before, "", ...texts.map((text) => before + text), ...texts];
  const sizes = await mapSome(inputs, atOnce, (text) => keptSize(compressor, Buffer.from(text), cache));
  const [givenSize = 0, empty = 0, ...rest] = sizes;
  const files = texts.map((text, i) => ({
    behindGiven: rest[i] ?? 0,
    alone: rest[texts.length + i] ?? 0,
    chars: text.length,
  }));
  return bitsOf({ given: givenSize, empty, files });
}

/** Whether its program is on the PATH. */
export async function isInstalled({ program }: Pick<Compressor, "program">): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.map((folder) => access(join(folder, program), constants.X_OK).then(() => true));
  return (await Promise.allSettled(found)).some(({ status }) => status === "fulfilled");
}

async function keptSize(compressor: Compressor, input: Buffer, cache: string): Promise<number> {
  const command = JSON.stringify([compressor.program, ...compressor.args, compressor.input]);
  const key = createHash("sha256").update(command).update("\0").update(input).digest("hex");
  const kept = await readFile(join(cache, key), "utf8").catch(() => undefined);
  if (kept !== undefined) return Number(kept);
  const size = await compressedSize(compressor, input);
  await writeWhole(join(cache, key), String(size));
  return size;
}

/** Size in bytes of all that a compressor writes for an input. @throws Error if it fails */
export async function compressedSize(compressor: Compressor, input: Buffer): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "murmur-compress-"));
  try {
    const isFile = compressor.input === "file";
    if (isFile) await writeFile(join(folder, "text"), input);
    const printed = await runIn(folder, compressor, isFile ? undefined : input);
    const written = (await readdir(folder)).filter((name) => !(isFile && name === "text"));
    // A program that keeps its output in a file may print what it likes.
    if (written.length === 0) return printed;
    const sizes = await Promise.all(written.map(async (name) => (await stat(join(folder, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end and gives the number of bytes that it printed. */
function runIn(folder: string, { program, args }: Compressor, input: Buffer | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder });
    let printed = 0;
    let errors = "";
    child.stdout.on("data", (data: Buffer) => {
      printed += data.length;
    });
    child.stderr.on("data", (data: Buffer) => {
      errors = (errors + data.toString()).slice(-2000);
    });
    // A program that ends early says why with its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${program} failed with ${code}. ${errors}`.trim()));
    });
  });
}

/** Maps some items, a few at a time; the results are in the order of the items. */
async function mapSome<T, R>(items: readonly T[], atOnce: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await map(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
