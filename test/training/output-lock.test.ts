import assert from "node:assert/strict";
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, rename, rm, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { lockOutput } from "../../src/training/output-lock.ts";
import { train } from "../../src/training/trainer.ts";
import { Folder } from "../support/folder.ts";
import type { FromRacer, ToRacer } from "./lock-racer.ts";

const racer = join(import.meta.dirname, "lock-racer.ts");
const busy = /Another run \(process \d+\) is writing to .*m\.onnx\. Wait until it ends/;

const claimsIn = async (folder: Folder): Promise<string[]> =>
  (await readdir(folder.path)).filter((name) => name.endsWith(".lock"));

/** Makes the claims in a folder those of another process or machine. */
async function replaceInClaims(folder: Folder, part: RegExp): Promise<void> {
  for (const name of await claimsIn(folder)) {
    assert.match(name, part);
    await rename(folder.join(name), folder.join(name.replace(part, "01234567")));
  }
}

/** A process that holds the lock of m.onnx in the folder. */
async function holderIn(folder: Folder, ...through: string[]): Promise<ChildProcess> {
  const [program, ...args] = [...through, process.execPath, racer, folder.join("m.onnx")];
  const holder = spawn(program!, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout!, "data");
  return holder;
}

describe("the lock of a run's output", function () {
  this.timeout(120_000);

  it("keeps others away until it is disposed of, and leaves nothing", async () => {
    await using folder = await Folder.with();
    const lock = await lockOutput(folder.join("m.onnx"));
    await assert.rejects(lockOutput(folder.join("m.onnx")), busy);
    await lock[Symbol.asyncDispose]();
    assert.deepEqual(await readdir(folder.path), []);
  });

  it("that is disposed of twice leaves that of the next owner", async () => {
    await using folder = await Folder.with();
    const lock = await lockOutput(folder.join("m.onnx"));
    await lock[Symbol.asyncDispose]();
    await using again = await lockOutput(folder.join("m.onnx"));
    await lock[Symbol.asyncDispose]();
    assert.equal((await claimsIn(folder)).length, 1);
    assert.ok(again);
  });

  it("whose claim somebody deleted leaves that of the next owner when it is disposed of", async () => {
    await using folder = await Folder.with();
    const lock = await lockOutput(folder.join("m.onnx"));
    for (const name of await claimsIn(folder)) await rm(folder.join(name));
    const holder = await holderIn(folder);
    try {
      await lock[Symbol.asyncDispose]();
      await assert.rejects(lockOutput(folder.join("m.onnx")), busy);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("is not kept by what a process has left that had this one's number", async () => {
    await using folder = await Folder.with();
    const lock = await lockOutput(folder.join("m.onnx"));
    const [left] = await claimsIn(folder);
    await cp(folder.join(left!), folder.join("left"));
    await lock[Symbol.asyncDispose]();
    await cp(folder.join("left"), folder.join(left!));
    await using again = await lockOutput(folder.join("m.onnx"));
    assert.ok(again && !(await claimsIn(folder)).includes(left!));
  });

  it("of a process that runs is kept, even if nobody has touched it while the machine slept", async () => {
    await using folder = await Folder.with();
    const holder = await holderIn(folder);
    try {
      await assert.rejects(lockOutput(folder.join("m.onnx")), busy);
      for (const name of await claimsIn(folder)) await utimes(folder.join(name), 1, 1);
      await assert.rejects(lockOutput(folder.join("m.onnx")), busy);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("is not kept by a process that has the number of one that is gone, however recent the claim", async function () {
    if (process.platform === "win32") this.skip();
    await using folder = await Folder.with();
    const holder = await holderIn(folder);
    try {
      await replaceInClaims(folder, /(?<=\.\d+-)[0-9a-f]{8}/);
      await using lock = await lockOutput(folder.join("m.onnx"));
      assert.ok(lock);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("of a process on another machine is kept, but not once nobody has touched it for long", async () => {
    await using folder = await Folder.with();
    const holder = await holderIn(folder);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await replaceInClaims(folder, /(?<=\.\d+-[0-9a-f]{8}-)[0-9a-f]{8}/);
    await assert.rejects(lockOutput(folder.join("m.onnx")), busy);
    for (const name of await claimsIn(folder)) await utimes(folder.join(name), 1, 1);
    await using lock = await lockOutput(folder.join("m.onnx"));
    assert.ok(lock);
  });

  it("is not kept by a zombie, which has ended and whose parent does not know", async function () {
    if (process.platform === "win32") this.skip();
    await using folder = await Folder.with();
    // The shell starts the holder, and becomes a program that never asks for its exit code.
    const parent = await holderIn(folder, "sh", "-c", `"$0" "$@" & exec sleep 60`);
    try {
      const pid = Number(/\.(\d+)-/.exec((await claimsIn(folder))[0]!)![1]);
      process.kill(pid, "SIGKILL");
      while (!(await stateOf(pid)).startsWith("Z")) await setTimeout(5);
      await using lock = await lockOutput(folder.join("m.onnx"));
      assert.equal((await claimsIn(folder)).length, 1);
      assert.ok(lock);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("is given to one of two that ask at the same time, by whichever path", async () => {
    await using folder = await Folder.with({ "deep/other": "" });
    await symlink(folder.join("deep"), folder.join("link"));
    const results = await Promise.allSettled(
      ["deep/m.onnx", "link/m.onnx"].map((path) => lockOutput(folder.join(path))),
    );
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    for (const result of results) if (result.status === "fulfilled") await result.value[Symbol.asyncDispose]();
  });

  it("is one for all links to a file", async () => {
    await using folder = await Folder.with({ "deep/m.onnx": "the last good model" });
    await symlink(folder.join("deep/m.onnx"), folder.join("link.onnx"));
    await using lock = await lockOutput(folder.join("deep/m.onnx"));
    assert.ok(lock);
    const corpus = splitCorpus([textSource("a.js", "let a = 1;\n".repeat(400))], 0.1);
    const options = { ...defaultTrainingOptions, hidden: 8, steps: 1, out: folder.join("link.onnx") };
    const run = train(corpus, options, new AbortController().signal);
    await assert.rejects(run.next(), /Another run .* is writing to .*m\.onnx/);
  });

  it("is held by a process in a container, whose id means nothing outside", async function () {
    // The container's process has an id of its own; outside, another process or none has that id.
    const container = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"];
    if (spawnSync(container[0]!, [...container.slice(1), "true"]).status !== 0) this.skip();
    await using folder = await Folder.with();
    const holder = await holderIn(folder, ...container);
    try {
      await assert.rejects(lockOutput(folder.join("m.onnx")), busy);
      assert.equal((await claimsIn(folder)).length, 1);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("has one owner in each of 200 races of four processes for what a killed one has left", async () => {
    await using folder = await Folder.with();
    const holder = await holderIn(folder);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const [left] = await claimsIn(folder);
    const racers = Array.from({ length: 4 }, () => fork(racer));
    try {
      const answers = (): Promise<FromRacer[]> =>
        Promise.all(racers.map(async (process) => ((await once(process, "message")) as [FromRacer])[0]));
      const tell = (message: ToRacer): Promise<FromRacer[]> => {
        const all = answers();
        for (const process of racers) process.send(message);
        return all;
      };
      await answers();
      // Several at a time, which takes less time and lets the processes meet at other moments.
      for (let race = 0; race < 200; race += 20) {
        const files = Array.from({ length: 20 }, (_, i) => folder.join(`${race + i}.onnx`));
        for (const file of files) await cp(folder.join(left!), `${file}${left!.slice("m.onnx".length)}`);
        const got = await tell({ lock: files });
        const owners = files.map((_, i) => got.filter((of) => of !== "done" && of[i]).length);
        assert.deepEqual(owners, Array(20).fill(1), `owners in the races from ${race} on`);
        await tell("release");
      }
      assert.deepEqual(await claimsIn(folder), [left]);
    } finally {
      for (const process of racers) process.kill("SIGKILL");
    }
  });
});

/** The letters by which the system names the state of a process. */
async function stateOf(pid: number): Promise<string> {
  const ps = spawn("ps", ["-o", "stat=", "-p", `${pid}`], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(ps.stdout, "data")) as [Buffer];
  return output.toString();
}
