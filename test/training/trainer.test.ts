import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { bitsPerChar, exampleCosts } from "../../src/model/bits-per-char.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Random } from "../../src/random.ts";
import type { TrainingEvent } from "../../src/training/events.ts";
import { defaultTrainingOptions, type TrainingOptions } from "../../src/training/options.ts";
import { measuredExamples } from "../../src/training/tasks/examples.ts";
import { train } from "../../src/training/trainer.ts";
import { nodeOnFullDisk } from "../cli/support.ts";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);
const corpus = splitCorpus([textSource("a.js", text)], 0.1);
const never = new AbortController().signal;
const small: Omit<TrainingOptions, "paths" | "out"> & { readonly batch: number } = {
  ...defaultTrainingOptions,
  minutes: undefined,
  hidden: 24,
  layers: 2,
  batch: 4,
  window: 16,
  threads: 1,
  learningRate: 0.01,
};

async function run(
  options: Omit<TrainingOptions, "paths">,
  stop?: (event: TrainingEvent) => boolean,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(corpus, options, never)) {
    events.push(event);
    if (stop?.(event)) break;
  }
  return events;
}

function resultOf(events: readonly TrainingEvent[]): Extract<TrainingEvent, { kind: "done" }>["result"] {
  const last = events.at(-1);
  assert.ok(last?.kind === "done");
  return last.result;
}

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

  it("of no steps measures the model that it starts from, and writes it unchanged", async () => {
    await using folder = await Folder.with();
    const init = await folder.write("init.onnx", tinyModelFile().bytes);
    const result = resultOf(await run({ ...small, steps: 0, init, out: folder.join("m.onnx") }));
    assert.deepEqual(result.heldOut, result.before);
    const weights = async (path: string): Promise<unknown> => decodeModelFile(await readFile(path), path).weights;
    assert.deepEqual(await weights(folder.join("m.onnx")), await weights(init));
  });

  it("keeps what it was fine-tuned from if it gets no better", async () => {
    await using folder = await Folder.with();
    const first = resultOf(await run({ ...small, steps: 1500, out: folder.join("a.onnx") }));
    const spoilt = resultOf(
      await run({ ...small, steps: 30, learningRate: 1, init: folder.join("a.onnx"), out: folder.join("b.onnx") }),
    );
    assert.equal(spoilt.heldOut.bitsPerChar, spoilt.before.bitsPerChar);
    assert.ok(Math.abs(spoilt.before.bitsPerChar - first.heldOut.bitsPerChar) < 1e-6);
  });

  it("ends early when it is told to finish, and writes its best", async () => {
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

  it("ends early when some evaluations have brought nothing", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 120, learningRate: 0, patience: 3, out: folder.join("m.onnx") };
    const events = await run(options);
    const settled = events.find(({ kind }) => kind === "settled");
    assert.ok(settled?.kind === "settled" && settled.step === 40 && settled.evaluations === 3, JSON.stringify(settled));
    const { heldOut, before } = resultOf(events);
    assert.deepEqual(heldOut, before);
  });

  it("ends as early if it was killed in between", async () => {
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

  it("writes the best that it came by, if it got worse after that", async () => {
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

  it("that goes on for longer measures twelve times over all of its length", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 60, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step === 55);
    const events = await run({ ...options, resume: true, steps: 240 });
    const steps = events.flatMap((event) => (event.kind === "evaluated" ? [event.step] : []));
    assert.deepEqual(steps.slice(1), [60, 80, 100, 120, 140, 160, 180, 200, 220, 240]);
  });

  it("of some epochs reads all of the text that often", async () => {
    await using folder = await Folder.with();
    const { steps, trainChars } = resultOf(await run({ ...small, epochs: 2, out: folder.join("m.onnx") }));
    // Each text is read behind a start token, of which an epoch has one.
    const most = Math.ceil((2 * (trainChars + 1)) / (small.batch * small.window));
    assert.ok(steps <= most && steps >= most - 1, `${steps} and ${most}`);
  });

  it("that nobody reads any more leaves the file that was there", async () => {
    await using folder = await Folder.with({ "m.onnx": "the last good model" });
    await run({ ...small, steps: 1_000_000, out: folder.join("m.onnx") }, (event) => event.kind === "progress");
    assert.equal(await readFile(folder.join("m.onnx"), "utf8"), "the last good model");
  });

  it("that is killed goes on from its checkpoint, bit for bit", async () => {
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

  it("that is killed behind its last step measures what that came to, as one that never was does", async () => {
    await using folder = await Folder.with();
    const weightsOf = async (name: string): Promise<unknown> =>
      decodeModelFile(await readFile(folder.join(name)), name).weights;
    const options = { ...small, steps: 60, secondsBetweenCheckpoints: 0 };
    await run({ ...options, out: folder.join("whole.onnx") });
    await run({ ...options, out: folder.join("m.onnx") }, (event) => event.kind === "evaluated" && event.step === 60);
    await run({ ...options, resume: true, out: folder.join("m.onnx") });
    assert.deepEqual(await weightsOf("m.onnx"), await weightsOf("whole.onnx"));
  });

  it("that is killed behind a recovery goes on as one that never was", async () => {
    await using folder = await Folder.with();
    const weightsOf = async (name: string): Promise<unknown> =>
      decodeModelFile(await readFile(folder.join(name)), name).weights;
    const options = { ...small, steps: 3, learningRate: 1e21, weightDecay: 0.01, secondsBetweenCheckpoints: 0 };
    const ends = (events: readonly TrainingEvent[]): unknown => events.some(({ kind }) => kind === "recovered");
    assert.ok(ends(await run({ ...options, out: folder.join("whole.onnx") })));
    const isBehind = (event: TrainingEvent): boolean => event.kind === "evaluated" && event.step === 3;
    assert.ok(ends(await run({ ...options, out: folder.join("m.onnx") }, isBehind)));
    const [started] = await run({ ...options, resume: true, out: folder.join("m.onnx") });
    assert.ok(started?.kind === "started" && started.step === 3, JSON.stringify(started));
    assert.deepEqual(await weightsOf("m.onnx"), await weightsOf("whole.onnx"));
  });

  it("of an encoder learns to fill in what only the text behind a gap tells", async () => {
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

  it("of some minutes takes these", async () => {
    await using folder = await Folder.with();
    const { seconds, heldOut, before } = resultOf(await run({ ...small, minutes: 0.03, out: folder.join("m.onnx") }));
    assert.ok(seconds >= 1.8 && seconds < 10, `${seconds} seconds`);
    assert.ok(heldOut.bitsPerChar < before.bitsPerChar);
  });

  it("that settles measures each step that it measures once", async () => {
    await using folder = await Folder.with();
    const options = { ...small, steps: 120, learningRate: 0, patience: 3, out: folder.join("m.onnx") };
    const steps = (await run(options)).flatMap((event) => (event.kind === "evaluated" ? [event.step] : []));
    assert.deepEqual(steps, [0, 10, 20, 30, 40]);
  });

  it("that diverges goes on from its best at a lower rate, and keeps what it began with if that is no better", async () => {
    await using folder = await Folder.with();
    // So large that the third step's loss is no number, which that at a third of it is.
    const options = { ...small, steps: 3, weightDecay: 0.01, learningRate: 1e21, out: folder.join("m.onnx") };
    const events = await run(options);
    const recovered = events.find(({ kind }) => kind === "recovered");
    assert.ok(recovered?.kind === "recovered");
    assert.deepEqual([recovered.diverged, recovered.step], [2, 0]);
    assert.ok(Math.abs(recovered.learningRate / options.learningRate - 0.3) < 1e-9);
    const { heldOut, before } = resultOf(events);
    assert.deepEqual(heldOut, before);
  });

  it("that diverges again ends, says at which rate, and leaves the file that was there", async () => {
    await using folder = await Folder.with({ "m.onnx": "the last good model" });
    await assert.rejects(
      run({ ...small, steps: 20, learningRate: 1e25, out: folder.join("m.onnx") }),
      /diverged at step \d+ .* lower learning rate than 3e\+24/,
    );
    assert.equal(await readFile(folder.join("m.onnx"), "utf8"), "the last good model");
  });

  it("whose checkpoint finds no room on the disk ends and says so, and the last checkpoint is good", async () => {
    await using folder = await Folder.with();
    const options = { ...small, hidden: 64, steps: 60, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step >= 25);
    const before = await readFile(folder.join("m.onnx.checkpoint"));
    const source = (file: string): string => JSON.stringify(new URL(`../../src/${file}`, import.meta.url));
    const program = `
      import { splitCorpus } from ${source("corpus/corpus.ts")};
      import { textSource } from ${source("corpus/text-source.ts")};
      import { train } from ${source("training/trainer.ts")};
      const corpus = splitCorpus([textSource("a.js", ${JSON.stringify(text)})], 0.1);
      const options = { ...${JSON.stringify(options)}, resume: true };
      for await (const _ of train(corpus, options, new AbortController().signal));`;
    const kibibytes = Math.floor(before.length / 2048);
    const { code, err } = await nodeOnFullDisk(kibibytes, "--input-type=module", "--eval", program);
    assert.equal(code, 1);
    assert.match(err, /m\.onnx\.checkpoint can't be written .*Free some space/);
    assert.deepEqual(await readFile(folder.join("m.onnx.checkpoint")), before);
    const [started] = await run({ ...options, resume: true });
    assert.ok(started?.kind === "started" && started.step >= 20, JSON.stringify(started));
  });

  it("does not go on from a damaged checkpoint, nor from another run's", async () => {
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
    await assert.rejects(run({ ...options, resume: true }), /damaged or of another version of Murmur/);
    await rm(folder.join("m.onnx.checkpoint"));
    await mkdir(folder.join("m.onnx.checkpoint"));
    await assert.rejects(run({ ...options, resume: true }), /m\.onnx\.checkpoint can't be read/);
  });

  it("names the file that can't be written", async () => {
    await using folder = await Folder.with();
    await assert.rejects(
      run({ ...small, steps: 1, out: folder.join("none/m.onnx") }),
      /none\/m\.onnx.* can't be written/,
    );
  });
});
