import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { Learner } from "../../src/training/learner.ts";
import { addedRateScale, defaultTrainingOptions } from "../../src/training/options.ts";
import { type StartingPoint, startingPoint } from "../../src/training/starting-point.ts";
import { laneSourceOf } from "../../src/training/tasks/examples.ts";
import { train } from "../../src/training/trainer.ts";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);
const corpus = splitCorpus([textSource("a.js", text)], 0.1);
const options = { ...defaultTrainingOptions, minutes: undefined, batch: 4, window: 16, threads: 1, weightDecay: 0 };

function namesOf({ architecture, tokenizer }: StartingPoint): string[] {
  return parameterSpecs(architecture, tokenizer.size).map(({ name }) => name);
}

describe("a run that gives a trained language model another task", () => {
  let folder: Folder;
  let init: string;
  before(async () => {
    folder = await Folder.with({});
    init = await folder.write("init.onnx", tinyModelFile().bytes);
  });
  after(() => folder[Symbol.asyncDispose]());

  it("keeps what the model has, and adds what it lacks", async () => {
    const { weights: given } = decodeModelFile(tinyModelFile().bytes, init);
    const added = {
      "many-to-many": [],
      "one-to-many": ["context", "context.enter.h", "context.enter.c"],
      "sequence-to-sequence": ["encoder.W", "encoder.R", "encoder.b", "encoder.enter.h", "encoder.enter.c"],
    };
    for (const task of ["many-to-many", "one-to-many", "sequence-to-sequence"] as const) {
      const start = await startingPoint(corpus, { ...options, init, task });
      const names = namesOf(start);
      assert.deepEqual(
        names.filter((_, i) => start.isAdded[i]),
        added[task],
      );
      for (const [i, name] of names.entries())
        if (!start.isAdded[i]) assert.deepEqual(start.weights[i], given.get(name));
    }
    const fresh = await startingPoint(corpus, options);
    assert.ok(!fresh.isAdded.includes(true));
  });

  it("begins with what the model predicts", async () => {
    const bits: number[] = [];
    for (const task of ["many-to-many", "one-to-many"] as const) {
      const run = { ...options, init, task, bestBy: "network" as const, steps: 0, out: folder.join(`${task}.onnx`) };
      for await (const event of train(corpus, run, new AbortController().signal))
        if (event.kind === "done") bits.push(event.result.before.bitsPerChar);
    }
    assert.ok(Math.abs(bits[0]! - bits[1]!) < 1e-6, String(bits));
  });

  for (const [said, learningRate, scale] of [
    ["at the rate of a new network", undefined, addedRateScale],
    ["at a rate that is given", 0.01, 1],
  ] as const) {
    it(`trains the added parameters ${said}`, async () => {
      const start = await startingPoint(corpus, { ...options, init, task: "one-to-many" });
      const reading = laneSourceOf(start.architecture, corpus.train, start.tokenizer, options);
      await using learner = await Learner.create(start, reading, { ...options, learningRate });
      const rate = 0.01;
      await learner.learn(rate);
      // The first step of Adam is the rate, wherever there is a gradient.
      const moved = (name: string): number => {
        const i = namesOf(start).indexOf(name);
        const [before, after] = [start.weights[i]!, learner.averaged[i]!];
        return Math.max(...before.map((value, j) => Math.abs(value - after[j]!)));
      };
      assert.ok(Math.abs(moved("context.enter.h") / rate - scale) < 0.01, String(moved("context.enter.h")));
      assert.ok(Math.abs(moved("output.W") / rate - 1) < 0.01, String(moved("output.W")));
    });
  }
});

describe("the words of a new network", () => {
  it("are those of all files, however many small ones there are", async () => {
    const train = Array.from({ length: 3000 }, (_, i) =>
      textSource(`${i}.txt`, `word${i % 1000} of many\n`.repeat(20)),
    );
    const { tokenizer } = await startingPoint({ train, heldOut: [] }, { ...options, tokenizer: "word" });
    assert.ok(tokenizer.stored.kind === "word");
    const words = new Set(tokenizer.stored.words);
    const missing = Array.from({ length: 1000 }, (_, i) => `word${i}`).filter((word) => !words.has(word));
    assert.deepEqual(missing, []);
  });
});

describe("the layers of a new network, and of one that was trained before", () => {
  it("are residual and normalised as one asks for", async () => {
    for (const links of [
      { residual: true, layerNorm: false },
      { residual: false, layerNorm: true },
    ]) {
      const { architecture } = await startingPoint(corpus, { ...options, ...links });
      assert.deepEqual({ residual: architecture.residual, layerNorm: architecture.layerNorm }, links);
    }
  });

  it("are those of the model that a run starts from, and predict the same in training", async () => {
    const init = findDefaultModel();
    assert.ok(init);
    const own = decodeModelFile(await readFile(init), init).info.architecture;
    const others = { residual: !own.residual, layerNorm: !own.layerNorm, layers: own.layers + 1, hidden: 8 };
    const { architecture } = await startingPoint(corpus, { ...options, ...others, init });
    assert.deepEqual(architecture, own);
    await using folder = await Folder.with();
    const out = folder.join("m.onnx");
    for await (const _ of train(corpus, { ...options, init, steps: 0, out }, new AbortController().signal));
    const logits = async (path: string): Promise<Float32Array> => {
      const model = await LanguageModel.load(path);
      const reading = await model.read(model.start(), Int32Array.of(102, 111, 114));
      await model.release();
      return reading.logits;
    };
    assert.deepEqual(await logits(out), await logits(init));
  });
});

describe("the embeddings of a new network", () => {
  const twoLanguages = splitCorpus([textSource("a.js", text), textSource("b.py", `# Python\n${text}`)], 0.1);

  it("are tied where tokens are words, or where one asks for it", async () => {
    for (const [asked, expected] of [
      [{}, false],
      [{ tied: true }, true],
      [{ tokenizer: "word" }, true],
      [{ tokenizer: "word", tied: false }, false],
    ] as const) {
      const start = await startingPoint(corpus, { ...options, ...asked });
      assert.equal(start.architecture.tied, expected);
      assert.equal(namesOf(start).includes("output.W"), !expected);
    }
  });

  it("are not tied in a classifier, whose labels have no embeddings", async () => {
    const classifier = { ...options, tokenizer: "word", task: "many-to-one" } as const;
    const { architecture } = await startingPoint(twoLanguages, classifier);
    assert.equal(architecture.tied, false);
    await assert.rejects(startingPoint(twoLanguages, { ...classifier, tied: true }), /Leave out --tied/);
  });

  it("are kept where a model with tied ones becomes a classifier, and are tied again where that becomes a language model", async () => {
    await using folder = await Folder.with();
    const run = { ...options, steps: 1, tied: true, hidden: 8 };
    const made = async (out: string, more: object, from = corpus): Promise<string> => {
      for await (const _ of train(from, { ...run, ...more, out }, new AbortController().signal));
      return out;
    };
    const addedTo = async (init: string, task: "many-to-one" | "many-to-many"): Promise<string[]> => {
      const start = await startingPoint(twoLanguages, { ...options, init, task });
      return namesOf(start).filter((_, i) => start.isAdded[i]);
    };
    const model = await made(folder.join("model.onnx"), {});
    assert.deepEqual(await addedTo(model, "many-to-one"), ["output.W", "output.b"]);
    const toOne = { init: model, task: "many-to-one" };
    const classifier = await made(folder.join("classifier.onnx"), toOne, twoLanguages);
    assert.deepEqual(await addedTo(classifier, "many-to-many"), ["output.b"]);
  });
});
