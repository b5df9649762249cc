import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { splitCorpus } from "../../src/corpus/corpus.ts";
import { textSource } from "../../src/corpus/text-source.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { ReadTexts, sketchOf } from "../../src/model/read-texts.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { Random } from "../../src/random.ts";
import { isBetter } from "../../src/training/best.ts";
import type { TrainingResult } from "../../src/training/events.ts";
import { train } from "../../src/training/trainer.ts";
import { Folder } from "../support/folder.ts";
import { never, resultOf, small } from "../support/training.ts";

const code = (name: string): string =>
  `export function ${name}(items) {\n  return items.map((item) => item.${name}).filter(Boolean);\n}\n`.repeat(15);
const texts = ["total", "price", "count", "label"].map((name) => textSource(`${name}.js`, code(name)));
const mixed: typeof small = { ...small, bestBy: "mixed" };

describe("a run on a workspace", function () {
  this.timeout(120_000);

  async function trained(
    options: Partial<typeof mixed> & { readonly init?: string; readonly steps: number },
    [train_, heldOut] = [texts.slice(1), texts.slice(0, 1)],
  ): Promise<{ readonly result: TrainingResult; readonly model: Uint8Array }> {
    await using folder = await Folder.with();
    const out = folder.join("m.onnx");
    const events = [];
    for await (const event of train({ train: train_, heldOut }, { ...mixed, ...options, out }, never)) {
      events.push(event);
    }
    return { result: resultOf(events), model: await readFile(out) };
  }

  it("reports what a user gets: bits of the mixed prediction, and the share of characters that is typed", async () => {
    const { result } = await trained({ steps: 200 });
    for (const { mixed: bits, bitsPerChar, acceptedShare, netSaved } of [result.before, result.heldOut]) {
      assert.ok(bits !== undefined && bits < bitsPerChar, "the local model has read the other files");
      assert.ok(acceptedShare !== undefined && acceptedShare > 0 && acceptedShare <= 1);
      assert.ok(netSaved !== undefined && netSaved < acceptedShare);
    }
    assert.ok(result.shipped && result.shipped.bitsPerChar > 0, "a new network is compared with the model that ships");
  });

  it("is compared with the model that ships, unless it started from that one", async () => {
    const shipped = findDefaultModel();
    assert.ok(shipped);
    await using folder = await Folder.with();
    const { model } = await trained({ steps: 5 });
    const init = await folder.write("other.onnx", model);
    assert.ok((await trained({ steps: 1, init })).result.shipped);
    assert.equal((await trained({ steps: 1, init: shipped })).result.shipped, undefined);
  });

  it("that settles evaluates what is left of its last step, and reports the best of it", async () => {
    const init = findDefaultModel();
    assert.ok(init);
    await using folder = await Folder.with();
    const options = { ...mixed, init, steps: 24, learningRate: 0, batch: 2, patience: 1, out: folder.join("m.onnx") };
    const evaluated = [];
    let settled = 0;
    for await (const event of train({ train: texts.slice(1), heldOut: texts.slice(0, 1) }, options, never)) {
      if (event.kind === "evaluated") evaluated.push(event);
      if (event.kind === "settled") settled = event.step;
    }
    assert.deepEqual(
      evaluated.map(({ step }) => step),
      [0, 2, 4, 4],
    );
    assert.equal(settled, 4);
    const [before, after] = evaluated.slice(-2);
    assert.ok((after?.heldOut.mixed ?? 9) <= (before?.heldOut.mixed ?? 0));
  });

  it("keeps the model that it starts from where it can only get worse: on random text", async () => {
    const random = new Random(5);
    const noise = (name: string): ReturnType<typeof textSource> =>
      textSource(name, Array.from({ length: 2000 }, () => String.fromCharCode(33 + random.below(90))).join(""));
    const init = findDefaultModel();
    assert.ok(init);
    const heldOut = textSource("own.ts", await readFile(import.meta.filename, "utf8"));
    const { result, model } = await trained({ init, steps: 3, learningRate: 0.05, batch: 2 }, [
      [noise("a.txt"), noise("b.txt")],
      [heldOut],
    ]);
    assert.equal(result.isBetter, false);
    assert.deepEqual(result.heldOut, result.before);
    const [kept, former] = [decodeModelFile(model, "m"), decodeModelFile(await readFile(init), init)];
    assert.deepEqual(kept.weights, former.weights);
    assert.equal(kept.info.training.texts, former.info.training.texts, "it has read nothing new");
  });

  it("measures on text that the model has not read, though other files were held out when it was trained", async () => {
    await using folder = await Folder.with();
    const { model, result: first } = await trained({ steps: 20, bestBy: "network" }, [
      texts.slice(0, 2),
      texts.slice(3),
    ]);
    assert.ok(first.isBetter);
    const init = await folder.write("first.onnx", model);
    const { result } = await trained({ steps: 1, init }, [
      texts.slice(2, 3),
      [...texts.slice(0, 1), ...texts.slice(3)],
    ]);
    assert.equal(result.before.chars, texts[3]!.chars);
  });

  it("works on one file and on two", async () => {
    for (const files of [texts.slice(0, 1), texts.slice(0, 2)]) {
      const { train: own, heldOut } = splitCorpus(files, 0.2);
      const { result } = await trained({ steps: 3 }, [[...own], [...heldOut]]);
      assert.ok(result.before.mixed !== undefined && result.before.mixed > 0);
    }
  });

  it("records which texts the network has read, those of the model that it started from included", async () => {
    await using folder = await Folder.with();
    const { model } = await trained({ steps: 20, bestBy: "network" }, [texts.slice(0, 1), texts.slice(3)]);
    const init = await folder.write("first.onnx", model);
    const second = await trained({ steps: 20, bestBy: "network", init }, [texts.slice(1, 2), texts.slice(3)]);
    assert.ok(second.result.isBetter);
    const read = ReadTexts.from(decodeModelFile(second.model, "m").info.training.texts);
    assert.deepEqual(
      ["total", "price", "count", "label"].map((name) => read.has(code(name))),
      [true, true, false, false],
    );
  });
});

