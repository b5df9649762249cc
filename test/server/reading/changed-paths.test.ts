import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { pathsToFollow } from "../../../src/server/reading/changed-paths.ts";
import { Folder } from "../../support/folder.ts";

describe("changed paths", () => {
  /** The names, in a folder, of the paths that are followed: "+" before those that may be read, "-" before those to forget. */
  async function followed(folder: Folder, changed: readonly string[], known: readonly string[] = [], only?: string[]) {
    const files = { folders: [folder.path], exclude: ["left-out"], only };
    const [paths, names] = [changed, known].map((some) => some.map((name) => folder.join(name))) as [
      string[],
      string[],
    ];
    return (await pathsToFollow(paths, files, names))?.map(
      ({ path, mayBeRead }) => (mayBeRead ? "+" : "-") + path.slice(folder.path.length + 1),
    );
  }
  const files = {
    ".gitignore": "out/\n*.log\n",
    "src/a.js": "a",
    "src/.gitignore": ".*\n",
    "out/b.js": "b",
    "out/deep/c.js": "c",
  };
  const many = (folder: string): string[] => Array.from({ length: 201 }, (_, i) => `${folder}/${i}.js`);

  it("are followed if they may be read, whether they still exist or not", async () => {
    await using folder = await Folder.with(files);
    assert.deepEqual(await followed(folder, ["src/a.js", "src/gone.js"]), ["+src/a.js", "+src/gone.js"]);
  });

  it("are not followed in what is left out, however many they are", async () => {
    await using folder = await Folder.with(files);
    const leftOut = [
      "out/b.js",
      "out/deep",
      "out/deep/.gitignore",
      "out/new/d.js",
      "x.log",
      "node_modules/x",
      "x.min.js",
    ];
    const others = ["left-out/a.js", "left-out", ".git/index", "src/.env", "../elsewhere.js"];
    assert.deepEqual(await followed(folder, [...leftOut, ...others, ...many("out")]), []);
    assert.deepEqual(await followed(folder, ["src/a.js", "src/a.py"], [], ["**/*.py"]), ["+src/a.py"]);
  });

  it("that are known are followed even if they are left out now, or are folders that are gone or links", async () => {
    await using folder = await Folder.with(files);
    await symlink(folder.join("src"), folder.join("link"));
    assert.deepEqual(await followed(folder, ["x.log", "link"], ["x.log", "link/a.js"]), ["-x.log", "-link"]);
    assert.deepEqual(await followed(folder, ["gone"], ["gone/deep/a.js"]), ["+gone"]);
  });

  it("demand a look at all files if they are many, or if one is a folder or a file of rules that apply", async () => {
    await using folder = await Folder.with(files);
    await mkdir(folder.join("src/new"));
    for (const changed of [many("src"), ["src/new"], [".gitignore"], ["src/.gitignore"]]) {
      assert.equal(await followed(folder, changed), undefined, changed[0]);
    }
    assert.equal((await followed(folder, many("src").slice(1)))?.length, 200);
  });

  it("without a folder are followed if they are known", async () => {
    const none = { folders: [], exclude: [] };
    assert.deepEqual(await pathsToFollow(["/a/b.js", "/a/c.js", "/a"], none, ["/a/b.js"]), [
      { path: "/a/b.js", mayBeRead: true },
    ]);
  });
});
