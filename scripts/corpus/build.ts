import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { isBinaryFile } from "isbinaryfile";
import { cleanText, isGenerated, type Language, languageOf, mentionsCopyleft } from "./clean.ts";
import { Deduplicator } from "./dedupe.ts";
import { fetchArchive } from "./fetch.ts";
import { type PackageEntry, readManifest } from "./manifest.ts";

// Writes .cache/corpus/{train,heldout}/LANGUAGE/PACKAGE/FILE from the packages of models/corpus-manifest.json.

const run = promisify(execFile);
const cache = join(import.meta.dirname, "../../.cache/corpus");
/** Most characters of one package in one language: no package is to drown the others. */
const limit = 2_000_000;

interface Summary {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly split: string;
  readonly languages: Partial<Record<Language, { files: number; chars: number }>>;
}

const manifest = readManifest();
const archives = join(cache, "archives");
await mkdir(archives, { recursive: true });
for (const split of ["train", "heldout"]) await rm(join(cache, split), { recursive: true, force: true });
const seen = new Deduplicator();
const summaries: Summary[] = [];
// What is held out is read first, so that whatever resembles it is not trained on.
for (const entry of [...manifest].sort((a, b) => (a.split < b.split ? -1 : a.split > b.split ? 1 : 0))) {
  const archive = await fetchArchive(entry, archives);
  const folder = await mkdtemp(join(tmpdir(), "murmur-corpus-"));
  try {
    await extract(entry, archive, folder);
    const languages = await select(entry, folder);
    summaries.push({ name: entry.name, version: entry.version, licence: entry.licence, split: entry.split, languages });
    console.error(`${entry.split} ${entry.name} ${entry.version}: ${describe(languages)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
await writeFile(join(cache, "summary.json"), `${JSON.stringify(summaries, undefined, 1)}\n`);

async function extract(entry: PackageEntry, archive: string, folder: string): Promise<void> {
  if (entry.registry === "debian") await run("dpkg-deb", ["-x", archive, folder]);
  else await run("tar", ["-xf", archive, "-C", folder, "--no-same-owner"]);
}

async function select(entry: PackageEntry, folder: string): Promise<Summary["languages"]> {
  const languages: Summary["languages"] = {};
  const paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((file) => file.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)))
    .sort();
  for (const path of paths) {
    const language = languageOf(path);
    if (!language) continue;
    const bytes = await readFile(join(folder, path));
    if (bytes.length < 200 || bytes.length > 400_000 || (await isBinaryFile(bytes))) continue;
    const raw = bytes.toString("utf8");
    if (mentionsCopyleft(raw)) continue;
    const text = cleanText(raw);
    if (isGenerated(text) || !seen.isNew(text)) continue;
    const total = languages[language] ?? { files: 0, chars: 0 };
    if (total.chars + text.length > limit) continue;
    languages[language] = { files: total.files + 1, chars: total.chars + text.length };
    const target = join(cache, entry.split, language, entry.name.replaceAll("/", "+"));
    await mkdir(target, { recursive: true });
    await writeFile(join(target, path.replaceAll("/", "__").slice(-200)), text);
  }
  return languages;
}

function describe(languages: Summary["languages"]): string {
  const parts = Object.entries(languages).map(([language, { chars }]) => `${language} ${(chars / 1e6).toFixed(2)} MB`);
  return parts.join(", ") || "nothing";
}
