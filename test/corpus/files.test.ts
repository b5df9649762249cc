import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { basename } from "node:path";
import { candidateFiles, candidateFilesIn, chooseFiles, isCandidate, isWritten } from "../../src/corpus/files.ts";
import { Folder } from "../support/folder.ts";

const source = "const answer = 42;\n".repeat(20);

async function chosen(files: Record<string, string | Uint8Array>, exclude: string[] = []): Promise<string[]> {
  await using folder = await Folder.with(files);
  return (await chooseFiles([folder.path], { exclude })).files.map((file) => file.name);
}

describe("choosing the files to learn from", () => {
  it("takes text files of all kinds, in the order of their names", async () => {
    assert.deepEqual(await chosen({ "b.py": source, "a/c.ts": source, "README.md": source, Makefile: source }), [
      "Makefile",
      "README.md",
      "a/c.ts",
      "b.py",
    ]);
  });

  it("obeys .gitignore files, including those of subfolders and their exceptions", async () => {
    const files = {
      ".gitignore": "out/\n*.tmp\n!keep.tmp\n",
      "a.ts": source,
      "x.tmp": source,
      "keep.tmp": source,
      "out/b.ts": source,
      "lib/.gitignore": "local.ts\n!special.tmp\n",
      "lib/local.ts": source,
      "lib/special.tmp": source,
    };
    assert.deepEqual(await chosen(files, ["**/.gitignore"]), ["a.ts", "keep.tmp", "lib/special.tmp"]);
  });

  it("obeys the globs that the settings exclude", async () => {
    const files = { "a.ts": source, "a.csv": source, "gen/b.ts": source, "deep/gen/c.ts": source };
    assert.deepEqual(await chosen(files, ["**/*.csv", "**/gen"]), ["a.ts"]);
  });

  it("leaves out binaries, large files, minified code, lock files, dependencies and likely secrets", async () => {
    const files = {
      "a.ts": source,
      "image.png": Uint8Array.from({ length: 2000 }, (_, i) => (i * 31) % 256),
      "large.txt": "a line of text\n".repeat(80_000),
      "lib.js": "var a=1;".repeat(10_000),
      "lib.min.js": source,
      "package-lock.json": source,
      "node_modules/x/index.js": source,
      ".git/config": source,
      ".env": source,
      "server.pem": source,
      id_rsa: source,
      "empty.txt": "",
    };
    assert.deepEqual(await chosen(files), ["a.ts"]);
  });

  it("takes a text file that a path names, whatever its size", async () => {
    await using folder = await Folder.with({ "large.txt": "a line of text\n".repeat(80_000) });
    const { files } = await chooseFiles([folder.join("large.txt")], { exclude: [] });
    assert.deepEqual(files, [{ path: folder.join("large.txt"), name: "large.txt", limit: 80_000 * 15 }]);
  });

  it("takes a file once, even if several paths lead to it", async () => {
    await using folder = await Folder.with({ "a.ts": source, "sub/b.ts": source });
    await using elsewhere = await Folder.with();
    await symlink(folder.path, elsewhere.join("link"));
    const paths = [
      folder.path,
      folder.join("sub"),
      folder.join("sub/b.ts"),
      elsewhere.join("link"),
      elsewhere.join("link/a.ts"),
    ];
    for (const some of [paths, [...paths].reverse()]) {
      const { files, skipped } = await chooseFiles(some, { exclude: [] });
      assert.deepEqual(files.map(({ path }) => basename(path)).sort(), ["a.ts", "b.ts"]);
      assert.deepEqual(skipped, {});
    }
  });

  it("follows no links to folders, so none leads out of the folder or into a cycle", async () => {
    await using outside = await Folder.with({ "c.ts": source });
    await using folder = await Folder.with({ "a/b.ts": source });
    await symlink(folder.path, folder.join("a/loop"));
    await symlink(outside.path, folder.join("out"));
    const { files } = await chooseFiles([folder.path], { exclude: [] });
    assert.deepEqual(
      files.map(({ name }) => name),
      ["a/b.ts"],
    );
  });

  it("yields each file once if one folder lies in another or is a link to it", async () => {
    await using folder = await Folder.with({
      "a.ts": source,
      "sub/b.ts": source,
      "sub/.gitignore": "c.ts",
      "sub/c.ts": source,
    });
    await using elsewhere = await Folder.with();
    await symlink(folder.path, elsewhere.join("link"));
    const folders = [folder.join("sub"), folder.path, elsewhere.join("link"), folder.join("gone")];
    const paths: string[] = [];
    for await (const { path } of candidateFilesIn(folders, { exclude: ["**/.gitignore"] })) paths.push(path);
    assert.deepEqual(paths, [folder.join("sub/b.ts"), folder.join("a.ts")]);
  });

  it("takes only the requested files, in folders of any name, and counts the others", async () => {
    const names = ["a.py", "deep/b.PY", "deep/c.js", "deep/sub.py/d.txt"];
    await using folder = await Folder.with(Object.fromEntries(names.map((name) => [name, source])));
    const only = ["**/*.[pP][yY]"];
    const { files, skipped } = await chooseFiles([folder.path], { exclude: [], only });
    assert.deepEqual(
      files.map(({ name }) => name),
      ["a.py", "deep/b.PY"],
    );
    assert.deepEqual(skipped, { excluded: 2 });
  });

  it("takes the same single files as from their folder", async () => {
    const names = [
      "a.ts",
      "out/b.ts",
      "lib/c.ts",
      "lib/local.ts",
      "lib/deep/d.ts",
      "gen/e.ts",
      "node_modules/f.ts",
      ".env",
      "x.min.js",
      "left-out.ts",
    ];
    const rules = { ".gitignore": "out/\nlocal.ts\n", "lib/.gitignore": "deep\n!local.ts\n" };
    await using outside = await Folder.with({ "private.ts": source });
    await using folder = await Folder.with({ ...rules, ...Object.fromEntries(names.map((name) => [name, source])) });
    await symlink(outside.path, folder.join("link"));
    await symlink(outside.join("private.ts"), folder.join("linked.ts"));
    const options = { exclude: ["gen", "left-out.ts"] };
    const taken: string[] = [];
    for await (const { name } of candidateFiles(folder.path, options)) taken.push(name);
    assert.deepEqual(taken.sort(), [".gitignore", "a.ts", "lib/.gitignore", "lib/c.ts", "lib/local.ts"]);
    for (const name of [...names, "link/private.ts", "linked.ts", "../elsewhere.ts"]) {
      assert.equal(await isCandidate(folder.path, folder.join(name), options), taken.includes(name), name);
    }
  });

  it("takes a document's text if it was written by hand", () => {
    assert.equal(isWritten(source), true);
    assert.equal(isWritten(""), true);
    assert.equal(isWritten("x".repeat(5000)), false);
    assert.equal(isWritten(source.repeat(10_000)), false);
  });

  it("names a path that does not exist", async () => {
    await assert.rejects(
      chooseFiles(["/no/such/folder"], { exclude: [] }),
      /no file or folder \/no\/such\/folder\. Check the path/,
    );
  });

  it("says why nothing is left", async () => {
    await assert.rejects(chosen({}), /no text to learn from in .*: there is no file/);
    await assert.rejects(
      chosen({ "a.bin": new Uint8Array(500), ".env": source }),
      /every file was left out \(1 secret, 1 binary\)|\(1 binary, 1 secret\)/,
    );
  });
});
