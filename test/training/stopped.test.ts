import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { loadCorpus } from "../../src/corpus/load-corpus.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/training/checkpoint.ts";
import type { TrainingEvent } from "../../src/training/events.ts";
import { nodeOnFullDisk } from "../cli/support.ts";
import { Folder } from "../support/folder.ts";
import { resultOf, run, small, text } from "../support/training.ts";

describe("a training run", function () {
  this.timeout(60_000);

  it("that diverges continues from its best weights at a lower learning rate, and keeps what it began with if that is no better", async () => {
    await using folder = await Folder.with();
    // So large that the loss of the third step is NaN; at a third of the rate it is not.
    const options = { ...small, steps: 3, weightDecay: 0.01, learningRate: 1e21, out: folder.join("m.onnx") };
    const events = await run(options);
    const recovered = events.find(({ kind }) => kind === "recovered");
    assert.ok(recovered?.kind === "recovered");
    assert.deepEqual([recovered.diverged, recovered.step], [2, 0]);
    assert.ok(Math.abs(recovered.learningRate / options.learningRate - 0.3) < 1e-9);
    const { heldOut, before } = resultOf(events);
    assert.deepEqual(heldOut, before);
  });

  it("that diverges twice before it has learned anything fails, says at which rate, and leaves the file that was there", async () => {
    await using folder = await Folder.with({ "m.onnx": "the last good model" });
    await assert.rejects(
      run({ ...small, steps: 20, learningRate: 1e25, out: folder.join("m.onnx") }),
      /diverged at step \d+ .* lower learning rate than 3e\+24/,
    );
    assert.equal(await readFile(folder.join("m.onnx"), "utf8"), "the last good model");
  });

  it("that diverges twice after it has learned writes its best, and says why it stopped", async () => {
    await using folder = await Folder.with({ "m.onnx": "an old model" });
    const options = { ...small, steps: 240, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step >= 120);
    // What a second divergence finds: a learning rate that was lowered before, and weights that make the loss NaN.
    const path = folder.join("m.onnx.checkpoint");
    const checkpoint = (await readCheckpoint(path))!;
    checkpoint.learner.weights[0]!.fill(Number.NaN);
    await writeCheckpoint(path, { ...checkpoint, learningRateScale: 0.3 });
    const events = await run({ ...options, resume: true });
    const stopped = events.find(({ kind }) => kind === "stopped");
    assert.ok(stopped?.kind === "stopped" && !stopped.canResume, JSON.stringify(events));
    assert.match(stopped.reason, /diverged at step \d+ .* lower learning rate than 0\.003/);
    const result = resultOf(events);
    assert.equal(result.stopped, stopped.reason);
    assert.ok(result.heldOut.bitsPerChar < result.before.bitsPerChar - 1, JSON.stringify(result));
    const { info, weights } = decodeModelFile(await readFile(options.out), options.out);
    assert.equal(info.training.steps, checkpoint.best.best.step);
    assert.deepEqual([...weights.values()], checkpoint.best.best.weights);
    assert.deepEqual((await readdir(folder.path)).sort(), ["m.onnx"]);
  });

  it("whose files vanish writes its best, says why it stops, and can be resumed when they are back", async () => {
    const files = { "src/a.js": text, "src/b.js": text.replaceAll("items", "orders") };
    await using folder = await Folder.with(files);
    const options = {
      ...small,
      paths: [folder.join("src")],
      epochs: 36,
      patience: Number.POSITIVE_INFINITY,
      secondsBetweenCheckpoints: 0.05,
      out: folder.join("m.onnx"),
    };
    const corpus = await loadCorpus(options);
    let gone = false;
    const events = await run(
      options,
      (event) => {
        if (event.kind === "evaluated" && event.step > 0 && !gone) {
          gone = true;
          rmSync(folder.join("src"), { recursive: true });
        }
        return false;
      },
      corpus,
    );
    const stopped = events.find(({ kind }) => kind === "stopped");
    assert.ok(stopped?.kind === "stopped" && stopped.canResume, JSON.stringify(events.at(-1)));
    assert.match(stopped.reason, /no text left to learn from/);
    const result = resultOf(events);
    assert.ok(result.heldOut.bitsPerChar < result.before.bitsPerChar - 1, JSON.stringify(result));
    decodeModelFile(await readFile(options.out), options.out);
    for (const [name, content] of Object.entries(files)) await folder.write(name, content);
    const [started] = await run({ ...options, resume: true }, ({ kind }) => kind === "started", corpus);
    assert.ok(started?.kind === "started" && started.step > 0, JSON.stringify(started));
  });

  it("whose checkpoint finds no room on the disk says so once, goes on, and writes its best; the one before stays", async () => {
    await using folder = await Folder.with();
    const options = { ...small, hidden: 64, steps: 60, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step >= 25);
    const before = await readFile(folder.join("m.onnx.checkpoint"));
    const modeOf = async (name: string): Promise<number> => (await stat(folder.join(name))).mode & 0o777;
    if (process.platform !== "win32") assert.equal(await modeOf("m.onnx.checkpoint"), 0o600);
    const source = (file: string): string => JSON.stringify(new URL(`../../src/${file}`, import.meta.url));
    const program = `
      import { splitCorpus } from ${source("corpus/corpus.ts")};
      import { textSource } from ${source("corpus/text-source.ts")};
      import { train } from ${source("training/trainer.ts")};
      const corpus = splitCorpus([textSource("a.js", ${JSON.stringify(text)})], 0.1);
      const options = { ...${JSON.stringify(options)}, resume: true };
      for await (const event of train(corpus, options, new AbortController().signal))
        if (event.kind === "unsaved") {
          console.log(JSON.stringify(event));
          // As if it were killed: whoever stops reading the events leaves the run as it is.
          if (process.argv.includes("stops")) break;
        } else if (!["evaluated", "progress"].includes(event.kind)) console.log(JSON.stringify(event));`;
    const kibibytes = Math.floor(before.length / 2048);
    const onFullDisk = (...args: string[]) =>
      nodeOnFullDisk(kibibytes, "--input-type=module", "--eval", program, ...args);
    assert.match((await onFullDisk("stops")).out, /"kind":"unsaved"/);
    assert.deepEqual(await readFile(folder.join("m.onnx.checkpoint")), before);
    const { code, out, err } = await onFullDisk();
    assert.equal(code, 0, err);
    const [started, unsaved, done, ...others] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TrainingEvent);
    assert.deepEqual(others, []);
    assert.ok(started?.kind === "started" && started.step >= 20, out);
    assert.ok(unsaved?.kind === "unsaved" && done?.kind === "done", out);
    assert.match(unsaved.reason, /m\.onnx\.checkpoint can't be written \((EFBIG|ENOSPC): .*\)\. Free some space/);
    assert.equal(done.result.steps, 60);
    assert.ok(done.result.heldOut.bitsPerChar < done.result.before.bitsPerChar, out);
    decodeModelFile(await readFile(options.out), options.out);
    await folder.write("usual.txt", "as other programs write it");
    assert.equal(await modeOf("m.onnx"), await modeOf("usual.txt"));
  });
});
