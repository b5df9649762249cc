import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeModel, encodeModel } from "../../src/graph/onnx.ts";
import { bitsPerChar, costs } from "../../src/model/bits-per-char.ts";
import { cellNames } from "../../src/model/cells.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import {
  decodeModelFile,
  encodeModelFile,
  encodeRunnable,
  type Precision,
  precisions,
} from "../../src/model/model-file.ts";
import { createSession, createTensor } from "../../src/model/onnx-runtime.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { createTokenizer } from "../../src/model/tokenizer.ts";
import { modelFileOf, randomWeights, tinyModelFile } from "../support/models.ts";

describe("a model file in int8", () => {
  const { info, bytes } = tinyModelFile({ hidden: 64, layers: 2 });
  const { weights } = decodeModelFile(bytes, "m.onnx");
  const small = encodeModelFile(info, weights, "int8");

  it("has about a quarter of the size", () => assert.ok(small.length < 0.32 * bytes.length, `${small.length}`));

  it("gives back each weight to half a step of its row, and biases as they were", () => {
    const stored = decodeModelFile(small, "m.onnx");
    assert.deepEqual(stored.info, info);
    for (const [name, values] of weights) {
      const found = stored.weights.get(name)!;
      if (name.endsWith("b")) assert.deepEqual(found, values);
      const columns = name.endsWith("b") ? values.length : name === "embedding" || name === "layer0.W" ? 8 : 64;
      for (let row = 0; row < values.length; row += columns) {
        const step = Math.max(...values.subarray(row, row + columns).map(Math.abs)) / 127;
        const error = Math.max(
          ...values.subarray(row, row + columns).map((value, i) => Math.abs(value - found[row + i]!)),
        );
        assert.ok(error <= 0.51 * step, `${name}, row ${row / columns}: ${error}`);
      }
    }
  });

  it("loses nothing when it is stored again", () => {
    const stored = decodeModelFile(small, "m.onnx");
    const again = decodeModelFile(encodeModelFile(info, stored.weights, "int8"), "m.onnx");
    for (const [name, values] of stored.weights) {
      again.weights.get(name)!.forEach((value, i) => assert.ok(Math.abs(value - values[i]!) <= 1e-6 * Math.abs(value)));
    }
  });

  it("is a file that ONNX Runtime runs as it is, with the same result", async () => {
    const [session, model] = [await createSession(small, {}), await LanguageModel.load(small)];
    const tokens = Int32Array.from([0, 97, 98]);
    const [h, c] = model.start();
    const { logits } = await session.run({
      tokens: createTensor("int32", tokens, [3, 1]),
      state_h: h!,
      state_c: c!,
    });
    const own = (await model.read(model.start(), tokens)).logits;
    own.forEach((value, i) => assert.ok(Math.abs(value - (logits!.data as Float32Array)[i]!) < 1e-4));
    await Promise.all([session.release(), model.release()]);
  });

  it("is named if the scales of a matrix are missing", async () => {
    const renamed = Buffer.from(
      Buffer.from(small).toString("latin1").replaceAll("layer0.W.scale", "layer0.W.scalx"),
      "latin1",
    );
    await assert.rejects(LanguageModel.load(renamed), /has no weights "layer0.W" of shape \[256,8\]/);
  });
});

describe("a network that computes in int8", () => {
  for (const cell of cellNames) {
    it(`predicts what it does in float32 (${cell})`, async () => {
      const tokenizer = createTokenizer("byte", []);
      const { architecture } = tinyModelFile({ hidden: 48, layers: 3 }).info;
      const own = { ...architecture, cell };
      const { bytes } = modelFileOf(own, tokenizer, randomWeights(own, tokenizer));
      const logitsIn = async (precision: Precision): Promise<Float32Array> => {
        const model = await LanguageModel.load(bytes, { precision });
        const { logits } = await model.read(
          model.start(),
          Int32Array.from({ length: 40 }, (_, i) => (i * 7) % 256),
        );
        await model.release();
        return logits;
      };
      const [exact, rounded] = [await logitsIn("float32"), await logitsIn("int8")];
      const scale = Math.sqrt(exact.reduce((sum, value) => sum + value ** 2, 0) / exact.length);
      const error = Math.sqrt(exact.reduce((sum, value, i) => sum + (value - rounded[i]!) ** 2, 0) / exact.length);
      assert.ok(error < 0.05 * scale, `${error} of ${scale}`);
    });
  }

  it("costs less than one per cent of the default model's bits", async () => {
    const text = await readFile(join(import.meta.dirname, "../../src/model/network.ts"), "utf8");
    const bits: number[] = [];
    for (const precision of precisions) {
      const model = await LanguageModel.load(findDefaultModel()!, { precision });
      bits.push(bitsPerChar(await costs(model, [text])));
      await model.release();
    }
    const [exact = 0, rounded = 0] = bits;
    assert.ok(Math.abs(rounded / exact - 1) < 0.01, `${rounded} instead of ${exact}`);
  });
});

describe("what is run of a model file", () => {
  const { bytes } = tinyModelFile();
  const stored = decodeModel(bytes);
  const withInitializers = (initializers: typeof stored.initializers): Uint8Array =>
    encodeModel({
      irVersion: 8,
      producer: "another",
      opset: 18,
      graph: {
        name: "another",
        nodes: [{ op: "NoSuchOperator", name: "n", inputs: ["tokens"], outputs: ["logits"], attributes: {} }],
        initializers: [...initializers.values()],
        inputs: [],
        outputs: [],
      },
      metadata: stored.metadata,
    });

  it("is the network of its weights, whatever graph the file has", async () => {
    const [model, same] = [
      await LanguageModel.load(bytes),
      await LanguageModel.load(withInitializers(stored.initializers)),
    ];
    const tokens = Int32Array.from([0, 97, 98]);
    assert.deepEqual((await same.read(same.start(), tokens)).logits, (await model.read(model.start(), tokens)).logits);
    await Promise.all([model.release(), same.release()]);
  });

  it("holds no word of the text that it was trained on, and nothing else of the metadata", () => {
    const tokenizer = createTokenizer("word", ["zorble quux ".repeat(20)]);
    const { architecture } = tinyModelFile().info;
    const { info, bytes } = modelFileOf(architecture, tokenizer, randomWeights(architecture, tokenizer));
    const { weights } = decodeModelFile(bytes, "m.onnx");
    assert.ok(Buffer.from(bytes).includes("zorble"));
    for (const precision of precisions) {
      const run = Buffer.from(encodeRunnable(info, weights, precision));
      for (const text of ["zorble", "tokenizer", "corpusHash"]) assert.ok(!run.includes(text), text);
    }
  });

  it("is nothing, if a weight is not a finite number", async () => {
    const spoiled = new Map(stored.initializers);
    const b = spoiled.get("output.b")!;
    const data = Uint8Array.from(b.data);
    new DataView(data.buffer).setFloat32(8, Number.NaN, true);
    spoiled.set("output.b", { ...b, data });
    await assert.rejects(
      LanguageModel.load(withInitializers(spoiled)),
      /weights "output\.b" that are far too large or not finite/,
    );
  });

  it("is nothing, if a matrix has another shape of the same size", async () => {
    const spoiled = new Map(stored.initializers);
    const R = spoiled.get("layer0.R")!;
    spoiled.set("layer0.R", { ...R, dims: [...R.dims].reverse() });
    await assert.rejects(
      LanguageModel.load(withInitializers(spoiled)),
      /has no weights "layer0\.R" of shape \[64,16\]/,
    );
  });
});