describe("A trained model replaces another", () => {
  const before = { chars: 1, bitsPerChar: 2, mixed: 1, netSaved: 0.3 };
  for (const [title, after, expected] of [
    ["where it needs fewer bits and saves as much", { mixed: 0.9 }, true],
    ["although it needs more bits alone", { mixed: 0.9, bitsPerChar: 3 }, true],
    ["not for a gain that may be chance", { mixed: 0.999 }, false],
    ["not where it needs more bits", { mixed: 1.1, bitsPerChar: 1, netSaved: 0.4 }, false],
    ["not where it saves clearly less", { mixed: 0.9, netSaved: 0.25 }, false],
    ["where it saves a little less", { mixed: 0.9, netSaved: 0.28 }, true],
  ] as const)
    it(title, () => assert.equal(isBetter({ ...before, ...after }, before), expected));

  it("where the local model leaves nothing to predict, by what the networks need alone", () => {
    const [untrained, trained] = [
      { chars: 1, bitsPerChar: 8, mixed: 0.003 },
      { chars: 1, bitsPerChar: 1, mixed: 0.004 },
    ];
    assert.ok(isBetter(trained, untrained));
    assert.ok(!isBetter(untrained, trained));
  });
});

describe("the record of read texts", () => {
  const read = ["total", "price"].map(code);
  const records = ReadTexts.of(read.map((text) => sketchOf([text])));

  it("is the same whatever their order, and survives being stored", () => {
    const { record } = records;
    assert.equal(ReadTexts.of([...read].reverse().map((text) => sketchOf([text]))).record, record);
    const stored = ReadTexts.from(record);
    assert.ok(read.every((text) => stored.has(text)) && !stored.has(code("label")));
    assert.ok(!ReadTexts.from(undefined).has(read[0]!), "an older file says nothing");
  });

  it("knows a text that was changed in some lines, and roughly which share of it is known", () => {
    const lines = Array.from({ length: 400 }, (_, i) => `const value${i} = compute(${i * i});`);
    const known = ReadTexts.of([sketchOf([lines.join("\n")])]);
    const changed = (share: number): string[] =>
      lines.map((line, i) => (i % 100 < 100 * share ? `${line} // new` : line));
    assert.ok(known.has(changed(0.05).join("\n")));
    assert.ok(!known.has(changed(1).join("\n")));
    assert.equal(known.shareOf(sketchOf([lines.join("\r\n")])), 1, "line ends do not matter");
    assert.deepEqual(sketchOf(["const val", "ue = 1;\nlet", " x;"]), sketchOf(["const value = 1;\nlet x;"]));
  });

  it("knows a text without a long line", () => {
    const known = ReadTexts.of([sketchOf(["a\nb\n"])]);
    assert.ok(known.has("a\nb\n") && !known.has("a\nc\n"));
  });
});
