import assert from "node:assert/strict";
import {
  type DecodedCharacter,
  type Decoding,
  decode,
  after as predictionAfter,
} from "../../../src/completion/decoding/decoder.ts";
import { probabilityOf } from "../../../src/completion/decoding/sampling.ts";
import { generate } from "../../../src/completion/generate.ts";
import { networkPrediction, type Prediction } from "../../../src/completion/prediction/predictor.ts";
import { readOn, readStart } from "../../../src/completion/prediction/reading.ts";
import { uniform } from "../../../src/completion/random.ts";
import type { LanguageModel } from "../../../src/model/language-model.ts";
import { tinyModel } from "../../support/models.ts";
import { countingReads } from "../reads.ts";
import { successionModel } from "../succession-model.ts";

const greedy: Decoding = { temperature: 0, draw: () => 0, withinLine: true };

async function predictionOf(model: LanguageModel, text: string): Promise<Prediction> {
  return networkPrediction(model, await readOn(model, await readStart(model), model.tokenizer.encode(text)));
}

async function take(characters: AsyncIterable<DecodedCharacter>, count: number): Promise<DecodedCharacter[]> {
  const taken: DecodedCharacter[] = [];
  for await (const character of characters) if (taken.push(character) === count) break;
  return taken;
}

function textOf(characters: readonly DecodedCharacter[]): string {
  return characters.map(({ text }) => text).join("");
}

describe("Decoding", () => {
  let random: LanguageModel;
  let chain: LanguageModel;
  before(async () => {
    random = await tinyModel();
    chain = await successionModel([
      { text: "ab", probability: 0.8 },
      { text: "b中c🙂d", probability: 0.9 },
      "d\n",
      "xyz\0",
    ]);
  });
  after(async () => {
    await random.release();
    await chain.release();
  });

  it("takes the likeliest token at each step, given all before", async () => {
    const characters = await take(
      decode(await predictionOf(random, "if ("), { ...greedy, withinLine: false, isEndless: true }),
      20,
    );
    for (const { before, tokens } of characters) {
      const likeliest = before.logits.indexOf(Math.max(...before.logits));
      // Where the likeliest byte is not allowed, another one was taken.
      if (likeliest >= 0x20 && likeliest < 0x7f) assert.deepEqual(tokens, [likeliest]);
    }
    const read = await predictionOf(random, `if (${textOf(characters.slice(0, -1))}`);
    assert.ok(characters.at(-1)!.before.logits.every((logit, i) => Math.abs(logit - read.logits[i]!) < 1e-4));
  });

  it("gives whole characters with the product of their tokens' probabilities", async () => {
    const characters = await take(decode(await predictionOf(chain, "a"), greedy), 10);
    assert.equal(textOf(characters), "b中c🙂d");
    [0.8, 0.9 ** 3, 0.9, 0.9 ** 4, 0.9].forEach((probability, i) => {
      assert.ok(Math.abs(characters[i]!.probability - probability) < 1e-4);
    });
  });

  it("gives probabilities at temperature 1 at any temperature", async () => {
    const from = await predictionOf(chain, "a");
    const [character] = await take(decode(from, { ...greedy, temperature: 2, draw: () => 0.5 }), 1);
    assert.equal(character!.probability, probabilityOf(from.logits, character!.tokens[0]!));
  });

  it("ends before a line feed and before the end of the document", async () => {
    assert.equal(textOf(await take(decode(await predictionOf(chain, "c🙂"), greedy), 10)), "d");
    assert.equal(textOf(await take(decode(await predictionOf(chain, "x"), greedy), 10)), "yz");
  });

  it("continues after a line feed if it need not end with the line", async () => {
    const characters = await take(
      decode(await predictionOf(chain, "d"), { ...greedy, withinLine: false, isEndless: true }),
      5,
    );
    assert.equal(characters.length, 5);
    assert.equal(characters[0]!.text, "\n");
  });

  it("writes well-formed Unicode without control characters at any temperature", async () => {
    for (const temperature of [0, 1, 2]) {
      const draw = (offset: number, part: number) => uniform(3, 4 * offset + part);
      const decoding = { temperature, draw, withinLine: false, isEndless: true };
      const text = textOf(await take(decode(await predictionOf(random, ""), decoding), 400));
      assert.doesNotMatch(text, /\p{Surrogate}/u);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f\ufffd]/);
      assert.equal(random.tokenizer.decode(random.tokenizer.encode(text)), text);
    }
  });

  it("never writes the replacement character, with a char tokenizer", async () => {
    const model = await successionModel(["ab\ufffd"], "char");
    const text = textOf(
      await take(decode(await predictionOf(model, "a"), { ...greedy, withinLine: false, isEndless: true }), 20),
    );
    assert.doesNotMatch(text, /\ufffd/);
    await model.release();
  });

  it("never writes it byte by byte, or a control character, with a byte tokenizer", async () => {
    for (const unwanted of ["\ufffd", "\u0085"]) {
      const model = await successionModel([`a${unwanted}b`]);
      const [first] = await take(decode(await predictionOf(model, "a"), greedy), 1);
      assert.ok(first && first.tokens.length > 1 && first.text !== unwanted, JSON.stringify(first?.text));
      await model.release();
    }
  });

  it("costs no step for the last character", async () => {
    const { counted, reads } = countingReads(chain);
    const from = await predictionOf(counted, "z");
    reads.length = 0;
    await take(decode(from, { ...greedy, withinLine: false, isEndless: true }), 1);
    assert.deepEqual(reads, []);
  });

  it("can continue from any character", async () => {
    const characters = await take(
      decode(await predictionOf(random, "x"), { ...greedy, withinLine: false, isEndless: true }),
      12,
    );
    const middle = await predictionAfter(characters[5]!);
    const rest = await take(decode(middle, { ...greedy, withinLine: false, isEndless: true }), 6);
    assert.equal(textOf(rest), textOf(characters.slice(6)));
  });

  it("ends when it is cancelled", async () => {
    const controller = new AbortController();
    const characters: DecodedCharacter[] = [];
    const decoding = { ...greedy, withinLine: false, isEndless: true, signal: controller.signal };
    for await (const character of decode(await predictionOf(random, "x"), decoding)) {
      if (characters.push(character) === 3) controller.abort();
    }
    assert.equal(characters.length, 3);
  });
});

