import { prepareEngine, sources } from "../../src/evaluation/engine-under-test.ts";
import { table } from "../markdown.ts";
import { progress } from "../support.ts";
import { beginnings } from "./conditions.ts";
import { typingSettings } from "./typing.ts";
import type { Workspace } from "./workspaces.ts";

/** What happened to suggestions while somebody typed as they said. */
interface Along {
  /** Suggestions of which a character was typed that left at least two. */
  readonly suggestions: number;
  /** Keys that agreed with the suggestion shown, with at least two characters of it left. */
  readonly keys: number;
  /** How often what was shown after such a key did not begin with what was left. */
  readonly changed: number;
}

/** Prints how often a suggestion changes while it is typed, key by key, the rest of the workspace given. */
export async function alongTable(workspaces: readonly Workspace[], modelPath: string, limit: number): Promise<void> {
  const rows: string[][] = [];
  for (const { name, language, given, heldOut } of workspaces) {
    progress(`typed along: ${name}`);
    const { engine, restore, release } = await prepareEngine({ modelPath, given, sources });
    const all: Along[] = [];
    for (const file of beginnings(heldOut, limit)) {
      restore();
      const shownAt = async (offset: number): Promise<string> => {
        const request = { uri: file.name, text: file.text.slice(0, offset), offset };
        await engine.update(file.name, request.text);
        const { suggestion } = await engine.suggest({ ...request, ...typingSettings("balanced") });
        return suggestion?.text ?? "";
      };
      all.push(await typedAlong(file.text, shownAt));
      await engine.close(file.name);
    }
    await release();
    const sum = (of: keyof Along): string => String(all.reduce((total, one) => total + one[of], 0));
    rows.push([`${name} (${language})`, sum("suggestions"), sum("keys"), sum("changed")]);
  }
  console.log(`\n### Suggestions that are typed along, in the first ${limit} characters of each held-out file\n`);
  console.log(table(["workspace", "suggestions", "keys that agree", "changed"], rows));
}

/** Types a text to its end, and never accepts. @param shownAt what is shown after so many characters; empty: nothing */
async function typedAlong(text: string, shownAt: (offset: number) => Promise<string>): Promise<Along> {
  let [suggestions, keys, changed] = [0, 0, 0];
  let shown = "";
  let isNew = true;
  for (let offset = 0; offset < text.length; offset++) {
    const agrees = shown !== "" && shown[0] === text[offset];
    const left = agrees ? shown.slice(1) : "";
    shown = await shownAt(offset + 1);
    if (left.length < 2) {
      isNew = true;
      continue;
    }
    if (isNew) suggestions++;
    isNew = false;
    keys++;
    if (!shown.startsWith(left)) {
      changed++;
      isNew = true;
    }
  }
  return { suggestions, keys, changed };
}
