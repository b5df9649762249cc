import assert from "node:assert/strict";
import { generate } from "../../../src/completion/generate.ts";
import { networkPrediction } from "../../../src/completion/prediction/predictor.ts";
import { classify } from "../../../src/model/classify.ts";
import type { Architecture, Task } from "../../../src/model/info.ts";
import { LanguageModel } from "../../../src/model/language-model.ts";
import { createTokenizer, type TokenizerKind } from "../../../src/model/tokenizer.ts";
import { TextReading } from "../../../src/server/playground/text-reading.ts";
import { Writing } from "../../../src/server/playground/writing.ts";
import { modelFileOf, randomWeights } from "../../support/models.ts";

const turn = async (): Promise<void> => undefined;

function modelFor(task: Task, kind: TokenizerKind = "byte"): Promise<LanguageModel> {
  const architecture: Architecture = {
    cell: "lstm",
    layers: 2,
    hidden: 12,
    embedding: 8,
    residual: true,
    layerNorm: true,
    tied: false,
    task,
    labels: task === "many-to-one" ? ["go", "rust", "python"] : [],
  };
  const tokenizer = createTokenizer(kind, ["for word for word for word = 0; € é\n"]);
  return LanguageModel.loadAny(modelFileOf(architecture, tokenizer, randomWeights(architecture, tokenizer)).bytes);
}

describe("a text that is read token by token", () => {
  const conditions = {
    "one-to-many": (condition: string) => ({ context: condition }),
    "sequence-to-sequence": (condition: string) => ({ following: condition }),
    "many-to-many": () => ({}),
  } as const;

  for (const [task, asOption] of Object.entries(conditions)) {
    it(`goes on as "murmur generate" does (${task}), whatever was read before`, async () => {
      const model = await modelFor(task as keyof typeof conditions);
      const reading = new TextReading(model);
      const texts = [
        ["for € = 0", "src/a.ts"],
        ["for € = 0", "lib/b.py"],
        ["for", "lib/b.py"],
        ["for € = 0; x", "lib/b.py"],
        ["for € = 0; x", ""],
        ["", "src/a.ts"],
      ] as const;
      for (const [prompt, condition] of texts) {
        await reading.read(prompt, condition, turn);
        const sampling = { temperature: 0.9, seed: 5 };
        const writing = new Writing(networkPrediction(model, reading.last), sampling);
        const { sampled } = await writing.between(0, 12, turn);
        let expected = "";
        const option = condition === "" ? {} : asOption(condition);
        for await (const { text } of generate(model, { prompt, length: 12, ...sampling, ...option })) expected += text;
        assert.equal(sampled.map(({ text }) => text).join(""), expected, JSON.stringify([prompt, condition]));
      }
      await model.release();
    });
  }

  it("ends with the probabilities of its labels that classifying it gives", async () => {
    const model = await modelFor("many-to-one");
    const reading = new TextReading(model);
    for (const text of ["for word", "for € = 0", "for", ""]) {
      await reading.read(text, "", turn);
      const [likeliest] = await classify(model, text);
      assert.ok(Math.abs(Math.max(...(reading.labels ?? [])) - (likeliest?.probability ?? 0)) < 1e-5);
    }
    await model.release();
  });

  it("is in pieces that are characters, or words", async () => {
    const pieces = async (kind: TokenizerKind, text: string): Promise<string[]> => {
      const model = await modelFor("many-to-many", kind);
      const reading = new TextReading(model);
      await reading.read(text, "", turn);
      await model.release();
      return reading.pieces.map((piece) => piece.text);
    };
    assert.deepEqual(await pieces("byte", "a€😀b"), ["a", "€", "😀", "b"]);
    assert.deepEqual(await pieces("char", "a€😀b"), ["a", "€", "😀", "b"]);
    assert.deepEqual(await pieces("word", "for word é"), ["for", " ", "word", " ", "é"]);
  });

  it("keeps what was read when it is not wanted any more, and goes on from there", async () => {
    const model = await modelFor("many-to-many");
    const reading = new TextReading(model);
    let turns = 0;
    const until = (most: number) => async () => {
      if (++turns > most) throw new Error("not wanted");
    };
    await assert.rejects(reading.read("for word", "", until(4)), /not wanted/);
    turns = 0;
    await reading.read("for word", "", until(5));
    assert.equal(reading.pieces.length, 8);
    await model.release();
  });
});
