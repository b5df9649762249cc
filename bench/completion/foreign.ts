import { type HeldOutPackage, heldOutPackages } from "../../scripts/held-out-packages.ts";
import type { TextLike } from "../../src/evaluation/engine-under-test.ts";
import { tableWithMean } from "../markdown.ts";
import { progress } from "../support.ts";
import { bitsOfFiles } from "./bits.ts";
import { beginnings } from "./conditions.ts";
import type { Workspace } from "./workspaces.ts";

interface Row {
  readonly name: string;
  readonly alone: number;
  readonly foreign: number;
}

/**
 * Prints mixed bits per character of the beginnings of held-out files, with nothing given and with another project of the workspace's
 * language read before: the largest of the packages that the default model was not trained on.
 */
export async function foreignTable(workspaces: readonly Workspace[], modelPath: string, limit: number): Promise<void> {
  const rows: Row[] = [];
  const packages = await heldOutPackages(0);
  for (const { name, language, heldOut } of workspaces) {
    progress(`foreign: ${name}`);
    const other = largestIn(language, packages);
    const files = beginnings(heldOut, limit);
    const bitsAfter = async (given: readonly TextLike[]): Promise<number> =>
      (await bitsOfFiles(files, given, modelPath)).bitsPerChar;
    rows.push({
      name: `${name} after ${other.name}`,
      alone: await bitsAfter([]),
      foreign: await bitsAfter(other.given),
    });
  }
  console.log("\n### Bits per character of held-out files, after another project of the same language\n");
  console.log(
    tableWithMean("workspace, project read before", rows, [
      { name: "nothing given", of: ({ alone }) => alone },
      { name: "the other project given", of: ({ foreign }) => foreign },
      { name: "ratio", of: ({ alone, foreign }) => foreign / alone },
    ]),
  );
}

/** @throws Error if there is no package in the language */
function largestIn(language: string, packages: readonly HeldOutPackage[]): HeldOutPackage {
  const charsOf = ({ given }: HeldOutPackage): number => given.reduce((sum, { text }) => sum + text.length, 0);
  const [largest] = packages
    .filter(({ name }) => name.startsWith(`${language}/`))
    .sort((a, b) => charsOf(b) - charsOf(a));
  if (!largest) throw new Error(`No package of the corpus that is held out is in ${language}.`);
  return largest;
}
