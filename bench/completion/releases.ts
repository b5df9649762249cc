import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readFiles } from "../../src/corpus/load-corpus.ts";
import { type ChangedFile, changedFiles, withRenames } from "../../src/evaluation/edits/tree.ts";
import type { TextLike } from "../../src/evaluation/engine-under-test.ts";
import { chosenFiles, folderEntry, installFiles, readWorkspaceList, type Workspace } from "./workspaces.ts";

const releaseList = join(import.meta.dirname, "../releases.json");
const fittingList = join(import.meta.dirname, "../fitting-releases.json");

const releaseEntry = folderEntry.extend({
  /** The project's version, where the package that has its files counts its own. */
  release: z.string().min(1).optional(),
});

const releases = chosenFiles.extend({
  /** A release, and another some months or years later. */
  before: releaseEntry,
  after: releaseEntry,
});

const pairEntry = releases.extend({
  /** The workspace of bench/workspaces.json that is of the same project. */
  workspace: z.string().min(1),
});

const fittingEntry = releases.extend({ name: z.string().min(1) });

export type PairEntry = z.infer<typeof pairEntry>;

/** Two releases of a project. */
export interface ReleasePair extends Pick<Workspace, "name" | "language"> {
  /** The versions: "1.0 → 1.1". */
  readonly versions: string;
  /** The files of the older release. */
  readonly before: readonly TextLike[];
  /** The files of the newer one that differ. */
  readonly changed: readonly ChangedFile[];
}

/** The pinned pairs of releases. @throws Error if the list is not of its form */
export function readPairList(): PairEntry[] {
  return readList(releaseList, pairEntry);
}

function readList<Entry>(path: string, entry: z.ZodType<Entry>): Entry[] {
  const parsed = z.array(entry).safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(`${path} is no list of releases: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The pinned pairs of releases, fetched where they are not there yet. @throws Error that names what can't be had */
export async function loadPairs(names?: readonly string[]): Promise<ReleasePair[]> {
  const workspaces = readWorkspaceList();
  const pairs: ReleasePair[] = [];
  for (const { workspace, ...entry } of readPairList()) {
    if (names && !names.includes(workspace)) continue;
    const language = workspaces.find(({ name }) => name === workspace)?.language;
    if (language === undefined) throw new Error(`${workspace} has releases, but is no workspace.`);
    pairs.push({ name: workspace, language, ...(await loadPair(entry)) });
  }
  return pairs;
}

/** The pairs whose edits things are fitted to, of other projects than what is measured. @throws Error that names what can't be had */
export async function loadFittingPairs(): Promise<Omit<ReleasePair, "language">[]> {
  const pairs: Omit<ReleasePair, "language">[] = [];
  for (const { name, ...entry } of readList(fittingList, fittingEntry)) {
    pairs.push({ name, ...(await loadPair(entry)) });
  }
  return pairs;
}

async function loadPair({
  before,
  after,
  ...chosen
}: z.infer<typeof releases>): Promise<Pick<ReleasePair, "versions" | "before" | "changed">> {
  const read = async ({ release: _, ...entry }: PairEntry["before"]): Promise<TextLike[]> => {
    const { registry, name, version } = entry;
    const folder = join("releases", `${registry}-${name}-${version}`.replaceAll(/[/:]/g, "+"));
    return await readFiles([await installFiles({ ...entry, ...chosen }, folder)], []);
  };
  const later = await read(after);
  const former = withRenames(await read(before), later);
  const versions = [before, after].map(({ release, version }) => release ?? version).join(" → ");
  return { versions, before: former, changed: changedFiles(former, later) };
}
