import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { isLearnable } from "../../../src/server/documents/learnable.ts";
import { Folder } from "../../support/folder.ts";

const rules = { ".gitignore": "private/\n*.out\n", "app/.gitignore": "/notes.md\n" };
const names = ["a.ts", "x.out", "app/b.ts", "app/notes.md", "app/deep/x.out", "private/c.ts", "app/.env"];
const learned = ["a.ts", "app/b.ts"];

async function repository(): Promise<Folder> {
  const folder = await Folder.with({ ...rules, ...Object.fromEntries(names.map((name) => [name, "text"])) });
  execFileSync("git", ["init", "-q", folder.path]);
  return folder;
}

describe("whether an open document may be learned", () => {
  it("is no for files that git ignores, even by rules above the open folder", async () => {
    await using folder = await repository();
    for (const opened of ["", "app"]) {
      const options = { folders: [folder.join(opened)], exclude: [], isKept: true };
      for (const name of names) {
        const expected = learned.includes(name) && name.startsWith(opened);
        assert.equal(
          await isLearnable(pathToFileURL(folder.join(name)).href, options),
          expected,
          `${name} in "${opened}"`,
        );
      }
    }
  });

  it("is no for files that git ignores if no folder is open, even through a link", async () => {
    await using folder = await repository();
    await using elsewhere = await Folder.with();
    await symlink(folder.path, elsewhere.join("link"));
    const options = { folders: [], exclude: [], isKept: false };
    for (const name of names) {
      for (const path of [folder.join(name), elsewhere.join("link", name)]) {
        assert.equal(await isLearnable(pathToFileURL(path).href, options), learned.includes(name), path);
      }
    }
    assert.equal(await isLearnable("untitled:Untitled-1", options), true);
    const cellOf = (name: string): string =>
      `${pathToFileURL(folder.join(name)).href.replace("file:", "vscode-notebook-cell:")}#W0sZmlsZQ`;
    assert.equal(await isLearnable(cellOf("a.ipynb"), options), true);
    assert.equal(await isLearnable(cellOf("private/a.ipynb"), options), false);
  });

  it("is no if no folder is open but the memory is saved", async () => {
    await using folder = await repository();
    const options = { folders: [], exclude: [], isKept: true };
    assert.equal(await isLearnable(pathToFileURL(folder.join("a.ts")).href, options), false);
  });
});
