import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import type { Language } from "../../src/languages.ts";
import { Deduplicator } from "./dedupe.ts";
import { extractArchive } from "./extract.ts";
import { fetchArchive } from "./fetch.ts";
import { manifestPath, type PackageEntry, readManifest } from "./manifest.ts";
import { type SelectedFile, selectFiles } from "./select.ts";
import { type PackageSummary, totalsOf } from "./summary.ts";

// Writes OUT/{train,heldout}/LANGUAGE/PACKAGE/FILE and OUT/summary.json from the packages of models/corpus-manifest.json.
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
  const packages: PackageSummary[] = [];
  // Held-out packages are read first, so that nothing resembling them is trained on.
  for (const split of splits) {
    await mkdir(join(unfinished, split), { recursive: true });
    for (const entry of manifest.filter((candidate) => candidate.split === split)) {
      const { name, version, licence } = entry;
      const languages = await addPackage(entry, await fetchArchive(entry, archives), join(unfinished, split), seen);
      packages.push({ name, version, licence, split, languages });
      console.error(`${split} ${name} ${version}: ${describe(languages)}`);
    }
  }
  await rm(join(out, "summary.json"), { force: true });
  for (const split of splits) {
    await rm(join(out, split), { recursive: true, force: true });
    await rename(join(unfinished, split), join(out, split));
  }
  await rm(unfinished, { recursive: true });
  await writeFile(
    join(out, "summary.json"),
    `${JSON.stringify({ packages, totals: totalsOf(packages) }, undefined, 1)}\n`,
  );
}

async function addPackage(
  entry: PackageEntry,
  archive: string,
  target: string,
  seen: Deduplicator,
): Promise<PackageSummary["languages"]> {
  const languages: Partial<Record<Language, { files: number; bytes: number }>> = {};
  const extracted = await mkdtemp(join(tmpdir(), "murmur-corpus-"));
  try {
    await extractArchive(entry, archive, extracted);
    for await (const file of selectFiles(entry, extracted, seen)) {
      const total = languages[file.language] ?? { files: 0, bytes: 0 };
      languages[file.language] = { files: total.files + 1, bytes: total.bytes + Buffer.byteLength(file.text) };
      await write(file, join(target, file.language, entry.name.replaceAll("/", "+")));
    }
  } finally {
    await rm(extracted, { recursive: true, force: true });
  }
  return languages;
}

async function write(file: SelectedFile, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file.name), file.text, { flag: "wx" });
}

function describe(languages: PackageSummary["languages"]): string {
  const parts = Object.entries(languages).map(([language, { bytes }]) => `${language} ${(bytes / 1e6).toFixed(2)} MB`);
  return parts.sort().join(", ") || "nothing";
}

await new Command("corpus")
  .description("Fetches and cleans the text that the default model is trained on and measured with.")
  .option("--manifest <file>", "pinned packages", manifestPath)
  .option("--out <folder>", "where to write the corpus", cache)
  .action((options: { manifest: string; out: string }) => build(readManifest(options.manifest), resolve(options.out)))
  .parseAsync();
