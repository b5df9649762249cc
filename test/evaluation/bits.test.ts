import assert from "node:assert/strict";
import { type FileBits, meanBits, measureFile } from "../../src/evaluation/bits.ts";
import { type EngineUnderTest, prepareEngine, type Source } from "../../src/evaluation/engine-under-test.ts";
import { costs } from "../../src/model/bits-per-char.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import type { TokenizerKind } from "../../src/model/tokenizer.ts";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";

const text = `for (let i = 0; i < 10; i++) {}\n${"größer 😀 → \uD800 x\n".repeat(100)}`;

for (const tokenizer of ["byte", "char"] satisfies TokenizerKind[]) {
  describe(`bits of a file, ${tokenizer} tokens`, () => {
    let folder: Folder;
    let underTest: EngineUnderTest;
    before(async () => {
      folder = await Folder.with();
      const modelPath = await folder.write("tiny.onnx", tinyModelFile({ tokenizer }).bytes);
      underTest = await prepareEngine({ modelPath, given: [], sources: ["rnn"] });
    });
    after(async () => {
      await underTest.release();
      await folder[Symbol.asyncDispose]();
    });

    it("are the network's own as measured in training", async () => {
      const model = await LanguageModel.load(folder.join("tiny.onnx"));
      const [expected] = await costs(model, [text]);
      await model.release();
      const { chars, bits } = await measureFile(underTest, { name: "a.js", text });
      assert.equal(chars, expected!.chars);
      assert.ok(Math.abs(bits - expected!.bits) < 1e-3 * expected!.bits, `${bits} and ${expected!.bits}`);
    });

    it("are the sum over its characters, with those of a surrogate pair at its first unit", async () => {
      const { bits, characters } = await measureFile(underTest, { name: "a.js", text });
      assert.equal(characters.bits.length, text.length);
      const sum = characters.bits.reduce((total, own) => total + own, 0);
      assert.ok(Math.abs(sum - bits) < 1e-4 * bits);
      const pair = text.indexOf("😀");
      assert.ok(characters.bits[pair]! > 0 && characters.bits[pair + 1] === 0);
    });

    it("of an empty file are 0", async () => {
      assert.equal((await measureFile(underTest, { name: "empty", text: "" })).bits, 0);
    });
  });
}

describe("bits of a file by each source", () => {
  it("are the same whether the sources are measured together or each alone", async () => {
    await using folder = await Folder.with();
    const modelPath = await folder.write("tiny.onnx", tinyModelFile({ tokenizer: "byte" }).bytes);
    const readable = text.replaceAll("\uD800", "");
    const measured = async (...sources: Source[]): Promise<FileBits> => {
      const underTest = await prepareEngine({ modelPath, given: [], sources, precision: "float32" });
      const bits = await measureFile(underTest, { name: "a.js", text: readable });
      await underTest.release();
      return bits;
    };
    const { bits, bySource, characters } = await measured("rnn", "local");
    const [network, local] = [await measured("rnn"), await measured("local")];
    assert.ok(Math.abs(bySource.rnn! - network.bits) < 1e-4 * network.bits, `${bySource.rnn} and ${network.bits}`);
    assert.equal(bySource.local, local.bits);
    assert.deepEqual(characters.bySource.local, local.characters.bits);
    assert.ok(bits < network.bits && bits !== local.bits);
  });
});

describe("the mean of bits over files", () => {
  it("is taken over all characters, for all sources together and for each source in use", () => {
    const files = [
      { chars: 100, bits: 100, bySource: { rnn: 200 } },
      { chars: 300, bits: 900, bySource: { rnn: 1000 } },
    ];
    assert.deepEqual(meanBits(files), { chars: 400, bitsPerChar: 2.5, rnn: { bitsPerChar: 3 } });
  });
});
