import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { loadPairs } from "../../bench/completion/releases.ts";
import { loadWorkspaces } from "../../bench/completion/workspaces.ts";
import { Deduplicator } from "./dedupe.ts";
import { extractArchive } from "./extract.ts";
import { fetchArchive } from "./fetch.ts";
import { manifestPath, type PackageEntry, readManifest } from "./manifest.ts";
import { Notice } from "./notice.ts";
import { type SelectedFile, selectFiles } from "./select.ts";
import { type PackageSummary, totalsOf } from "./summary.ts";

// Writes OUT/{train,heldout}/LANGUAGE/PACKAGE/FILE, OUT/summary.json and OUT/NOTICE from the packages of models/corpus-manifest.json.
// Archives are kept, so a stopped run continues where it was. The same archives always give the same files.
//
// npm run train:corpus [-- --out .cache/corpus]

const cache = join(import.meta.dirname, "../../.cache/corpus");
const splits = ["heldout", "train"] as const;

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
  const packages: PackageSummary[] = [];
  // Held-out packages are read first, so that nothing resembling them is trained on.
  const entries = splits.flatMap((split) => manifest.filter((candidate) => candidate.split === split));
  for (const split of splits) await mkdir(join(unfinished, split), { recursive: true });
  // While one package is read, the next is unpacked.
  for await (const { entry, folder } of oneAhead(entries, (next) => unpack(next, archives))) {
    const { name, version, licence, split } = entry;
    await notice.add(entry, folder);
    const languages = await addPackage(entry, folder, join(unfinished, split), seen);
    packages.push({ name, version, licence, split, languages });
    console.error(`${split} ${name} ${version}: ${describe(languages)}`);
    await rm(folder, { recursive: true, force: true });
  }
  await rm(join(out, "summary.json"), { force: true });
  for (const split of splits) {
    await rm(join(out, split), { recursive: true, force: true });
    await rename(join(unfinished, split), join(out, split));
  }
  await rm(unfinished, { recursive: true });
  await writeFile(join(out, "NOTICE"), notice.toString());
  await writeFile(
    join(out, "summary.json"),
    `${JSON.stringify({ packages, totals: totalsOf(packages) }, undefined, 1)}\n`,
  );
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

async function unpack(entry: PackageEntry, archives: string): Promise<{ entry: PackageEntry; folder: string }> {
  const archive = await fetchArchive(entry, archives);
  const folder = await mkdtemp(join(tmpdir(), "murmur-corpus-"));
  await extractArchive(entry, archive, folder);
  return { entry, folder };
}

async function addPackage(
  entry: PackageEntry,
  folder: string,
  target: string,
  seen: Deduplicator,
): Promise<PackageSummary["languages"]> {
  const languages: Record<string, { files: number; bytes: number }> = {};
  for await (const file of selectFiles(entry, folder, seen)) {
    const total = languages[file.language] ?? { files: 0, bytes: 0 };
    languages[file.language] = { files: total.files + 1, bytes: total.bytes + Buffer.byteLength(file.text) };
    await write(file, join(target, file.language, entry.name.replaceAll("/", "+")));
  }
  return languages;
}

async function write(file: SelectedFile, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file.name), file.text, { flag: "wx" });
}

function describe(languages: PackageSummary["languages"]): string {
  const parts = Object.entries(languages).map(
    ([language, count]) => `${language} ${((count?.bytes ?? 0) / 1e6).toFixed(2)} MB`,
  );
  return parts.sort().join(", ") || "nothing";
}

await new Command("corpus")
  .description("Fetches and cleans the text that the default model is trained on and measured with.")
  .option("--manifest <file>", "pinned packages", manifestPath)
  .option("--out <folder>", "where to write the corpus", cache)
  .action((options: { manifest: string; out: string }) => build(readManifest(options.manifest), resolve(options.out)))
  .parseAsync();
