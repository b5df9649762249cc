import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { candidateFiles, chooseFiles, isCandidate, readTextFile } from "../../src/corpus/files.ts";
import { counter, type Skipped } from "../../src/corpus/skipped.ts";
import { Folder } from "../support/folder.ts";

interface Found {
  readonly names: string[];
  readonly skipped: Skipped;
}

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

async function walked(folder: string): Promise<Found> {
  const names: string[] = [];
  const skipped: Skipped = {};
  for await (const { name } of candidateFiles(folder, { exclude: [] }, counter(skipped))) names.push(name);
  return { names: names.sort(), skipped };
}

/** What is chosen of a folder by a process of another user, so that permissions count even where tests run as root. */
async function chosenByNobody(folder: Folder): Promise<Found> {
  await chmod(folder.path, 0o755);
  return await chosenIn([], folder.path, isRoot ? { uid: nobody, gid: nobody } : {});
}

/** What is chosen of a folder in a process that a command starts. */
async function chosenIn(
  command: readonly string[],
  folder: string,
  user: { uid?: number; gid?: number } = {},
): Promise<Found> {
  const script = `
    const { chooseFiles } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/corpus/files.ts"))});
    const { files, skipped } = await chooseFiles([${JSON.stringify(folder)}], { exclude: [] });
    console.log(JSON.stringify({ names: files.map(({ name }) => name), skipped }));`;
  const [program = "", ...args] = [...command, process.execPath, "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(program, args, { ...user, cwd: "/" });
  return JSON.parse(stdout) as Found;
}

describe("walking a folder", () => {
  before(function () {
    if (process.platform === "win32") this.skip();
  });

  it("skips and counts folders that can't be entered or listed, and reads the others", async () => {
    await using folder = await Folder.with({
      "a.ts": "text",
      "listed/b.ts": "text",
      "closed/c.ts": "text",
      "open/d.ts": "text",
    });
    await chmod(folder.join("listed"), isRoot ? 0o744 : 0o644);
    await chmod(folder.join("closed"), isRoot ? 0o700 : 0o000);
    const found = await chosenByNobody(folder);
    for (const name of ["listed", "closed"]) await chmod(folder.join(name), 0o755);
    assert.deepEqual(found, { names: ["a.ts", "open/d.ts"], skipped: { unreadable: 2 } });
  });

  it("reads nothing in a folder whose rules it can't read, because it can't know what they exclude", async () => {
    await using folder = await Folder.with({ "a.ts": "text", "b/.gitignore": "private.ts\n", "b/private.ts": "text" });
    await chmod(folder.join("b/.gitignore"), isRoot ? 0o600 : 0o000);
    assert.deepEqual(await chosenByNobody(folder), { names: ["a.ts"], skipped: { unreadable: 1 } });
  });

  it("reads nothing in a folder with too many rules to be written by hand", async () => {
    await using folder = await Folder.with({
      "a.ts": "text",
      "b/.gitignore": "x\n".repeat(20_000),
      "b/b.ts": "text",
      "c/.gitignore": `# ${"x".repeat(2 << 20)}`,
      "c/c.ts": "text",
      "d/.gitignore": "*a?b*c\n".repeat(6000),
      "d/d.ts": "text",
      "d/e/.gitignore": "*a?b*c\n".repeat(6000),
      "d/e/e.ts": "text",
    });
    const found = await walked(folder.path);
    assert.deepEqual(found.names, ["a.ts", "d/.gitignore", "d/d.ts"]);
    assert.deepEqual(found.skipped, { unreadable: 3 });
    assert.equal(await isCandidate(folder.path, folder.join("b/b.ts"), { exclude: [] }), false);
  });

  it("continues when folders vanish while it reads", async () => {
    const names = Array.from({ length: 20 }, (_, i) => `${String(i).padStart(2, "0")}/a.ts`);
    await using folder = await Folder.with(Object.fromEntries(names.map((name) => [name, "text"])));
    const found: string[] = [];
    const skipped: Skipped = {};
    for await (const { name } of candidateFiles(folder.path, { exclude: [] }, counter(skipped))) {
      found.push(name);
      if (found.length === 1)
        for (const other of names.slice(10)) await rm(folder.join(other.slice(0, 2)), { recursive: true });
    }
    assert.deepEqual(found.sort(), names.slice(0, 10));
    assert.deepEqual(skipped, { unreadable: 10 });
  });

  it("reports the folder to walk as unreadable if it is gone", async () => {
    assert.deepEqual(await walked("/no/such/folder"), { names: [], skipped: { unreadable: 1 } });
  });

  it("does not loop in a folder that is mounted inside itself", async function () {
    await using folder = await Folder.with({ "a.ts": "text", "deep/in/b.ts": "text" });
    // In a namespace of its own the mount is gone with the process.
    const shell = `mount --bind "$0" "$0/deep/in" && exec "$@"`;
    const command = ["unshare", "--mount", "--map-root-user", "sh", "-c", shell, folder.path];
    try {
      execFileSync("unshare", [...command.slice(1), "true"], { stdio: "ignore" });
    } catch {
      // Where the system lets nobody mount.
      this.skip();
    }
    assert.deepEqual(await chosenIn(command, folder.path), { names: ["a.ts"], skipped: { looping: 1 } });
  });

  it("opens only regular files, never a FIFO, a socket or a device, whatever its name", async () => {
    await using folder = await Folder.with({ "a.ts": "text", "b/b.ts": "text" });
    for (const name of ["pipe.ts", "b/.gitignore", ".git"]) execFileSync("mkfifo", [folder.join(name)]);
    assert.deepEqual(await walked(folder.path), { names: ["a.ts", "b/b.ts"], skipped: { "not a file": 2 } });
    assert.equal(await isCandidate(folder.path, folder.join("pipe.ts"), { exclude: [] }), false);
    for (const path of [folder.join("pipe.ts"), "/dev/zero", folder.path]) {
      const skipped: Skipped = {};
      assert.equal((await readTextFile(path, counter(skipped)))?.text, undefined);
      assert.deepEqual(skipped, { "not a file": 1 });
    }
    await assert.rejects(
      chooseFiles([folder.join("pipe.ts")], { exclude: [] }),
      /every file was left out \(1 not a file\)/,
    );
  });

  it("skips and counts links, names that are not UTF-8, and paths that are too long", async () => {
    await using folder = await Folder.with({ "a.ts": "text" });
    execFileSync("ln", ["-s", "a.ts", folder.join("link.ts")]);
    await writeFile(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xe9]), Buffer.from(".ts")]), "text");
    await mkdir(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xe9])]));
    // The system takes no longer path than 4096 bytes at once; a tree may be deeper.
    const deep = 'for (let i = 0; i < 25; i++) { fs.mkdirSync("d".repeat(200)); process.chdir("d".repeat(200)); }';
    execFileSync(process.execPath, ["--eval", deep], { cwd: folder.path });
    const found = await walked(folder.path);
    execFileSync("rm", ["-rf", folder.path]);
    assert.deepEqual(found, { names: ["a.ts"], skipped: { link: 1, unreadable: 3 } });
  });
});
