import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { textSource } from "../../src/corpus/text-source.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { ReadTexts } from "../../src/model/read-texts.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { Random } from "../../src/random.ts";
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

  it("keeps the model that it starts from where it can only get worse: on random text", async () => {
    const random = new Random(5);
    const noise = (name: string): ReturnType<typeof textSource> =>
      textSource(name, Array.from({ length: 2000 }, () => String.fromCharCode(33 + random.below(90))).join(""));
    const init = findDefaultModel();
    assert.ok(init);
    const heldOut = textSource("own.ts", await readFile(import.meta.filename, "utf8"));
    const { result, model } = await trained({ init, steps: 12, learningRate: 0.05, batch: 2 }, [
      [noise("a.txt"), noise("b.txt")],
      [heldOut],
    ]);
    assert.equal(result.isBetter, false);
    assert.deepEqual(result.heldOut, result.before);
    assert.deepEqual(decodeModelFile(model, "m").weights, decodeModelFile(await readFile(init), init).weights);
  });

  it("records which texts the network has read, those of the model that it started from included", async () => {
    await using folder = await Folder.with();
    const { model } = await trained({ steps: 1, bestBy: "network" }, [texts.slice(0, 1), texts.slice(3)]);
    const init = await folder.write("first.onnx", model);
    const second = await trained({ steps: 1, bestBy: "network", init }, [texts.slice(1, 2), texts.slice(3)]);
    const read = ReadTexts.from(decodeModelFile(second.model, "m").info.training.texts);
    assert.deepEqual(
      ["total", "price", "count", "label"].map((name) => read.has(code(name))),
      [true, true, false, false],
    );
  });
});

describe("the record of read texts", () => {
  it("is the same whatever their order, and survives being stored", () => {
    const hashes = ["a", "b", "c"].map((text) => createHash("sha256").update(text).digest("hex"));
    const { record } = ReadTexts.of(hashes);
    assert.equal(ReadTexts.of([...hashes].reverse()).record, record);
    const stored = ReadTexts.from(record);
    assert.ok(["a", "b", "c"].every((text) => stored.has(text)) && !stored.has("d"));
    assert.ok(!ReadTexts.from(undefined).has("a"), "an older file says nothing");
  });
});
