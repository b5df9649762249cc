import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { commitStamp, readCommitLog } from "../../../src/server/reading/commit-log.ts";
import { Folder } from "../../support/folder.ts";
import { Git } from "../../support/git.ts";

describe("a repository's commit log", () => {
  let git: Git;
  let folder: Folder;

  beforeEach(async () => {
    git = await Git.start();
    folder = await Folder.with({ "a.txt": "a\n" });
    run("init", "--quiet", "--initial-branch=main");
    run("config", "user.name", "Somebody");
    run("config", "user.email", "somebody@example.org");
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
  });

  const run = (...args: readonly string[]): string => git.run(folder.path, ...args);
  const commit = (subject: string): string => run("commit", "--quiet", "--allow-empty", "--message", subject);

  it("is the subjects of the last commits, the latest last, without merges and likely secrets, and the staged names", async () => {
    commit("Add a → b\n\nWith a body.");
    run("switch", "--quiet", "--create", "side");
    commit('Set password = "correct-horse-9x"');
    run("switch", "--quiet", "main");
    commit("Fix c");
    run("merge", "--quiet", "--no-ff", "--message", "Merge side", "side");
    await writeFile(folder.join("ä b.txt"), "b\n");
    run("add", "ä b.txt");
    assert.deepEqual(await readCommitLog(folder.path), { subjects: "Add a → b\nFix c\n", staged: ["ä b.txt"] });
  });

  it("has the staged names where there is no commit yet", async () => {
    run("add", "a.txt");
    assert.deepEqual(await readCommitLog(folder.path), { subjects: "", staged: ["a.txt"] });
  });

  it("does not exist where there is no repository", async () => {
    await using other = await Folder.with({ "a.txt": "a\n" });
    assert.equal(await readCommitLog(other.path), undefined);
    assert.equal(await commitStamp(other.path), undefined);
  });

  it("has another stamp after a commit, and after a change was staged, and otherwise the same", async () => {
    commit("One");
    const first = await commitStamp(folder.path);
    await readCommitLog(folder.path);
    assert.equal(await commitStamp(folder.path), first);
    commit("Two");
    const second = await commitStamp(folder.path);
    assert.notEqual(second, first);
    run("add", "a.txt");
    assert.notEqual(await commitStamp(folder.path), second);
  });

  it("is read without running anything that the repository's settings name", async function () {
    if (process.platform === "win32") this.skip();
    commit("One");
    run("add", "a.txt");
    const [script, marker] = [folder.join("run.sh"), folder.join("has-run")];
    await writeFile(script, `#!/bin/sh\necho ran >> '${marker}'\n`);
    await chmod(script, 0o755);
    await mkdir(folder.join("hooks"));
    for (const name of ["core.fsmonitor", "core.pager", "pager.log", "diff.external", "gpg.program", "core.sshCommand"])
      run("config", name, script);
    run("config", "log.showSignature", "true");
    run("config", "core.hooksPath", folder.join("hooks"));
    assert.deepEqual(await readCommitLog(folder.path), { subjects: "One\n", staged: ["a.txt"] });
    assert.equal(existsSync(marker), false);
    // The same settings run it where they are not switched off.
    run("status");
    assert.equal(existsSync(marker), true);
  });
});
