import { prepareEngine, sources } from "../../src/evaluation/engine-under-test.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { typingSettings } from "./typing.ts";
import type { Workspace } from "./workspaces.ts";

/** A word in the middle of a line of which only the beginning is typed. */
interface Gap {
  readonly offset: number;
  /** What is missing there. */
  readonly missing: string;
}

/** Characters of the word that are typed. */
const typed = 2;
/** Of all such words, every so many are taken. */
const stride = 5;

/** A word with something other than closing punctuation after it in its line. */
const wordInLine = /[\p{L}_][\p{L}\p{N}_]{4,}(?=[^\n]*[\p{L}\p{N}_])/gu;

/** Prints how often what is missing in the middle of a line is suggested, the rest of the workspace given, nothing of the file. */
export async function gapsTable(workspaces: readonly Workspace[], modelPath: string): Promise<void> {
  const rows: string[][] = [];
  for (const { name, language, given, heldOut } of workspaces) {
    progress(`gaps: ${name}`);
    const { engine, release } = await prepareEngine({ modelPath, given, sources });
    let [gaps, shown, right] = [0, 0, 0];
    for (const file of heldOut) {
      for (const { offset, missing } of gapsOf(file.text)) {
        const text = file.text.slice(0, offset) + file.text.slice(offset + missing.length);
        const { suggestion } = await engine.suggest({ uri: file.name, text, offset, ...typingSettings("balanced") });
        gaps++;
        if (suggestion) shown++;
        if (suggestion?.text === missing && suggestion.replacedLength === 0) right++;
      }
      await engine.close(file.name);
    }
    await release();
    const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(1);
    rows.push([
      `${name} (${language})`,
      String(gaps),
      percent(shown, gaps),
      percent(right, gaps),
      percent(right, shown),
    ]);
  }
  console.log("\n### The rest of a word in the middle of a line, of which two characters are typed, in %\n");
  console.log(table(["workspace", "words", "something shown", "right", "right of what is shown"], rows));
}

function gapsOf(text: string): Gap[] {
  return [...text.matchAll(wordInLine)]
    .filter((_, i) => i % stride === 0)
    .map(({ index, 0: word }) => ({ offset: index + typed, missing: word.slice(typed) }));
}
