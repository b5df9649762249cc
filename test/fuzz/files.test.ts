import assert from "node:assert/strict";
import { decodeMemory, encodeMemory, type StoredBytes } from "../../src/completion/memory/local-memory.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import { MurmurError } from "../../src/errors.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { decodeModelFile, encodeModelFile } from "../../src/model/model-file.ts";
import { Random } from "../../src/random.ts";
import { tinyModelFile } from "../support/models.ts";

/** How many damaged files of each kind are tried: `npm run fuzz` tries 100,000. */
const count = Number(process.env["MURMUR_FUZZ"] ?? 2000);
/** Of the models that are taken in spite of their damage, one in so many is run. */
const runOneIn = 20;

/** Damages a file as a disk, a cut-off download or an attacker might: bytes changed, a part left out, repeated or exchanged. */
function damaged(whole: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(whole);
  const at = random.below(bytes.length);
  const length = 1 + random.below(Math.min(64, bytes.length - at));
  const [before, part, after] = [bytes.slice(0, at), bytes.slice(at, at + length), bytes.slice(at + length)];
  const noise = Uint8Array.from({ length }, () => random.below(256));
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, noise, after]);
    case 1:
      return before;
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return Buffer.concat([before, part, part, after]);
    case 4:
      return Buffer.concat([before, part.map((byte) => byte ^ (1 << random.below(8))), after]);
    default:
      return Buffer.concat([before, part.fill(random.below(2) * 255), after]);
  }
}

describe(`${count} damaged files of each kind`, function () {
  this.timeout(60_000 + count * 50);

  it("of models are taken and run, or refused by name: whatever they hold, nothing else happens", async () => {
    const random = new Random(7);
    const { info, bytes } = tinyModelFile({ hidden: 4 });
    const small = encodeModelFile(info, decodeModelFile(bytes, "m").weights, "int8");
    let [taken, refused] = [0, 0];
    for (let i = 0; i < count; i++) {
      const file = damaged(i % 2 === 0 ? bytes : small, random);
      try {
        decodeModelFile(file, "damaged.onnx");
        taken++;
        if (taken % runOneIn > 0) continue;
        const model = await LanguageModel.load(file);
        const { logits } = await model.read(model.start(), Int32Array.of(0, 65, 66));
        assert.equal(logits.length, 3 * model.outputs);
        await model.release();
      } catch (error) {
        assert.ok(error instanceof MurmurError && error.code === "bad-model", String((error as Error).stack));
        assert.doesNotMatch(error.message, /\[object|TypeError|RangeError/);
        refused++;
      }
    }
    assert.ok(refused > count / 10, `${refused} of ${count}`);
  });

  it("of what was learned are refused, and change nothing", async () => {
    const random = new Random(8);
    const sizes = { successors: 6, direct: 6, history: 8 };
    const memoryOf = (): { mixture: Mixture; reader: TextReader } => {
      const mixture = new Mixture(sizes);
      return { mixture, reader: new TextReader(mixture) };
    };
    const memory = memoryOf();
    await memory.reader.read("for (let i = 0; i < items.length; i++) total += items[i];\n", { name: "/a.js" });
    const pieces: Uint8Array[] = [];
    for await (const piece of encodeMemory(memory)) pieces.push(piece);
    const file = Buffer.concat(pieces);
    const target = memoryOf();
    const before = target.mixture.snapshot();
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const bytes = damaged(file, random);
      if (Buffer.from(bytes).equals(file)) continue;
      await assert.rejects(
        decodeMemory(target, storedBytes(bytes), "damaged"),
        (error) => error instanceof MurmurError && error.code === "bad-memory",
      );
      refused++;
    }
    assert.ok(refused > count / 2);
    assert.deepEqual(target.mixture.snapshot(), before);
    await decodeMemory(target, storedBytes(file), "whole");
    assert.ok(target.reader.knows("/a.js"));
  });
});

function storedBytes(bytes: Uint8Array): StoredBytes {
  return { size: bytes.length, read: async (from, length) => bytes.subarray(from, from + length) };
}
