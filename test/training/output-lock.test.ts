import assert from "node:assert/strict";
import { readFile, symlink, utimes } from "node:fs/promises";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { lockOutput } from "../../src/training/output-lock.ts";
import { train } from "../../src/training/trainer.ts";
import { Folder } from "../support/folder.ts";

describe("the lock of a run's output", () => {
  it("keeps a second one away until it is disposed of", async () => {
    await using folder = await Folder.with();
    const lock = await lockOutput(folder.join("m.onnx"));
    await assert.rejects(lockOutput(folder.join("m.onnx")), /Another run \(process \d+\) is writing to .*m\.onnx/);
    await lock[Symbol.asyncDispose]();
    await using again = await lockOutput(folder.join("m.onnx"));
    await lock[Symbol.asyncDispose]();
    assert.equal(await readFile(folder.join("m.onnx.lock"), "utf8"), String(process.pid));
    assert.ok(again);
  });

  it("is not kept by what a process has left that had this one's number", async () => {
    await using folder = await Folder.with({ "m.onnx.lock": String(process.pid) });
    await using lock = await lockOutput(folder.join("m.onnx"));
    assert.ok(lock);
  });

  it("is not kept by one that nobody has touched for long", async () => {
    await using folder = await Folder.with({ "m.onnx.lock": String(process.ppid) });
    await assert.rejects(lockOutput(folder.join("m.onnx")), /Another run/);
    await utimes(folder.join("m.onnx.lock"), 1, 1);
    await using lock = await lockOutput(folder.join("m.onnx"));
    assert.ok(lock);
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
});
