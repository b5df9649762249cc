import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import picomatch from "picomatch";
import * as z from "zod";
import { extractArchive } from "../../scripts/corpus/extract.ts";
import { fetchArchive } from "../../scripts/corpus/fetch.ts";
import { archiveEntry } from "../../scripts/corpus/manifest.ts";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { readSources } from "../../src/corpus/load-corpus.ts";
import { type TextFile, textFile } from "../../src/corpus/text-source.ts";

/** Where everything lies that the benchmarks fetch and keep. */
export const benchCache = join(import.meta.dirname, "../../.cache/bench");

const workspaceList = join(import.meta.dirname, "../workspaces.json");
const globs = z.array(z.string().min(1)).min(1);

/** A folder of an archive. */
export const folderEntry = archiveEntry.extend({
  /** The folder of the archive that a user would open. */
  root: z.string().min(1),
});

/** Which files of a folder are taken. */
export const chosenFiles = z.strictObject({
  /** As globs on their paths in the folder: what a person wrote for people. */
  include: globs,
  /** Of these, what is to be left out: another author's, or data. */
  exclude: globs.optional(),
});

const workspaceEntry = folderEntry.extend(chosenFiles.shape).extend({
  /** What most of its text is written in. */
  language: z.enum(["typescript", "javascript", "python", "go", "rust", "c", "java"]),
});

type FilesEntry = z.infer<typeof folderEntry> & z.infer<typeof chosenFiles>;
export type WorkspaceEntry = z.infer<typeof workspaceEntry>;

/** A workspace, split by whole files. */
export interface Workspace {
  readonly name: string;
  readonly language: WorkspaceEntry["language"];
  /** What may have been read before, in the order of its names. */
  readonly given: readonly TextFile[];
  /** What is measured, each file by itself. */
  readonly heldOut: readonly TextFile[];
}

const heldOutShare = 0.2;

/** The pinned workspaces. @throws Error if the list is not of its form */
export function readWorkspaceList(): WorkspaceEntry[] {
  const parsed = z.array(workspaceEntry).safeParse(JSON.parse(readFileSync(workspaceList, "utf8")));
  if (!parsed.success) throw new Error(`${workspaceList} is no list of workspaces: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** All pinned workspaces, fetched where they are not there yet. @throws Error that names the one that can't be had */
export async function loadWorkspaces(): Promise<Workspace[]> {
  const workspaces: Workspace[] = [];
  for (const entry of readWorkspaceList()) {
    const folder = await installWorkspace(entry);
    workspaces.push(await readWorkspace(entry, folder));
  }
  return workspaces;
}

/** A workspace's texts as Murmur reads them: what it never learns from (large, generated, binary) is in neither part. */
export async function readWorkspace(
  { name, language }: Pick<WorkspaceEntry, "name" | "language">,
  folder: string,
): Promise<Workspace> {
  const { train, heldOut } = splitCorpus(await readSources([folder], []), heldOutShare);
  return { name, language, given: train.map(textFile), heldOut: heldOut.map(textFile) };
}

/** The folder with a workspace's files, filled from its archive unless it is there already, of the same list's entry. */
export function installWorkspace(entry: WorkspaceEntry, cache = benchCache): Promise<string> {
  return installFiles(entry, join("workspaces", entry.name.replaceAll("/", "+")), cache);
}

/**
 * A folder with some files of an archive, filled unless it is there already, of the same entry.
 * @param path of the folder in the cache
 * @throws Error that names the package if it can't be had
 */
export async function installFiles(entry: FilesEntry, path: string, cache = benchCache): Promise<string> {
  const folder = join(cache, path);
  const [stamp, stored] = [JSON.stringify(entry), `${folder}.json`];
  if ((await readFile(stored, "utf8").catch(() => undefined)) === stamp) return folder;
  const archives = join(cache, "archives");
  await mkdir(archives, { recursive: true });
  const archive = await fetchArchive(entry, archives);
  const extracted = await mkdtemp(join(tmpdir(), "murmur-bench-"));
  const unfinished = `${folder}.unfinished`;
  try {
    await extractArchive(entry, archive, extracted);
    await rm(unfinished, { recursive: true, force: true });
    await copyFiles(entry, join(extracted, entry.root), unfinished);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    await writeFile(stored, stamp);
  } finally {
    await rm(extracted, { recursive: true, force: true });
  }
  return folder;
}

async function copyFiles({ name, include, exclude }: FilesEntry, from: string, to: string): Promise<void> {
  const isChosen = picomatch(include, { dot: true, ...(exclude && { ignore: exclude }) });
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(from, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => isChosen(path));
  if (paths.length === 0) throw new Error(`No file of ${name} is among those that its entry includes.`);
  for (const path of paths) await cp(join(from, path), join(to, path));
}
