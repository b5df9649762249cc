import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { loadPairs } from "../../bench/completion/releases.ts";
import { loadWorkspaces } from "../../bench/completion/workspaces.ts";
import { balance, type StoredFile, storedFiles } from "./balance.ts";
import { Deduplicator } from "./dedupe.ts";
import { extractArchive } from "./extract.ts";
import { fetchArchive } from "./fetch.ts";
import { manifestPath, type PackageEntry, readManifest } from "./manifest.ts";
import { Notice } from "./notice.ts";
import { type SelectedFile, selectFiles } from "./select.ts";
import { countsOf, type PackageSummary, totalsOf } from "./summary.ts";

// Writes OUT/{train,heldout}/LANGUAGE/PACKAGE/FILE, OUT/summary.json and OUT/NOTICE from the packages of models/corpus-manifest.json.
// Archives are kept, so a stopped run continues where it was. The same archives always give the same files, as
// long as the benchmarks measure on the same texts.
//
// npm run train:corpus [-- --out .cache/corpus]

const cache = join(import.meta.dirname, "../../.cache/corpus");
const splits = ["heldout", "train"] as const;
/** At most this many bytes of one language are trained on. */
const largestLanguage = 100_000_000;

/** Builds the corpus beside the existing one, and replaces that when it is complete. */
async function build(manifest: readonly PackageEntry[], out: string): Promise<void> {
  const archives = join(cache, "archives");
  const unfinished = join(out, "unfinished");
  await mkdir(archives, { recursive: true });
  await rm(unfinished, { recursive: true, force: true });
  const seen = new Deduplicator();
  // Nothing that resembles what completions are measured on is trained on, whatever package it comes from.
  for (const text of await evaluationTexts()) seen.isNew(text);
  const notice = new Notice();
  // Held-out packages are read first, so that nothing resembling them is trained on.
  const entries = splits.flatMap((split) => manifest.filter((candidate) => candidate.split === split));
  for (const split of splits) await mkdir(join(unfinished, split), { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), "murmur-corpus-"));
  try {
    // While one package is read, the next is unpacked.
    for await (const { entry, folder } of oneAhead(entries, (next) => unpack(next, archives, scratch))) {
      const { name, version, split } = entry;
      await notice.add(entry, folder);
      const bytes = await addPackage(entry, folder, join(unfinished, split), seen);
      console.error(`${split} ${name} ${version}: ${describe(bytes)}`);
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
  await balance(join(unfinished, "train"), largestLanguage);
  await rm(join(out, "summary.json"), { force: true });
  for (const split of splits) {
    await rm(join(out, split), { recursive: true, force: true });
    await rename(join(unfinished, split), join(out, split));
  }
  await rm(unfinished, { recursive: true });
  await writeFile(join(out, "NOTICE"), notice.toString());
  const packages = await summarize(manifest, out);
  const summary = { packages, totals: totalsOf(packages) };
  await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 1)}\n`);
}

/** The workspaces and releases that bench/completion measures on. */
async function evaluationTexts(): Promise<string[]> {
  const texts = (await loadWorkspaces()).flatMap(({ given, heldOut }) => [...given, ...heldOut]);
  const pairs = await loadPairs();
  const edited = pairs.flatMap(({ before, changed }) => [...before, ...changed]);
  return [...texts, ...edited].map(({ text }) => text);
}

/** What `begin` makes of each item, in order; it has begun with one more item than has been asked for. */
async function* oneAhead<Item, Result>(
  items: readonly Item[],
  begin: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  let ahead: Promise<Result> | undefined;
  for (const item of items) {
    const next = begin(item);
    // Its error is thrown when its turn comes.
    next.catch(() => {});
    if (ahead) yield await ahead;
    ahead = next;
  }
  if (ahead) yield await ahead;
}

async function unpack(
  entry: PackageEntry,
  archives: string,
  scratch: string,
): Promise<{ entry: PackageEntry; folder: string }> {
  const archive = await fetchArchive(entry, archives);
  const folder = join(scratch, folderOf(entry));
  await mkdir(folder);
  await extractArchive(entry, archive, folder);
  return { entry, folder };
}

/** Writes the files of a package that are worth learning from. @returns their bytes by language */
async function addPackage(
  entry: PackageEntry,
  folder: string,
  target: string,
  seen: Deduplicator,
): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for await (const file of selectFiles(entry, folder, seen)) {
    bytes.set(file.language, (bytes.get(file.language) ?? 0) + Buffer.byteLength(file.text));
    await write(file, join(target, file.language, folderOf(entry)));
  }
  return bytes;
}

function folderOf({ name }: PackageEntry): string {
  return name.replaceAll("/", "+");
}

async function write(file: SelectedFile, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file.name), file.text, { flag: "wx" });
}

function describe(bytes: ReadonlyMap<string, number>): string {
  const parts = [...bytes].map(([language, count]) => `${language} ${(count / 1e6).toFixed(2)} MB`);
  return parts.sort().join(", ") || "nothing";
}

/** What the finished corpus has of each package. */
async function summarize(manifest: readonly PackageEntry[], out: string): Promise<PackageSummary[]> {
  const summaries: PackageSummary[] = [];
  for (const split of splits) {
    const files = new Map<string, StoredFile[]>();
    for (const file of await storedFiles(join(out, split))) {
      const own = files.get(file.package) ?? [];
      own.push(file);
      files.set(file.package, own);
    }
    for (const entry of manifest.filter((candidate) => candidate.split === split)) {
      const { name, version, licence } = entry;
      const languages = countsOf(files.get(folderOf(entry)) ?? []);
      summaries.push({ name, version, licence, split, languages });
    }
  }
  return summaries;
}

await new Command("corpus")
  .description("Fetches and cleans the text that the default model is trained on and measured with.")
  .option("--manifest <file>", "pinned packages", manifestPath)
  .option("--out <folder>", "where to write the corpus", cache)
  .action((options: { manifest: string; out: string }) => build(readManifest(options.manifest), resolve(options.out)))
  .parseAsync();
