import type { TextFile } from "../../src/corpus/text-source.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { trainOn } from "./train-on.ts";
import { type Figures, figuresOf } from "./trained.ts";
import type { Workspace } from "./workspaces.ts";

/** Minutes of training. */
export const sizesMinutes = [1, 3, 10] as const;

/** A workspace of so many characters, made of pinned ones. The largest has three of them side by side, as one repository. */
const sizes = [
  { name: "50 KB", characters: 50_000, of: ["@trpc/server"] },
  { name: "400 KB", characters: 400_000, of: ["knex"] },
  { name: "1.5 MB", characters: 1_600_000, of: ["knex", "python3-docker", "jsoup"] },
] as const;

/** Held-out files of each workspace, at most. */
const heldOutFiles = 15;

/** Prints what training brings in workspaces of several sizes, after several times. */
export async function sizesTable(
  workspaces: readonly Workspace[],
  modelPath: string,
  minutes: readonly number[],
  limit: number,
): Promise<void> {
  const rows: string[][] = [];
  for (const { name, characters, of } of sizes) {
    const parts = workspaces.filter((workspace) => of.some((one) => one === workspace.name));
    const given = upTo(
      parts.flatMap((part) => filesOf(part, part.given)),
      characters,
    );
    const heldOut = parts.flatMap((part) => filesOf(part, part.heldOut)).slice(0, heldOutFiles * parts.length);
    const workspace = { given, heldOut };
    progress(`${name}: untrained`);
    const before = await figuresOf(workspace, modelPath, limit);
    const length = given.reduce((sum, { text }) => sum + text.length, 0).toLocaleString("en");
    rows.push([`${of.join(", ")}: ${length} characters`, "0", ...cellsOf(before, before)]);
    for (const time of minutes) {
      const out = await trainOn(name, given, { init: modelPath, minutes: time });
      rows.push(["", String(time), ...cellsOf(await figuresOf(workspace, out, limit), before)]);
    }
  }
  console.log("\n### Training in workspaces of several sizes, from the default model\n");
  const header = ["workspace", "minutes", "RNN alone, bits", "mixed, bits", "ratio", "accepted share", "net saved"];
  console.log(table([...header, "wrong per 100"], rows));
}

function cellsOf(
  { rnn, mixed, acceptedShare, netSaved, wrongPer100Chars }: Figures,
  before: Pick<Figures, "mixed">,
): string[] {
  return [rnn, mixed, mixed / before.mixed, acceptedShare, netSaved]
    .map((figure) => figure.toFixed(3))
    .concat(wrongPer100Chars.toFixed(2));
}

/** Files by names that no two workspaces share. */
function filesOf({ name }: Pick<Workspace, "name">, files: readonly TextFile[]): TextFile[] {
  return files.map((file) => ({ ...file, name: `${name}/${file.name}` }));
}

/** The first files that have so many characters together. */
function upTo(files: readonly TextFile[], characters: number): TextFile[] {
  let left = characters;
  return files.filter(({ text }) => {
    left -= text.length;
    return left + text.length > 0;
  });
}
