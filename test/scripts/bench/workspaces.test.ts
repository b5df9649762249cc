import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import {
  installWorkspace,
  readWorkspace,
  readWorkspaceList,
  type WorkspaceEntry,
} from "../../../bench/completion/workspaces.ts";
import { hashLike } from "../../../scripts/corpus/fetch.ts";
import { readManifest } from "../../../scripts/corpus/manifest.ts";
import { Folder } from "../../support/folder.ts";

const source = "export const answer = 42;\n".repeat(20);

describe("the pinned workspaces", () => {
  it("are in seven languages, permissively licensed, and unknown to the default model", () => {
    const entries = readWorkspaceList();
    assert.equal(new Set(entries.map((entry) => entry.language)).size, 7);
    assert.ok(entries.every((entry) => !/GPL|MPL|-SA|-NC|-ND/.test(entry.licence)));
    const read = new Set(readManifest().map((entry) => entry.name));
    assert.deepEqual(
      entries.filter((entry) => read.has(entry.name)),
      [],
    );
  });
});

describe("a workspace", () => {
  /** A folder that holds an archive as if it had been fetched, and the entry that pins it. */
  async function archived(): Promise<{ folder: Folder; entry: WorkspaceEntry }> {
    const folder = await Folder.with({
      "made/project-1.0/src/a.ts": source,
      "made/project-1.0/src/copied/b.ts": source,
      "made/project-1.0/.config.json": "{}",
      "made/project-1.0/dist/a.js": source,
      "archives/README": "",
    });
    const archive = folder.join("archives", "debian-source-project-1.0");
    execFileSync("tar", ["-cf", archive, "project-1.0"], { cwd: folder.join("made") });
    const entry = {
      language: "typescript",
      registry: "debian-source",
      name: "project",
      version: "1.0",
      licence: "MIT",
      hash: hashLike("sha256-", await readFile(archive)),
      root: "project-1.0",
      include: ["src/**", "*.json"],
      exclude: ["src/copied/**"],
    } as const;
    return { folder, entry: { ...entry, include: [...entry.include], exclude: [...entry.exclude] } };
  }

  it("has the files of its archive that its entry includes", async () => {
    const { folder, entry } = await archived();
    await using _ = folder;
    const installed = await installWorkspace(entry, folder.path);
    const { given, heldOut } = await readWorkspace(entry, installed);
    assert.deepEqual([...new Set([...given, ...heldOut].map((file) => file.name))].sort(), [
      ".config.json",
      "src/a.ts",
    ]);
  });

  it("is extracted once, and again when its entry has changed", async () => {
    const { folder, entry } = await archived();
    await using _ = folder;
    const installed = await installWorkspace(entry, folder.path);
    const { ino } = await stat(installed);
    await installWorkspace(entry, folder.path);
    assert.equal((await stat(installed)).ino, ino);
    await installWorkspace({ ...entry, include: ["dist/**"] }, folder.path);
    await assert.rejects(stat(folder.join("workspaces/project/src")));
    await stat(folder.join("workspaces/project/dist/a.js"));
  });

  it("is refused if its entry includes no file", async () => {
    const { folder, entry } = await archived();
    await using _ = folder;
    await assert.rejects(installWorkspace({ ...entry, include: ["*.py"] }, folder.path), /No file of project/);
  });

  it("is split into given and held-out files, without files that Murmur never learns from", async () => {
    const texts = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`src/${i}.ts`, `${source}// ${i}\n`]));
    await using folder = await Folder.with({
      ...texts,
      "huge.ts": source.repeat(4000),
      "minified.js": "a();".repeat(2000),
      "package-lock.json": "{}\n",
    });
    const { given, heldOut } = await readWorkspace({ name: "project", language: "typescript" }, folder.path);
    const names = [...given, ...heldOut].map((file) => file.name);
    assert.deepEqual(names.sort(), Object.keys(texts).sort());
    assert.ok(heldOut.length >= 5 && heldOut.length <= 8, `${heldOut.length}`);
  });
});
