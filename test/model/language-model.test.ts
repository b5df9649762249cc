import assert from "node:assert/strict";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "onnxruntime-node";
import { concat, reshape, squeeze } from "../../src/graph/reshaping.ts";
import { scan } from "../../src/graph/scan.ts";
import { constant, input, type Value } from "../../src/graph/value.ts";
import { bitsPerChar, costs } from "../../src/model/bits-per-char.ts";
import { cellNames, cells } from "../../src/model/cells.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { decodeModelFile, encodeModelFile, precisions } from "../../src/model/model-file.ts";
import { createTokenizer, startToken } from "../../src/model/tokenizer.ts";
import {
  fileOfMetadata,
  hugeModelFile,
  modelFileOf,
  randomWeights,
  tinyModel,
  tinyModelFile,
} from "../support/models.ts";
import { evaluate, randomArray } from "../support/session.ts";

for (const [name, cell] of Object.entries(cells)) {
  describe(`the ${name} cell`, () => {
    it("computes the same with its own step, in a loop, as with ONNX's operator", async () => {
      const [time, batch, inputSize, hidden] = [5, 3, 4, 6];
      const parameters = Object.fromEntries(
        cell.parameters(inputSize, hidden).map(({ name, shape }, i) => [
          name,
          constant(
            randomArray(
              shape.reduce((a, b) => a * b),
              i + 1,
              0.7,
            ),
            shape,
            name,
          ),
        ]),
      );
      const x = input("x", "float32", [time, batch, inputSize]);
      const states = cell.states.map((state) => input(state, "float32", [1, batch, hidden]));
      const stepped = scan(
        states.map((state) => squeeze(state, 0)),
        [cell.project(x, parameters)],
        (previous, [projected]) => {
          const next = cell.step(projected!, previous, parameters);
          return { states: next, outputs: [next[0]!] };
        },
      );
      const layer = cell.layer(x, states, parameters);
      const flat = (values: readonly Value[]): Value =>
        concat(
          values.map((value) => reshape(value, [value.shape.reduce<number>((a, b) => a * Number(b), 1)])),
          0,
        );
      const inputs = new Map<Value, Float32Array>([[x, randomArray(time * batch * inputSize, 50)]]);
      states.forEach((state, i) => inputs.set(state, randomArray(batch * hidden, 60 + i)));
      const [loop, operator] = await evaluate(inputs, [
        flat([stepped.outputs[0]!, ...stepped.states]),
        flat([layer.output, ...layer.states]),
      ]);
      assert.equal(loop!.length, operator!.length);
      loop!.forEach((value, i) =>
        assert.ok(Math.abs(value - operator![i]!) < 1e-5, `${i}: ${value} and ${operator![i]}`),
      );
    });
  });
}

describe("a language model", () => {
  it("reads tokens at once or one at a time, to the same logits and state", async () => {
    const model = await tinyModel({ layers: 2 });
    const tokens = Int32Array.from([startToken, 102, 111, 114, 32]);
    const whole = await model.read(model.start(), tokens);
    let state = model.start();
    for (const [i, token] of tokens.entries()) {
      const reading = await model.read(state, Int32Array.of(token));
      state = reading.state;
      const expected = whole.logits.subarray(i * 256, (i + 1) * 256);
      assert.equal(reading.logits.length, expected.length);
      reading.logits.forEach((value, j) => assert.ok(Math.abs(value - expected[j]!) < 1e-4));
    }
    await model.release();
  });

  it("keeps the texts of a batch apart", async () => {
    const model = await tinyModel();
    const alone = await model.read(model.start(), Int32Array.of(97, 98, 99));
    const batch = await model.read(model.start(2), Int32Array.of(120, 97, 121, 98, 122, 99));
    const last = alone.logits.subarray(2 * 256);
    assert.equal(last.length, 256);
    batch.logits.subarray(5 * 256).forEach((value, i) => assert.ok(Math.abs(value - last[i]!) < 1e-5));
    await model.release();
  });

  it("never changes a state that it was given", async () => {
    const model = await tinyModel();
    const { state } = await model.read(model.start(), Int32Array.of(97));
    const before = state.map((tensor: Tensor) => Float32Array.from(tensor.data as Float32Array));
    await model.read(state, Int32Array.of(98, 99));
    state.forEach((tensor, i) => assert.deepEqual(tensor.data, before[i]));
    await model.release();
  });

  it("gives back its weights and what it says about itself", () => {
    const { info, bytes } = tinyModelFile({ tokenizer: "char" });
    const stored = decodeModelFile(bytes, "m.onnx");
    assert.deepEqual(stored.info, info);
    assert.deepEqual(encodeModelFile(stored.info, stored.weights), bytes);
  });
});

