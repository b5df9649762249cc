import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { textSource } from "../../src/corpus/text-source.ts";
import { bitsPerChar, exampleCosts } from "../../src/model/bits-per-char.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Random } from "../../src/random.ts";
import type { TrainingEvent } from "../../src/training/events.ts";
import { measuredExamples } from "../../src/training/tasks/examples.ts";
import { train } from "../../src/training/trainer.ts";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";
import { corpus, never, resultOf, run, small } from "../support/training.ts";

describe("a training run", function () {
  this.timeout(60_000);

  it("learns: its bits per character on held-out text fall far, and its file says the same as its result", async () => {
    await using folder = await Folder.with();
    const result = resultOf(await run({ ...small, steps: 1500, out: folder.join("m.onnx") }));
    assert.ok(result.before.bitsPerChar > 7.5 && result.heldOut.bitsPerChar < 2.5, JSON.stringify(result));
    const model = await LanguageModel.load(folder.join("m.onnx"));
    assert.deepEqual(model.info.training.heldOut, result.heldOut);
    assert.equal(model.info.architecture.hidden, 24);
    await model.release();
    assert.ok(!existsSync(folder.join("m.onnx.checkpoint")));
  });

  it("gives the same weights for the same seed, steps and threads, and others for another seed", async () => {
    await using folder = await Folder.with();
    const weightsOf = async (seed: number, name: string): Promise<unknown> => {
      const out = folder.join(name);
      await run({ ...small, threads: 2, steps: 20, seed, dropout: 0.2, out });
      return decodeModelFile(await readFile(out), name).weights;
    };
    const first = await weightsOf(1, "a.onnx");
    assert.deepEqual(await weightsOf(1, "b.onnx"), first);
    assert.notDeepEqual(await weightsOf(2, "c.onnx"), first);
  });

  it("of no steps evaluates the model that it starts from, and writes it unchanged", async () => {
    await using folder = await Folder.with();
    const init = await folder.write("init.onnx", tinyModelFile().bytes);
    const result = resultOf(await run({ ...small, steps: 0, init, out: folder.join("m.onnx") }));
    assert.deepEqual(result.heldOut, result.before);
    const weights = async (path: string): Promise<unknown> => decodeModelFile(await readFile(path), path).weights;
    assert.deepEqual(await weights(folder.join("m.onnx")), await weights(init));
  });

  it("keeps the model that it fine-tunes if it gets no better", async () => {
    await using folder = await Folder.with();
    const first = resultOf(await run({ ...small, steps: 1500, out: folder.join("a.onnx") }));
    const spoilt = resultOf(
      await run({ ...small, steps: 30, learningRate: 1, init: folder.join("a.onnx"), out: folder.join("b.onnx") }),
    );
    assert.equal(spoilt.heldOut.bitsPerChar, spoilt.before.bitsPerChar);
    assert.ok(Math.abs(spoilt.before.bitsPerChar - first.heldOut.bitsPerChar) < 1e-6);
  });

  it("ends early when it is asked to finish, and writes its best", async () => {
    await using folder = await Folder.with();
    const finish = new AbortController();
    const events: TrainingEvent[] = [];
    for await (const event of train(
      corpus,
      { ...small, steps: 1_000_000, out: folder.join("m.onnx") },
      finish.signal,
    )) {
      events.push(event);
      if (event.kind === "progress") finish.abort();
    }
    assert.ok(resultOf(events).steps < 100_000);
    assert.ok(existsSync(folder.join("m.onnx")));
  });

  it("stops early after some evaluations without improvement", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 120, learningRate: 0, patience: 3, out: folder.join("m.onnx") };
    const events = await run(options);
    const settled = events.find(({ kind }) => kind === "settled");
    assert.ok(settled?.kind === "settled" && settled.step === 40 && settled.evaluations === 3, JSON.stringify(settled));
    const { heldOut, before } = resultOf(events);
    assert.deepEqual(heldOut, before);
  });

  it("writes its best weights if later ones are worse", async () => {
    await using folder = await Folder.with();
    // What is held out has the words of the other text in another order, so learning that by heart is no good for it.
    const other = textSource("b.js", "total += orders[i].price; for (let n = 1; n < 9; n++) {}\n".repeat(20));
    const options = { ...small, steps: 360, patience: Number.POSITIVE_INFINITY, out: folder.join("m.onnx") };
    const evaluated: { step: number; bits: number }[] = [];
    let written = Number.NaN;
    for await (const event of train({ train: corpus.train, heldOut: [other] }, options, never)) {
      if (event.kind === "evaluated") evaluated.push({ step: event.step, bits: event.heldOut.bitsPerChar });
      if (event.kind === "done") written = event.result.heldOut.bitsPerChar;
    }
    const best = evaluated.reduce((least, at) => (at.bits < least.bits ? at : least));
    assert.ok(best.step > 0 && best.step < 360, JSON.stringify(evaluated));
    const model = await LanguageModel.load(options.out);
    assert.equal(model.info.training.steps, best.step);
    const measured = bitsPerChar(
      await exampleCosts(model, measuredExamples(model.info.architecture, [other], model.tokenizer, small.window)),
    );
    await model.release();
    assert.ok(Math.abs(measured - best.bits) < 1e-3 && Math.abs(written - measured) < 1e-3, `${measured}, ${written}`);
  });

  it("of some epochs reads the whole text that often", async () => {
    await using folder = await Folder.with();
    const { steps, trainChars } = resultOf(await run({ ...small, epochs: 2, out: folder.join("m.onnx") }));
    // Each text is read after a start token, so an epoch has one more token.
    const most = Math.ceil((2 * (trainChars + 1)) / (small.batch * small.window));
    assert.ok(steps <= most && steps >= most - 1, `${steps} and ${most}`);
  });

  it("that nobody reads any more leaves the file that was there", async () => {
    await using folder = await Folder.with({ "m.onnx": "the last good model" });
    await run({ ...small, steps: 1_000_000, out: folder.join("m.onnx") }, (event) => event.kind === "progress");
    assert.equal(await readFile(folder.join("m.onnx"), "utf8"), "the last good model");
  });

  it("of an encoder learns to fill gaps from the text after them", async () => {
    await using folder = await Folder.with();
    const random = new Random(3);
    const pairs = (count: number): string =>
      Array.from({ length: count }, () => random.below(10))
        .map((digit) => `v = ${digit}\n${digit}!\n`)
        .join("");
    const texts = Array.from({ length: 21 }, (_, i) => textSource(`${i}.js`, pairs(100)));
    const options = {
      ...small,
      cell: "gru" as const,
      layers: 1,
      hidden: 32,
      batch: 16,
      steps: 1200,
      task: "sequence-to-sequence" as const,
      out: folder.join("m.onnx"),
    };
    for await (const _ of train({ train: texts.slice(1), heldOut: texts.slice(0, 1) }, options, never));
    const model = await LanguageModel.load(options.out);
    const examples = measuredExamples(model.info.architecture, texts.slice(0, 1), model.tokenizer, small.window);
    const bits = bitsPerChar(await exampleCosts(model, examples));
    const alone = bitsPerChar(
      await exampleCosts(
        model,
        examples.map(({ condition: _, ...example }) => example),
      ),
    );
    await model.release();
    assert.ok(bits < alone / 4, `${bits} and ${alone}`);
  });

  it("of some minutes takes that long, and learns", async () => {
    await using folder = await Folder.with();
    const begun = performance.now();
    const { heldOut, before } = resultOf(await run({ ...small, minutes: 0.05, out: folder.join("m.onnx") }));
    const seconds = (performance.now() - begun) / 1000;
    assert.ok(seconds > 2.4, `${seconds} seconds, with what it measures before and after`);
    assert.ok(heldOut.bitsPerChar < before.bitsPerChar);
  });

  it("that stops early evaluates no step twice", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 120, learningRate: 0, patience: 3, out: folder.join("m.onnx") };
    const steps = (await run(options)).flatMap((event) => (event.kind === "evaluated" ? [event.step] : []));
    assert.deepEqual(steps, [0, 10, 20, 30, 40]);
  });

  it("names the file that can't be written", async () => {
    await using folder = await Folder.with();
    await assert.rejects(
      run({ ...small, steps: 1, out: folder.join("none/m.onnx") }),
      /none\/m\.onnx.* can't be written/,
    );
  });
});
