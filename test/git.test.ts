import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { delimiter } from "node:path";
import { type GitError, git, isMissing } from "../src/git.ts";
import { Folder } from "./support/folder.ts";

describe("asking Git", () => {
  const path = process.env["PATH"];
  let folder: Folder;
  before(function () {
    if (process.platform === "win32") this.skip();
  });
  beforeEach(async () => {
    folder = await Folder.with();
  });
  afterEach(async () => {
    process.env["PATH"] = path;
    await folder[Symbol.asyncDispose]();
  });

  /** Makes a shell script the Git that is found. */
  async function pretend(script: string): Promise<void> {
    await chmod(await folder.write("git", `#!/bin/sh\n${script}\n`), 0o755);
    process.env["PATH"] = `${folder.path}${delimiter}${path}`;
  }

  const fails = async (limits: { largest: number; longest?: number }): Promise<GitError> =>
    await git(folder.path, ["version"], limits).then(
      () => assert.fail("Git must fail"),
      (error: GitError) => error,
    );

  it("has limits of memory, time and the length of the answer", async function () {
    if (process.platform !== "linux") this.skip();
    await pretend("ulimit -d");
    assert.equal(String(await git(folder.path, ["version"], { largest: 100 })), `${1 << 20}\n`);
    await pretend("exec sleep 20");
    assert.equal((await fails({ largest: 100, longest: 300 })).killed, true);
    await pretend("exec cat /dev/zero");
    const { code, stdout } = await fails({ largest: 100 });
    assert.deepEqual([code, stdout.length], ["ERR_CHILD_PROCESS_STDIO_MAXBUFFER", 100]);
  });

  it("does not say where it is asked from, and takes what it is told, even if Git does not read it", async () => {
    process.env["GIT_DIR"] = "/elsewhere";
    try {
      await pretend('echo "$GIT_DIR"; cat');
      assert.equal(String(await git(folder.path, ["version"], { largest: 100, input: "x" })), "\nx");
      await pretend("exit 0");
      assert.equal(String(await git(folder.path, ["version"], { largest: 100, input: "x".repeat(1 << 20) })), "");
    } finally {
      delete process.env["GIT_DIR"];
    }
  });

  it("says whether Git is missing", async () => {
    await pretend("exit 1");
    assert.equal(isMissing(await fails({ largest: 100 })), false);
    process.env["PATH"] = folder.join("nowhere");
    assert.equal(isMissing(await fails({ largest: 100 })), true);
  });
});
