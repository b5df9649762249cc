import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { type CompressedBits, type Compressor, compressors, compressWorkspace, isInstalled } from "./compressors.ts";
import { loadWorkspaces, type Workspace } from "./workspaces.ts";

/** What compressors make of a workspace; those that are not installed have no entry. */
export interface WorkspaceCompression extends Workspace {
  readonly bits: ReadonlyMap<Compressor, CompressedBits>;
}

/** Compresses each workspace with each compressor that is installed, and says which are not. */
export async function compressAll(workspaces: readonly Workspace[]): Promise<WorkspaceCompression[]> {
  const installed = await installedCompressors();
  const results: WorkspaceCompression[] = [];
  for (const workspace of workspaces) {
    const bits = new Map<Compressor, CompressedBits>();
    for (const compressor of installed) bits.set(compressor, await compressWorkspace(compressor, workspace));
    results.push({ ...workspace, bits });
  }
  return results;
}

/** The compressors that are there; says which are not. */
export async function installedCompressors(): Promise<Compressor[]> {
  const installed: Compressor[] = [];
  for (const compressor of compressors) {
    if (await isInstalled(compressor)) installed.push(compressor);
    else
      progress(`${compressor.name} is left out: there is no ${compressor.program}. To have it: ${compressor.install}.`);
  }
  return installed;
}

/** Bits per character of the held-out files of each workspace, in Markdown: with the rest given / with nothing given. */
export function compressionTable(results: readonly WorkspaceCompression[]): string {
  const columns = [...(results[0]?.bits.keys() ?? [])];
  const cell = (found: readonly CompressedBits[]): string => {
    const mean = (of: (bits: CompressedBits) => number): string =>
      (found.reduce((sum, bits) => sum + of(bits), 0) / Math.max(1, found.length)).toFixed(3);
    return `${mean(({ given }) => given)} / ${mean(({ alone }) => alone)}`;
  };
  const cells = (rows: readonly WorkspaceCompression[]): string[] =>
    columns.map((column) => cell(rows.flatMap(({ bits }) => bits.get(column) ?? [])));
  const header = ["workspace", "characters given / held out", ...columns.map(({ name }) => name)];
  const body = [
    ...results.map((result) => [`${result.name} (${result.language})`, sizes(result), ...cells([result])]),
    ["mean", "", ...cells(results)],
  ];
  return table(header, body);
}

/** How large a workspace is, in characters. */
export function sizes({ given, heldOut }: Workspace): string {
  const chars = (files: Workspace["given"]): string =>
    files.reduce((sum, file) => sum + file.text.length, 0).toLocaleString("en");
  return `${chars(given)} / ${chars(heldOut)} in ${heldOut.length} files`;
}

/** Prints what programs that only compress need for the held-out files of the pinned workspaces: the yardstick. */
export async function benchCompression(): Promise<void> {
  console.log(compressionTable(await compressAll(await loadWorkspaces())));
}
