import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Random } from "../../src/random.ts";
import { startTraining } from "../../src/training/job.ts";
import { defaultTrainingOptions, type TrainingOptions } from "../../src/training/options.ts";
import { Folder } from "../support/folder.ts";

/** How often the run is killed: MURMUR_KILLS=100 takes two minutes. */
const kills = Number(process.env["MURMUR_KILLS"] ?? 6);
const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);

describe("a training run in a process of its own", function () {
  this.timeout(60_000 + kills * 10_000);

  const optionsIn = (folder: Folder, name: string): TrainingOptions => ({
    ...defaultTrainingOptions,
    paths: [folder.join("src")],
    minutes: undefined,
    steps: 40 * kills,
    hidden: 24,
    batch: 4,
    window: 16,
    threads: 1,
    dropout: 0.2,
    secondsBetweenCheckpoints: 0,
    resume: true,
    out: folder.join(name),
  });

  async function ended(options: TrainingOptions): Promise<void> {
    for await (const _ of startTraining(options).events);
  }

  async function isOpen(promise: Promise<unknown>): Promise<boolean> {
    return (await Promise.race([promise, Promise.resolve("open")])) === "open";
  }

  it("that is killed at any moment, again and again, ends in the weights of one that never was", async () => {
    await using folder = await Folder.with({ "src/a.js": text });
    const weightsOf = async (name: string): Promise<unknown> =>
      decodeModelFile(await readFile(folder.join(name)), name).weights;
    await ended(optionsIn(folder, "whole.onnx"));

    const random = new Random(1);
    let interrupted = 0;
    let resumed = 0;
    for (let i = 0; i < kills; i++) {
      const job = startTraining(optionsIn(folder, "m.onnx"));
      // Every second time it may be killed before it has begun. Otherwise it has started, and there is a checkpoint, however long that takes.
      const isEarly = i % 2 === 1;
      let hasStarted = false;
      const run = (async () => {
        for await (const event of job.events) {
          if (event.kind !== "started") continue;
          hasStarted = true;
          if (event.step > 0) resumed++;
        }
      })();
      const end = run.then(
        () => "done",
        () => "killed",
      );
      const isLate = (): boolean => hasStarted && existsSync(folder.join("m.onnx.checkpoint"));
      while (!isEarly && !isLate() && (await isOpen(end))) await setTimeout(5);
      void setTimeout((isEarly ? 900 : 300) * random.next()).then(job.cancel);
      if ((await end) === "killed") interrupted++;
    }
    assert.ok(interrupted >= kills / 2, `${interrupted} of ${kills}`);
    assert.ok(resumed >= kills / 4, `${resumed} of ${kills} went on`);
    await ended(optionsIn(folder, "m.onnx"));
    assert.deepEqual(await weightsOf("m.onnx"), await weightsOf("whole.onnx"));
    assert.deepEqual((await readdir(folder.path)).sort(), ["m.onnx", "src", "whole.onnx"]);
  });

  it("keeps another from writing to the same file, until it ends", async () => {
    await using folder = await Folder.with({ "src/a.js": text });
    const job = startTraining({ ...optionsIn(folder, "m.onnx"), steps: 1_000_000 });
    const events = job.events[Symbol.asyncIterator]();
    while ((await events.next()).value?.kind !== "started");
    await assert.rejects(
      ended(optionsIn(folder, "m.onnx")),
      /Another run \(process \d+\) is writing to .*m\.onnx\. Wait until it ends/,
    );
    job.cancel();
    await assert.rejects(async () => {
      while (!(await events.next()).done);
    }, /cancelled/);
    await ended({ ...optionsIn(folder, "m.onnx"), steps: 20, resume: false });
  });
});
