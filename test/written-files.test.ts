import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, readdir, readFile, symlink, utimes } from "node:fs/promises";
import { assertWritable, makeFolder, removeUnfinished, writeWhole } from "../src/output-file.ts";
import { assertFolderWritable } from "../src/output-folder.ts";
import { Folder } from "./support/folder.ts";

describe("a folder to write in", () => {
  it("is made with those above it, where they are missing", async () => {
    await using folder = await Folder.with();
    await Promise.all([makeFolder(folder.join("a/b/c")), makeFolder(folder.join("a/b/d"))]);
    await makeFolder(folder.join("a/b"));
    assert.deepEqual((await readdir(folder.path, { recursive: true })).sort(), ["a", "a/b", "a/b/c", "a/b/d"]);
  });

  it("is refused below a file, and where the system makes none", async () => {
    await using folder = await Folder.with({ "a.bin": "" });
    await assert.rejects(makeFolder(folder.join("a.bin/b")), { code: "EEXIST" });
    await assert.rejects(makeFolder(folder.join("a.bin")), { code: "EEXIST" });
    if (existsSync("/proc/self")) await assert.rejects(makeFolder("/proc/murmur/storage"), { code: "ENOENT" });
  });
});

describe("a folder that is written whole", () => {
  it("is refused where a disk is mounted: what is put in its place would be on another disk", async function () {
    if (!existsSync("/proc/self")) this.skip();
    await assert.rejects(assertFolderWritable("/proc"), /\/proc is where a disk is mounted.*Name a folder in it/);
  });
});

describe("a file that is written whole", () => {
  it("replaces what was there, and leaves nothing beside it", async () => {
    await using folder = await Folder.with({ "a.bin": "before" });
    await writeWhole(folder.join("a.bin"), "after");
    assert.equal(await readFile(folder.join("a.bin"), "utf8"), "after");
    assert.deepEqual(await readdir(folder.path), ["a.bin"]);
  });

  it("stays what it was if the writing is ended or fails", async () => {
    await using folder = await Folder.with({ "a.bin": "before" });
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error("no more");
    }
    await assert.rejects(writeWhole(folder.join("a.bin"), failing()), /a\.bin can't be written \(no more\)/);
    await assert.rejects(
      writeWhole(folder.join("a.bin"), "after", { signal: AbortSignal.abort(new Error("ended")) }),
      /ended/,
    );
    await assert.rejects(writeWhole(folder.join("x".repeat(250)), "after"), /can't be written/);
    assert.equal(await readFile(folder.join("a.bin"), "utf8"), "before");
    assert.deepEqual(await readdir(folder.path), ["a.bin"]);
  });

  it("is the one that a link leads to", async () => {
    await using folder = await Folder.with({ "deep/a.bin": "before" });
    await symlink(folder.join("deep/a.bin"), folder.join("link"));
    await assertWritable(folder.join("link"));
    await writeWhole(folder.join("link"), "after");
    assert.ok((await lstat(folder.join("link"))).isSymbolicLink());
    assert.equal(await readFile(folder.join("deep/a.bin"), "utf8"), "after");
  });

  it("of which a killed process has left the beginning is tidied up, when that is old; nothing else is", async () => {
    const [old, fresh] = [`a.bin.${randomUUID()}`, `a.bin.${randomUUID()}`];
    const others = ["a.bin", "a.bin.bak", "a.bin.checkpoint", `b.bin.${randomUUID()}`, fresh];
    await using folder = await Folder.with(Object.fromEntries([old, ...others].map((name) => [name, "x"])));
    await utimes(folder.join(old), 1, 1);
    await removeUnfinished(folder.join("a.bin"), 60_000);
    assert.deepEqual((await readdir(folder.path)).sort(), others.sort());
  });
});
