import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
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

  it("is read without fetching what is missing, even where the repository's settings allow it and name a program for it", async () => {
    run("add", "a.txt");
    commit("One");
    run("config", "uploadpack.allowFilter", "true");
    await using partial = await Folder.with();
    const source = pathToFileURL(folder.path).href;
    git.run(partial.path, "clone", "--quiet", "--filter=tree:0", "--no-checkout", source, ".");
    const marker = partial.join("has-run");
    git.run(partial.path, "config", "remote.origin.url", `ext::sh -c touch% ${marker}`);
    git.run(partial.path, "config", "protocol.ext.allow", "always");
    assert.equal(await readCommitLog(partial.path), undefined);
    assert.equal(existsSync(marker), false);
    // Git by itself runs it, also where all protocols are switched off that the settings do not name.
    assert.throws(() => git.run(partial.path, "-c", "protocol.allow=never", "diff", "--cached"));
    assert.equal(existsSync(marker), true);
  });

  it("is read whatever files without an end the repository's settings name", async function () {
    if (!existsSync("/dev/zero")) this.skip();
    commit("One");
    run("add", "a.txt");
    for (const name of ["diff.orderFile", "mailmap.file", "core.attributesFile", "core.excludesFile"]) {
      run("config", name, "/dev/zero");
    }
    assert.deepEqual(await readCommitLog(folder.path), { subjects: "One\n", staged: ["a.txt"] });
  });

  it("is its latest part where subjects and staged names are more than is read", async () => {
    execFileSync("git", ["-C", folder.path, "commit", "--quiet", "--allow-empty", "--file=-"], {
      input: "x".repeat(5 << 20),
    });
    commit("Two");
    const id = run("hash-object", "-w", "a.txt").trim();
    const names = Array.from({ length: 30_000 }, (_, i) => `${String(i).padStart(5, "0")}${"-".repeat(200)}`);
    execFileSync("git", ["-C", folder.path, "update-index", "--index-info"], {
      input: names.map((name) => `100644 ${id}\t${name}\n`).join(""),
    });
    const log = await readCommitLog(folder.path);
    assert.deepEqual(log?.staged, names.slice(0, 200));
    assert.match(log.subjects, /^x{200}\nTwo\n$/);
  });
});
