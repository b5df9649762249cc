import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/training/checkpoint.ts";
import type { TrainingEvent } from "../../src/training/events.ts";
import { Folder } from "../support/folder.ts";
import { resultOf, run, small } from "../support/training.ts";

describe("a training run", function () {
  this.timeout(60_000);

  it("stops as early if it was killed in between", async () => {
    await using folder = await Folder.with();
    const options = {
      ...small,
      steps: 120,
      learningRate: 0,
      patience: 3,
      secondsBetweenCheckpoints: 0,
      resume: true,
      out: folder.join("m.onnx"),
    };
    await run(options, (event) => event.kind === "evaluated" && event.step === 20);
    const settled = (await run(options)).find(({ kind }) => kind === "settled");
    assert.ok(settled?.kind === "settled" && settled.step === 40, JSON.stringify(settled));
  });

  it("that is resumed with another length evaluates twelve times over all of that length", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 60, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step === 55);
    const events = await run({ ...options, resume: true, steps: 240 });
    const steps = events.flatMap((event) => (event.kind === "evaluated" ? [event.step] : []));
    assert.deepEqual(steps.slice(1), [60, 80, 100, 120, 140, 160, 180, 200, 220, 240]);
  });

  it("that is killed takes the same steps from its checkpoint on, bit for bit", async () => {
    await using folder = await Folder.with();
    const weightsOf = async (name: string): Promise<unknown> =>
      decodeModelFile(await readFile(folder.join(name)), name).weights;
    const options = { ...small, dropout: 0.2, steps: 60, secondsBetweenCheckpoints: 0 };
    await run({ ...options, out: folder.join("whole.onnx") });
    await run({ ...options, out: folder.join("m.onnx") }, (event) => event.kind === "evaluated" && event.step >= 25);
    const resumed = await run({ ...options, resume: true, out: folder.join("m.onnx") });
    const [started] = resumed;
    assert.ok(started?.kind === "started" && started.step >= 20 && started.step < 60, JSON.stringify(started));
    assert.deepEqual(await weightsOf("m.onnx"), await weightsOf("whole.onnx"));
  });

  it("that is killed after its last step evaluates that step, as one that was never killed does", async () => {
    await using folder = await Folder.with();
    const weightsOf = async (name: string): Promise<unknown> =>
      decodeModelFile(await readFile(folder.join(name)), name).weights;
    const options = { ...small, steps: 60, secondsBetweenCheckpoints: 0 };
    await run({ ...options, out: folder.join("whole.onnx") });
    await run({ ...options, out: folder.join("m.onnx") }, (event) => event.kind === "evaluated" && event.step === 60);
    await run({ ...options, resume: true, out: folder.join("m.onnx") });
    assert.deepEqual(await weightsOf("m.onnx"), await weightsOf("whole.onnx"));
  });

  it("that is killed after a recovery takes the same steps as one that was never killed", async () => {
    await using folder = await Folder.with();
    const weightsOf = async (name: string): Promise<unknown> =>
      decodeModelFile(await readFile(folder.join(name)), name).weights;
    const options = { ...small, steps: 3, learningRate: 1e21, weightDecay: 0.01, secondsBetweenCheckpoints: 0 };
    const ends = (events: readonly TrainingEvent[]): unknown => events.some(({ kind }) => kind === "recovered");
    assert.ok(ends(await run({ ...options, out: folder.join("whole.onnx") })));
    const isAfter = (event: TrainingEvent): boolean => event.kind === "evaluated" && event.step === 3;
    assert.ok(ends(await run({ ...options, out: folder.join("m.onnx") }, isAfter)));
    const [started] = await run({ ...options, resume: true, out: folder.join("m.onnx") });
    assert.ok(started?.kind === "started" && started.step === 3, JSON.stringify(started));
    assert.deepEqual(await weightsOf("m.onnx"), await weightsOf("whole.onnx"));
  });

  it("is not resumed from a damaged checkpoint, nor from that of another run", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 60, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step >= 25);
    const others = [{ seed: 2 }, { weightDecay: 0.2 }, { learningRate: 1e-3 }, { tokenizer: "char" }] as const;
    for (const other of others) {
      await assert.rejects(
        run({ ...options, ...other, resume: true }),
        /m\.onnx\.checkpoint belongs to a run .* other options/,
      );
    }
    const whole = await readFile(folder.join("m.onnx.checkpoint"));
    const bytes = Buffer.from(whole);
    bytes[bytes.length - 10]! ^= 1;
    await writeFile(folder.join("m.onnx.checkpoint"), bytes);
    await assert.rejects(run({ ...options, resume: true }), /m\.onnx\.checkpoint is damaged/);
    await writeFile(folder.join("m.onnx.checkpoint"), whole.subarray(0, whole.length / 2));
    await assert.rejects(run({ ...options, resume: true }), /m\.onnx\.checkpoint is damaged/);
    const other = Buffer.from(whole).fill("2", whole.indexOf("\n") - 1, whole.indexOf("\n"));
    await writeFile(folder.join("m.onnx.checkpoint"), other);
    await assert.rejects(run({ ...options, resume: true }), /damaged or comes from another version of Murmur/);
    await rm(folder.join("m.onnx.checkpoint"));
    await mkdir(folder.join("m.onnx.checkpoint"));
    await assert.rejects(run({ ...options, resume: true }), /m\.onnx\.checkpoint can't be read/);
  });

  it("of some minutes continues its schedule at the time that its checkpoint recorded", async () => {
    await using folder = await Folder.with();
    const options = { ...small, minutes: 1000, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    const path = folder.join("m.onnx.checkpoint");
    await run(options, ({ kind }) => kind === "progress");
    const checkpoint = (await readCheckpoint(path))!;
    assert.ok(checkpoint.seconds > 0 && checkpoint.seconds < 60_000);
    await writeCheckpoint(path, { ...checkpoint, seconds: 30_000 });
    const progress = (await run({ ...options, resume: true }, ({ kind }) => kind === "progress")).at(-1);
    assert.ok(progress?.kind === "progress" && progress.progress >= 0.5 && progress.step > checkpoint.learner.steps);
    await writeCheckpoint(path, { ...checkpoint, seconds: 60_000 });
    const { steps } = resultOf(await run({ ...options, resume: true }));
    assert.equal(steps, checkpoint.learner.steps);
  });
});
