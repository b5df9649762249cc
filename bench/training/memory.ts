import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Random } from "../../src/random.ts";
import { table } from "../markdown.ts";
import { progress, temporaryFolder } from "../support.ts";

const run = promisify(execFile);
const size = { hidden: 512, layers: 2 };
const corpora = [1, 100];
/** What is trained on each. */
const runs = [{ batch: 16 }, { batch: 32 }, { batch: 128 }, { batch: 32, tokenizer: "word" }];

/** The most memory of whole runs, evaluations and checkpoints included, by the size of the corpus and of the batch. */
export async function memoryOfRuns(): Promise<string> {
  await using folder = await temporaryFolder();
  const rows: string[][] = [];
  for (const megabytes of corpora) {
    const corpus = join(folder.path, `${megabytes}`);
    await mkdir(corpus);
    for (let i = 0; i < megabytes; i++) await writeFile(join(corpus, `${i}.txt`), randomText(i));
    for (const options of runs) {
      const { batch, tokenizer = "byte" } = options;
      progress(`a run on ${megabytes} MB, batch ${batch}, ${tokenizer}s`);
      const argument = JSON.stringify({ ...size, ...options, folder: corpus, out: join(folder.path, "m.onnx") });
      const { stdout } = await run(process.execPath, [join(import.meta.dirname, "whole-run.ts"), argument]);
      rows.push([`${megabytes} MB`, tokenizer, `${batch}`, Number(stdout).toFixed(0)]);
    }
  }
  return table(["corpus", "tokens", "batch", "most memory, MB"], rows);
}

/** Nearly a million characters in words and lines. */
function randomText(seed: number): string {
  const random = new Random(seed);
  const words = Array.from({ length: 2000 }, () => random.below(36 ** 5).toString(36));
  const line = (): string => Array.from({ length: 12 }, () => words[random.below(words.length)]).join(" ");
  return Array.from({ length: 14_000 }, line).join("\n");
}