describe("Generating", () => {
  let model: LanguageModel;
  before(async () => {
    model = await tinyModel();
  });
  after(async () => await model.release());

  async function generated(options: Partial<Parameters<typeof generate>[1]>): Promise<string> {
    let text = "";
    const generation = { prompt: "function ", length: 60, temperature: 0.7, seed: 1, ...options };
    for await (const character of generate(model, generation)) text += character.text;
    return text;
  }

  it("gives as many characters as requested", async () => {
    for (const length of [0, 1, 60]) assert.equal([...(await generated({ length, temperature: 1 }))].length, length);
  });

  it("gives the same text for the same seed and another one for another", async () => {
    assert.equal(await generated({ seed: 1 }), await generated({ seed: 1 }));
    assert.notEqual(await generated({ seed: 1 }), await generated({ seed: 2 }));
  });

  it("does not depend on the seed at temperature 0 or when it draws from a single token", async () => {
    const greedy = await generated({ temperature: 0 });
    assert.equal(await generated({ temperature: 0, seed: 2 }), greedy);
    assert.equal(await generated({ topK: 1, seed: 3 }), greedy);
    assert.equal(await generated({ topP: 0, seed: 4 }), greedy);
  });

  it("gives the probability of its characters", async () => {
    let sum = 0;
    for await (const { logProbability } of generate(model, { prompt: "", length: 5, temperature: 1, seed: 1 })) {
      assert.ok(logProbability < 0);
      sum += logProbability;
    }
    assert.ok(sum > -100);
  });
});