describe("a model file that is no good", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "murmur-test-"));
  });
  after(() => rm(folder, { recursive: true }));

  const loading = async (bytes: Uint8Array): Promise<LanguageModel> => {
    const path = join(folder, "m.onnx");
    await writeFile(path, bytes);
    return LanguageModel.load(path);
  };
  const { bytes } = tinyModelFile();
  const edited = (from: string, to: string): Buffer =>
    Buffer.from(Buffer.from(bytes).toString("latin1").replace(from, to), "latin1");

  it("is named if it does not exist", () =>
    assert.rejects(LanguageModel.load(join(folder, "none.onnx")), /none\.onnx can't be read .*Check the path/));
  it("is named as it is asked for if it is given as bytes", async () => {
    const classifier = tinyModelFile({ labels: ["c", "go"] }).bytes;
    await assert.rejects(LanguageModel.load(classifier, { name: "its.onnx" }), /its\.onnx is a classifier/);
    await assert.rejects(LanguageModel.load(new Uint8Array(), { name: "its.onnx" }), /its\.onnx is not an ONNX file/);
  });
  it("is named if it is cut", () =>
    assert.rejects(loading(bytes.subarray(0, bytes.length / 2)), /m\.onnx is not an ONNX file, or is incomplete/));
  it("is named if it is empty", () =>
    assert.rejects(loading(new Uint8Array()), /m\.onnx is not an ONNX file, or is incomplete/));
  it("is named if it is text", () =>
    assert.rejects(loading(Buffer.from("{}\n")), /m\.onnx is not an ONNX file, or is incomplete/));
  it("is named with both versions if it has another format version", () =>
    assert.rejects(
      loading(edited('"formatVersion":1', '"formatVersion":7')),
      /m\.onnx has format version 7; this Murmur reads version 1/,
    ));
  it("is named if it is an ONNX model of another kind", () =>
    assert.rejects(loading(edited("murmur\u0012", "mermer\u0012")), /not one of Murmur's/));
  it("is named if its tied embeddings are not as wide as its hidden state", () =>
    assert.rejects(
      loading(edited(`"tied":false`, `"tied":true `)),
      /m\.onnx is not valid .*as wide as the hidden state/s,
    ));
  it("is named if its metadata is damaged", () =>
    assert.rejects(loading(edited('"cell":"lstm"', '"cell":"lstx"')), /metadata of the model .*m\.onnx is not valid/));
  it("is named if its metadata is so long that reading it would take all memory", () =>
    assert.rejects(loading(fileOfMetadata(`[${"0,".repeat(8e6)}0]`)), /metadata of the model .*m\.onnx can't be read/));
  it("is named with both sizes if it is too large, and not read", async () => {
    await using file = await open(join(folder, "large.onnx"), "w");
    await file.truncate(3e9);
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    await assert.rejects(
      LanguageModel.load(join(folder, "large.onnx")),
      /large\.onnx is too large for a model: it has 2,862 MB, and at most 256 are read\. Choose/,
    );
    assert.ok(performance.now() - begun < 2_000);
    assert.ok(process.memoryUsage().rss - before < 200e6);
  });
  it("is named with both numbers of weights if its network is too large, whatever else it has", () =>
    assert.rejects(
      loading(hugeModelFile()),
      /m\.onnx is a network of 1,0\d\d million weights, and at most 60 million are run\. Train one with fewer/,
    ));
  for (const name of decodeModelFile(bytes, "m.onnx").weights.keys()) {
    it(`is named if one of the weights ${name} would make predictions infinite`, async () => {
      const { info, weights } = decodeModelFile(bytes, "m.onnx");
      weights.get(name)?.set([3e38], 7);
      await assert.rejects(
        LanguageModel.load(encodeModelFile(info, weights), { name: "m.onnx" }),
        new RegExp(`m\\.onnx has weights "${name}" that are far too large`),
      );
    });
  }
  it("is run if its weights are as large as any that are taken, and predicts numbers", async () => {
    for (const cell of cellNames) {
      const architecture = { ...tinyModelFile({ layers: 3 }).info.architecture, cell };
      const tokenizer = createTokenizer("byte", []);
      const weights = randomWeights(architecture, tokenizer).map((all) => all.map((one) => Math.sign(one) * 1e6));
      for (const precision of precisions) {
        const model = await LanguageModel.load(modelFileOf(architecture, tokenizer, weights).bytes, { precision });
        const { logits } = await model.read(
          model.start(),
          Int32Array.from({ length: 256 }, (_, i) => i),
        );
        assert.ok(logits.every(Number.isFinite));
        await model.release();
      }
    }
  });
});

/** That each of the texts, read side by side, costs what it costs by itself; an empty one nothing. */
async function assertAsAlone(model: LanguageModel, texts: readonly string[]): Promise<void> {
  const together = await costs(model, texts);
  for (const [i, text] of texts.entries()) {
    const [alone] = await costs(model, [text]);
    assert.equal(together[i]!.chars, text.length);
    const error = Math.abs(together[i]!.bits - alone!.bits);
    assert.ok(text === "" ? error === 0 : error < 1e-3 * alone!.bits, `${error} of ${alone!.bits}`);
  }
}

describe("bits per character", () => {
  it("are those of each text by itself, however many are read side by side", async () => {
    const model = await tinyModel();
    const texts = Array.from({ length: 40 }, (_, i) => "for (let i = 0; i < 10; i++) {}\n".repeat(i % 7).slice(i % 5));
    await assertAsAlone(model, texts);
    await model.release();
  });

  it("are so too where there are thousands of tokens, of which fewer are read at once", async () => {
    const alphabet = Array.from({ length: 3000 }, (_, i) => String.fromCharCode(0x4e00 + i));
    const tokenizer = createTokenizer("char", [alphabet.join("")]);
    const { architecture } = tinyModelFile().info;
    const weights = randomWeights(architecture, tokenizer);
    const model = await LanguageModel.load(modelFileOf(architecture, tokenizer, weights).bytes);
    const texts = Array.from({ length: 32 }, (_, i) => alphabet.slice(i * 20, i * 20 + 100 + i).join(""));
    await assertAsAlone(model, texts);
    await model.release();
  });

  it("are those that the logits give, from the first character on", async () => {
    const model = await tinyModel();
    const text = "x = 1;\n";
    const tokens = model.tokenizer.encode(text);
    const { logits } = await model.read(model.start(), Int32Array.from([startToken, ...tokens]));
    let bits = 0;
    tokens.forEach((token, i) => {
      const row = logits.subarray(i * 256, (i + 1) * 256);
      const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
      bits -= Math.log2(Math.exp(row[token]!) / total);
    });
    assert.ok(Math.abs(bitsPerChar(await costs(model, [text])) - bits / text.length) < 1e-4);
    await model.release();
  });
});
