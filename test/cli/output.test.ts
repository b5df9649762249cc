import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { link, lstat, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { promisify } from "node:util";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { writeWhole } from "../../src/output-file.ts";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";
import { main, murmur } from "./support.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);
const node = process.execPath;
/** A run of no time. */
const untrained = ["--steps", "0", "--hidden", "8", "--batch", "4", "--window", "16", "--threads", "1"];

describe("a file that murmur writes", function () {
  this.timeout(60_000);
  let folder: Folder;
  let model: string;
  before(async () => {
    folder = await Folder.with({
      "a.js": text,
      "b.js": text,
      "notes.md": "mine",
      "yarn.lock": "# mine",
      "c.checkpoint": "mine",
    });
    model = await folder.write("tiny.onnx", tinyModelFile().bytes);
  });
  after(() => folder[Symbol.asyncDispose]());

  /** Runs a command, which must be refused with this message, and leave each file as it is and nothing beside it. */
  async function isRefused(expected: number, message: RegExp, ...args: string[]): Promise<void> {
    const before = await contents();
    const { code, err } = await murmur(...args);
    assert.equal(code, expected, err);
    assert.match(err, message);
    assert.deepEqual(await contents(), before);
  }

  async function contents(): Promise<unknown> {
    return await Promise.all(
      (await readdir(folder.path)).sort().map(async (name) => {
        const found = await lstat(folder.join(name));
        return [name, found.ino, found.mode, found.isFile() ? await readFile(folder.join(name), "latin1") : ""];
      }),
    );
  }

  it("is never made of the name of a folder", async () => {
    const js = folder.join("a.js");
    await isRefused(2, /--out is ".*new\/", which names a folder/, "train", js, "--out", `${folder.join("new")}/`);
    await isRefused(2, /--report is ".*", which names a folder/, "evaluate", js, "--report", `${folder.join("new")}/`);
  });

  it("never replaces a file that train reads, whatever its name, or a model in use", async () => {
    await link(folder.join("a.js"), folder.join("hard"));
    await symlink("a.js", folder.join("soft"));
    const train = (out: string, ...others: string[]): string[] => [
      ...["train", folder.join("a.js"), ...others, "--steps", "0", "--out", folder.join(out)],
    ];
    for (const out of ["a.js", "hard", "soft"])
      await isRefused(2, /--out would replace .*, but that is read for training\. Choose another/, ...train(out));
    await isRefused(2, /that is the held-out text/, ...train("b.js", "--held-out", folder.join("b.js")));
    await isRefused(2, /that is the model to start from/, ...train("tiny.onnx", "--init", model));
    // A further name of the file: if this test failed, the file would stay.
    const shipped = findDefaultModel()!;
    await link(shipped, folder.join("default.onnx")).catch(() => symlink(shipped, folder.join("default.onnx")));
    await isRefused(2, /that is the model to start from/, ...train("default.onnx"));
    await isRefused(2, /that is the model that comes with Murmur/, ...train("default.onnx", "--hidden", "8"));
    const report = ["evaluate", folder.join("a.js"), "--limit", "1", "--report", folder.join("default.onnx")];
    await isRefused(2, /that is the model/, ...report);
    // What a run keeps beside the model replaces nothing either.
    await isRefused(2, /c\.checkpoint, but that is read/, ...train("c", folder.join("c.checkpoint")));
  });

  it("never replaces a file that is not Murmur's own, even at the path of the checkpoint", async () => {
    const notOwn = (kind: string): RegExp => new RegExp(`already exists and is not a Murmur ${kind}`);
    const train = ["train", folder.join("a.js"), ...untrained];
    await isRefused(1, notOwn("model"), ...train, "--out", folder.join("notes.md"));
    await isRefused(1, notOwn("checkpoint"), ...train, "--out", folder.join("c"));
    await isRefused(1, notOwn("report"), "evaluate", folder.join("a.js"), "--report", folder.join("notes.md"));
  });

  it("has a lock whose name no other file has", async () => {
    const { code, err } = await murmur("train", folder.join("a.js"), ...untrained, "--out", folder.join("yarn"));
    assert.equal(code, 0, err);
    assert.equal(await readFile(folder.join("yarn.lock"), "utf8"), "# mine");
  });

  it("never replaces files that evaluate and simulate read; a report replaces only an earlier report", async () => {
    const fine = ["--model", model, "--limit", "100"];
    const measure = [folder.join("a.js"), "--given", folder.join("b.js"), ...fine, "--report"];
    await isRefused(2, /would replace .*that is read for measuring/, "evaluate", ...measure, folder.join("a.js"));
    await isRefused(2, /that is read for measuring/, "simulate", ...measure, folder.join("b.js"));
    await isRefused(2, /that is the model/, "evaluate", ...measure, model);
    for (let i = 0; i < 2; i++) {
      const { code, err } = await murmur("evaluate", folder.join("a.js"), ...fine, "--report", folder.join("r.html"));
      assert.equal(code, 0, err);
    }
  });

  it("replaces only regular files, never a pipe, a device or a dangling link", async () => {
    await promisify(execFile)("mkfifo", [folder.join("pipe")]);
    await symlink("nowhere", folder.join("dangling"));
    const train = ["train", folder.join("a.js"), ...untrained, "--out"];
    const evaluate = ["evaluate", folder.join("a.js"), "--model", model, "--report"];
    for (const command of [train, evaluate]) {
      await isRefused(1, /pipe is a device, a pipe or a socket\. Name a regular file/, ...command, folder.join("pipe"));
      await isRefused(1, /dangling is a link to a file that does not exist/, ...command, folder.join("dangling"));
    }
    await assert.rejects(writeWhole(folder.join("pipe"), "x"), /pipe is a device, a pipe or a socket/);
    assert.ok((await lstat(folder.join("pipe"))).isFIFO());
  });

  it("never replaces the file that a standard stream is redirected to", async function () {
    if (!(await lstat("/proc/self/fd").catch(() => undefined))) this.skip();
    await folder.write("redirected", "");
    await symlink("/dev/stdout", folder.join("to-stdout"));
    const script = 'exec "$0" "$@" >> redirected 2> messages';
    const train = ["train", folder.join("a.js"), ...untrained, "--out"];
    const evaluate = ["evaluate", folder.join("a.js"), "--model", model, "--limit", "1", "--report"];
    for (const path of ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", folder.join("to-stdout")]) {
      for (const command of [train, evaluate]) {
        const before = await lstat(folder.join("redirected"));
        await promisify(execFile)("sh", ["-c", script, node, main, ...command, path], { cwd: folder.path }).then(
          () => assert.fail(`${command[0]} writes to ${path}`),
          ({ code }: { code: number }) => assert.equal(code, 1),
        );
        const messages = await readFile(folder.join("messages"), "utf8");
        assert.match(
          messages,
          new RegExp(`^murmur: ${path} is a device or an open file of a process\\. Name a regular`),
        );
        const after = await lstat(folder.join("redirected"));
        assert.deepEqual([after.ino, after.size], [before.ino, 0]);
      }
    }
  });

  it("resumes nothing without a checkpoint, and the run says that it starts from the beginning", async () => {
    const args = ["train", folder.join("a.js"), ...untrained, "--out", folder.join("m.onnx")];
    const { code, err } = await murmur(...args, "--resume");
    assert.equal(code, 0, err);
    assert.match(
      err,
      /^There is no checkpoint of an earlier run to .*m\.onnx, so this run starts from the beginning\.$/m,
    );
    assert.doesNotMatch((await murmur(...args)).err, /checkpoint/);
  });

  /** How a process ends whose output is read as far as its first piece. */
  async function endsWithoutReader(command: ChildProcess, stream: "stdout" | "stderr"): Promise<number | null> {
    command[stream]!.once("data", () => command[stream]!.destroy());
    return await new Promise((resolve) => command.once("close", resolve));
  }

  it("ends quietly when its reader exits", async () => {
    const generate = ["generate", "--model", model, "--length", "100000000"];
    const command = spawn(node, [main, ...generate], { stdio: ["ignore", "pipe", "pipe"] });
    const err = textOf(command.stderr);
    assert.equal(await endsWithoutReader(command, "stdout"), 0);
    assert.equal(await err, "");
  });

  it("ends quietly as a language server when the client exits", async () => {
    const initialize = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { capabilities: {} } });
    const server = join(import.meta.dirname, "../../src/server/main.ts");
    for (const args of [
      [main, "lsp"],
      [server, "--stdio"],
    ]) {
      const command = spawn(node, args, { stdio: ["pipe", "pipe", "pipe"] });
      const err = textOf(command.stderr);
      const ended = endsWithoutReader(command, "stdout");
      for (const message of [initialize, '{"jsonrpc":"2.0","method":"initialized","params":{}}'])
        command.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
      assert.equal(await ended, 0);
      assert.equal(await err, "");
    }
  });

  it("is kept as the best model of a run even if the reader of the run's messages exits", async () => {
    const out = folder.join("kept.onnx");
    const train = ["train", folder.join("a.js"), ...untrained.slice(2), "--minutes", "1000", "--out", out];
    const command = spawn(node, [main, ...train], { stdio: ["ignore", "ignore", "pipe"] });
    assert.equal(await endsWithoutReader(command, "stderr"), 0);
    assert.ok((await readFile(out)).length > 0);
  });

  it("reports a full disk", async function () {
    if (!(await lstat("/dev/full").catch(() => undefined))) this.skip();
    const script = '"$0" "$@" > /dev/full';
    const args = [node, main, "generate", "--model", model, "--length", "10"];
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile("sh", ["-c", script, ...args], (error, _, stderr) => resolve({ code: error?.code, stderr }));
    });
    assert.equal(code, 1);
    assert.match(stderr, /^murmur: the output can't be written \(ENOSPC/);
  });
});
