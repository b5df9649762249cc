import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Argument, Command } from "commander";
import { Deduplicator } from "./dedupe.ts";
import { extractArchive } from "./extract.ts";
import { archivePatterns, download, hashLike } from "./fetch.ts";
import type { ArchiveEntry } from "./manifest.ts";
import { licenceFiles } from "./notice.ts";
import { selectFiles } from "./select.ts";

// Prints what a package would bring to the corpus, by language, what its files say of its licence, and the row to pin it with. The
// licence in the row is left for a person to fill in.
//
// npm run train:pin REGISTRY NAME VERSION

const mostLicenceFiles = 6;
const licenceLines = 6;

async function pin(registry: ArchiveEntry["registry"], name: string, version: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "murmur-pin-"));
  try {
    const [fetched, files] = [join(scratch, "fetched"), join(scratch, "files")];
    await mkdir(fetched);
    await mkdir(files);
    const archive = await download({ registry, name, version }, fetched, join(scratch, "lists"));
    // Debian's archive is the one in its list, whatever version was asked for.
    if (registry === "debian-source" && !basename(archive).includes(version))
      console.log(`It is ${basename(archive)}.\n`);
    const hash = hashLike("sha256-", await readFile(archive));
    const entry = { registry, name, version, licence: "?", split: "train", hash } as const;
    await extractArchive(entry, archive, files);
    await describeLicences(files);
    const bytes = new Map<string, number>();
    for await (const { language, text } of selectFiles(entry, files, new Deduplicator())) {
      bytes.set(language, (bytes.get(language) ?? 0) + Buffer.byteLength(text));
    }
    for (const [language, count] of [...bytes].sort(([, a], [, b]) => b - a)) {
      console.log(`${language.padEnd(12)} ${(count / 1e6).toFixed(2)} MB`);
    }
    console.log(JSON.stringify(entry));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Prints the beginning of each file that speaks of the licence, those nearest to the top first. */
async function describeLicences(folder: string): Promise<void> {
  const paths = await licenceFiles(folder);
  for (const path of paths.slice(0, mostLicenceFiles)) {
    const text = await readFile(join(folder, path), "utf8");
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    console.log(`${path}:\n${lines.slice(0, licenceLines).join("\n")}\n`);
  }
  if (paths.length > mostLicenceFiles) console.log(`and ${paths.length - mostLicenceFiles} more files on licences\n`);
}

await new Command("pin")
  .description("Prints what a package would bring to the corpus, and the row to pin it with.")
  .addArgument(new Argument("<registry>", "where it comes from").choices(Object.keys(archivePatterns)))
  .argument("<name>")
  .argument("<version>")
  .action(pin)
  .parseAsync();
