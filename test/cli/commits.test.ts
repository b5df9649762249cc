import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readdir, readFile, rm, symlink } from "node:fs/promises";
import { commitTrees } from "../../src/cli/commits.ts";
import { Folder } from "../support/folder.ts";
import { Git } from "../support/git.ts";

const as = ["-c", "user.name=A", "-c", "user.email=a@example.org"];

/** The texts of a folder's files, by their paths. */
async function textsIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  const texts = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, "latin1")] as const);
  return Object.fromEntries((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("the trees of two commits", () => {
  let git: Git;
  let folder: Folder;

  beforeEach(async () => {
    git = await Git.start();
    folder = await Folder.with({
      "a.js": "a\n",
      "lib/b c.js": "b\n",
      "lib/ü.bin": new Uint8Array([0, 10, 255, 10, 0]),
    });
    run("init", "--quiet");
    commit("One");
    await folder.write("a.js", "A\n");
    await rm(folder.join("lib"), { recursive: true });
    commit("Two");
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
  });

  const run = (...args: readonly string[]): string => git.run(folder.path, ...args);
  const commit = (subject: string): void => {
    run("add", "--all");
    run(...as, "commit", "--quiet", "--message", subject);
  };

  it("are the files of a folder, byte for byte, and none where a commit lacks it", async () => {
    {
      await using trees = await commitTrees(folder.path, "HEAD~1..");
      assert.deepEqual(await textsIn(trees.before), {
        "a.js": "a\n",
        "lib/b c.js": "b\n",
        "lib/ü.bin": "\0\n\xff\n\0",
      });
      assert.deepEqual(await textsIn(trees.after), { "a.js": "A\n" });
    }
    await folder.write("lib/d.js", "d\n");
    await using trees = await commitTrees(folder.join("lib"), "HEAD~1..HEAD");
    assert.deepEqual(Object.keys(await textsIn(trees.before)), ["b c.js", "ü.bin"]);
    assert.deepEqual(await textsIn(trees.after), {});
  });

  it("have as many files as the commits do, even if their bytes are more than are read at once", async () => {
    const large = Object.fromEntries(["x", "y", "z"].map((name) => [name, name.repeat(15 << 20)]));
    for (const [name, text] of Object.entries({ ...large, "too large": "a".repeat(17 << 20) }))
      await folder.write(name, text);
    commit("Three");
    await using trees = await commitTrees(folder.path, "HEAD~1..HEAD");
    assert.deepEqual(await textsIn(trees.after), { "a.js": "A\n", ...large });
  });

  it("are read without running anything that the repository's settings name", async function () {
    if (process.platform === "win32") this.skip();
    const marker = folder.join(".git/has-run");
    const script = await folder.write(".git/run.sh", `#!/bin/sh\necho ran >> '${marker}'\n`);
    await chmod(script, 0o755);
    await folder.write(".gitattributes", "*.js filter=evil\n");
    commit("Three");
    for (const name of ["filter.evil.smudge", "filter.evil.clean", "core.fsmonitor", "core.sshCommand"]) {
      run("config", name, script);
    }
    run("config", "filter.evil.required", "true");
    await folder.write(".git/hooks/post-index-change", `#!/bin/sh\n'${script}'\n`);
    await chmod(folder.join(".git/hooks/post-index-change"), 0o755);
    {
      await using trees = await commitTrees(folder.path, "HEAD~1..HEAD");
      assert.equal((await textsIn(trees.after))["a.js"], "A\n");
    }
    assert.equal(existsSync(marker), false);
    // The same settings run it where files are checked out.
    run("-c", "core.fsmonitor=false", "checkout-index", "--all", "--force", `--prefix=${folder.join("out")}/`);
    assert.equal(existsSync(marker), true);
  });

  it("are not fetched where a partial clone lacks them", async function () {
    if (process.platform === "win32") this.skip();
    await using clones = await Folder.with();
    const marker = clones.join("has-run");
    const script = await clones.write("upload.sh", `#!/bin/sh\necho ran >> '${marker}'\nexec git-upload-pack "$@"\n`);
    await chmod(script, 0o755);
    run("config", "uploadpack.allowFilter", "true");
    const clone = clones.join("clone");
    git.run(clones.path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", `file://${folder.path}`, clone);
    git.run(clone, "config", "remote.origin.uploadpack", script);
    await assert.rejects(commitTrees(clone, "HEAD~1..HEAD"), {
      code: "not-found",
      message: /commits of .*clone can't be read/,
    });
    assert.equal(existsSync(marker), false);
  });

  it("have no links, and no files outside of their folders", async function () {
    if (process.platform === "win32") this.skip();
    await symlink("/etc/passwd", folder.join("link"));
    commit("Three");
    const id = run("rev-parse", "HEAD:a.js").trim();
    const tree = (entries: string): string =>
      execFileSync("git", ["-C", folder.path, "mktree"], { input: entries, encoding: "utf8" }).trim();
    const inner = tree(`100644 blob ${id}\tout.js\n`);
    const hostile = tree(`100644 blob ${id}\ta.js\n040000 tree ${inner}\t..\n`);
    const commits = ["HEAD^{tree}", hostile].map((one) => run(...as, "commit-tree", "-m", "Four", one).trim());
    await using trees = await commitTrees(folder.path, commits.join(".."));
    assert.deepEqual(await textsIn(trees.before), { "a.js": "A\n" });
    assert.deepEqual(await textsIn(trees.after), { "a.js": "A\n" });
    assert.equal(existsSync(`${trees.after}/../out.js`), false);
  });
});
