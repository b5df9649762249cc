import assert from "node:assert/strict";
import fc from "fast-check";
import { markOf, Place } from "../../../src/completion/prediction/local/place.ts";
import {
  decodeParameters,
  encodeParameters,
  loadParameters,
} from "../../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { byteCosts } from "../../../src/completion/prediction/text-cost.ts";
import { bytesOf } from "../../../src/completion/text.ts";
import { bitsPerChar, costs } from "../../../src/model/bits-per-char.ts";
import type { LanguageModel } from "../../../src/model/language-model.ts";
import { Random } from "../../../src/random.ts";
import { tinyModel } from "../../support/models.ts";
import { successionModel } from "../succession-model.ts";

const sizes = { successors: 14, direct: 16, history: 14 };

function learn(mixture: Mixture, text: string, place = new Place()): Place {
  for (const byte of bytesOf(text)) mixture.local.learn(place, byte);
  return place;
}

function placeAfter(mixture: Mixture, text: string): Place {
  const place = new Place();
  for (const byte of bytesOf(text)) mixture.local.advance(place, byte);
  return place;
}

const text = fc.string({ unit: fc.constantFrom("a", "b", "(", ")", " ", "\n", "x1", "é"), maxLength: 60 });
const network = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 256, maxLength: 256 })
  .map((weights) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    return Float32Array.from(weights, (weight) => weight / sum);
  });

/** A small source file, and a second one that uses its names. */
const first = Array.from(
  { length: 20 },
  (_, i) => `function frobnicate${i}(wibbles) {\n  return wibbles.zorble(${i});\n}\n`,
).join("\n");

describe("The mixture", () => {
  it("gives a distribution at every place, with and without the network, whatever was learned", () => {
    fc.assert(
      fc.property(text, text, fc.option(network), (learned, before, given) => {
        const mixture = new Mixture(sizes);
        learn(mixture, learned);
        const distribution = mixture.distribution(placeAfter(mixture, before), given ?? undefined);
        const sum = distribution.reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum - 1) < 1e-3, `the sum is ${sum}`);
        assert.ok(distribution.every((p) => p > 0));
      }),
      { numRuns: 50 },
    );
  });

  it("equals a new mixture after forgetting and loading the fitted parameters", async () => {
    const mixture = new Mixture(sizes);
    await byteCosts(mixture, bytesOf(first), {});
    mixture.forget();
    await loadParameters(mixture);
    const fresh = new Mixture(sizes);
    await loadParameters(fresh);
    const { parameters, contents } = mixture.snapshot();
    assert.deepEqual(
      { parameters, contents },
      { parameters: fresh.snapshot().parameters, contents: fresh.snapshot().contents },
    );
  });

  it("forgets how well the sources predicted recently, also in a text that goes on", async () => {
    const mixture = new Mixture(sizes);
    await loadParameters(mixture);
    const place = new Place();
    const { means } = place.recent;
    const type = (text: string): void => {
      for (const byte of bytesOf(text)) {
        mixture.learnMixing(place, undefined, byte);
        mixture.local.learn(place, byte);
      }
    };
    const initial = [...means];
    type(first);
    assert.notDeepEqual([...means], initial);
    mixture.forget();
    mixture.look(place, undefined);
    assert.deepEqual([...means], initial);
    type(first);
    assert.notDeepEqual([...means], initial);
  });

  it("codes a byte at the cost that its distribution gives", async () => {
    const mixture = new Mixture(sizes);
    await byteCosts(mixture, bytesOf(first), {});
    const place = placeAfter(mixture, "function frobnicate3(wibb");
    const byte = "l".charCodeAt(0);
    const probability = mixture.distribution(place, undefined)[byte]!;
    const cost = mixture.learnMixing(place, undefined, byte);
    assert.ok(Math.abs(cost + Math.log2(probability)) < 0.02);
  });

  it("expects what it has read: invented names cost little the second time", async () => {
    const bytes = bytesOf(first);
    const mixture = new Mixture(sizes);
    const total = (costs: Float32Array) => costs.reduce((a, b) => a + b, 0) / costs.length;
    const fresh = total((await byteCosts(mixture, bytes, {})).mixed);
    const again = total((await byteCosts(mixture, bytes, {})).mixed);
    assert.ok(again < fresh / 4, `${fresh} bits a byte at first, then ${again}`);
  });

  it("learns how far to trust a network that is right", async () => {
    const mixture = new Mixture(sizes);
    const bytes = bytesOf(first);
    const certain = (byte: number) => Float32Array.from({ length: 256 }, (_, i) => (i === byte ? 0.999 : 0.001 / 255));
    const costs = Array.from(bytes, (byte) => {
      const place = new Place();
      return mixture.learnMixing(place, certain(byte), byte);
    });
    assert.ok(costs.slice(-100).reduce((a, b) => a + b, 0) < 10);
  });

  /** Bits per byte of a text: by the network alone, by the local model alone, and by both, mixed. */
  async function bitsOf(model: LanguageModel, text: string): Promise<{ net: number; local: number; mixed: number }> {
    const total = (costs: Float32Array) => costs.reduce((a, b) => a + b, 0) / costs.length;
    const bytes = bytesOf(text);
    const net = bitsPerChar(await costs(model, [text]));
    const local = total((await byteCosts(new Mixture(sizes), bytes, {})).mixed);
    const mixed = total((await byteCosts(new Mixture(sizes), bytes, { model })).mixed);
    await model.release();
    return { net, local, mixed };
  }

  it("is about as good as the local model where the network knows nothing", async () => {
    const { net, local, mixed } = await bitsOf(await tinyModel(), first);
    assert.ok(local < net / 2, `${local} and ${net}`);
    assert.ok(mixed < 1.1 * local, `${mixed} against ${local}`);
  });

  it("is nearly as good as the network where the text repeats nothing that the local model could learn", async () => {
    const random = new Random(1);
    const alphabet = Array.from({ length: 90 }, (_, i) => String.fromCharCode(33 + i));
    // Each character has two successors, equally likely; the network knows which.
    const successors = alphabet.map(() => [0, 0].map(() => random.below(alphabet.length)));
    const pairs = successors.flatMap((of, from) => of.map((to) => `${alphabet[from]}${alphabet[to]}`));
    let at = 0;
    const text = Array.from({ length: 1500 }, () => {
      at = successors[at]![random.below(2)]!;
      return alphabet[at];
    }).join("");
    const chains = pairs.map((pair) => ({ text: pair, probability: 0.495 }));
    const { net, local, mixed } = await bitsOf(await successionModel(chains), text);
    assert.ok(net < local / 2, `${net} and ${local}`);
    assert.ok(mixed < 1.3 * net, `${mixed} against ${net}`);
  });

  it("is the same again after it is restored to a snapshot", () => {
    const mixture = new Mixture(sizes);
    learn(mixture, first);
    const snapshot = mixture.snapshot();
    const before = mixture.distribution(placeAfter(mixture, "function "), undefined);
    const place = learn(mixture, "something else entirely ".repeat(50));
    for (const byte of bytesOf("xyz")) mixture.learnMixing(place, undefined, byte);
    assert.notDeepEqual(mixture.distribution(placeAfter(mixture, "function "), undefined), before);
    mixture.restore(snapshot);
    assert.deepEqual(mixture.distribution(placeAfter(mixture, "function "), undefined), before);
  });

  it("predicts from clones of a place as from the place itself", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const mixture = new Mixture(sizes);
        learn(mixture, first + before + after);
        const place = placeAfter(mixture, before);
        const clone = place.clone();
        for (const byte of bytesOf("other")) mixture.local.advance(place, byte);
        for (const byte of bytesOf(after)) mixture.local.advance(clone, byte);
        const whole = mixture.distribution(placeAfter(mixture, before + after), undefined);
        assert.deepEqual(mixture.distribution(clone, undefined), whole);
      }),
      { numRuns: 50 },
    );
  });

  it("distinguishes what was seen last in the same text from what was seen last in another", () => {
    const mixture = new Mixture(sizes);
    const isHere = (mark: number, before: string): boolean => {
      const place = new Place(mark);
      for (const byte of bytesOf(before)) mixture.local.advance(place, byte);
      const { seen, seenHere } = mixture.look(place, undefined);
      assert.ok(seen > 10, `${seen} contexts were seen before`);
      return seenHere > 0;
    };
    learn(mixture, "call(zorbleFrobnicator);\n", new Place(1));
    assert.equal(isHere(1, "call(zorbleF"), true);
    assert.equal(isHere(2, "call(zorbleF"), false);
    learn(mixture, "call(zorbleFrobnicator);\n", new Place(2));
    assert.equal(isHere(2, "call(zorbleF"), true);
    assert.equal(isHere(1, "call(zorbleF"), false);
  });

  it("takes the cells of a notebook for one text, and files of a folder with # in its name for several", () => {
    const marksOf = (names: readonly string[]): number => new Set(names.map(markOf)).size;
    const numbered = (of: (i: number) => string): string[] => Array.from({ length: 20 }, (_, i) => of(i));
    assert.equal(marksOf(numbered((i) => `vscode-notebook-cell:/home/me/a.ipynb#W${i}s`)), 1);
    assert.ok(marksOf(numbered((i) => `/home/me/C#/part${i}.cs`)) > 10);
    assert.ok(marksOf(numbered((i) => `c:\\work\\C#\\part${i}.cs`)) > 10);
  });

  it("takes back what was counted in texts with any marks", () => {
    const mark = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(text, mark, mark, (learned, first, second) => {
        const mixture = new Mixture(sizes);
        const { local } = mixture;
        for (const own of [first, second]) learn(mixture, learned, new Place(own));
        for (const own of [second, first]) {
          const place = new Place(own);
          for (const byte of bytesOf(learned)) local.unlearn(place, byte);
        }
        const [buckets, _direct, own] = local.contents;
        assert.ok(buckets?.every((byte) => byte === 0));
        assert.ok(own?.every((byte) => byte === 0));
      }),
      { numRuns: 50 },
    );
  });

  it("predicts without what follows a place in its own text, and then knows it again", () => {
    const mixture = new Mixture(sizes);
    const known = "for (let i = 0; i < items.length; i++) {\n";
    const line = "for (let i = 0; i < it";
    learn(mixture, known + line);
    const [place, following] = [placeAfter(mixture, known + line), ")".charCodeAt(0)];
    const before = mixture.distribution(place, undefined);
    learn(mixture, `${known}${line})`);
    const contents = mixture.local.contents.map((array) => array.slice());
    assert.ok(mixture.distribution(place, undefined)[following]! > 10 * before[following]!);
    const without = mixture.local.without(place, following, () => mixture.distribution(place, undefined));
    assert.ok(without[following]! < 2 * before[following]!, `${without[following]} and ${before[following]}`);
    assert.deepEqual(mixture.local.contents, contents);
  });

  it("learns less from what is rehearsed than from what is typed", () => {
    const [typed, rehearsed] = [false, true].map((isRehearsed) => {
      const mixture = new Mixture(sizes);
      const arrays = [mixture.mixer.parameters, mixture.local.parameters];
      const before = arrays.map((all) => all.map((array) => Array.from(array)));
      mixture.learnMixing(placeAfter(mixture, "a"), undefined, 0x62, isRehearsed);
      return arrays.map((all, i) =>
        all
          .flatMap((array, j) => Array.from(array, (value, k) => Math.abs(value - before[i]![j]![k]!)))
          .reduce((a, b) => a + b, 0),
      );
    });
    const [[weights, trust], [lessWeights, lessTrust]] = [typed!, rehearsed!];
    assert.ok(weights! > 2 * lessWeights! && lessWeights! > 0, `${weights} and ${lessWeights}`);
    assert.ok(trust! > 0);
    assert.equal(lessTrust, 0, "how far to trust counts is not learned from what is rehearsed");
  });

  it("keeps learning when its memory is full, without growing", () => {
    const mixture = new Mixture({ successors: 12, direct: 12, history: 10 });
    const sizeOf = () => mixture.local.contents.reduce((sum, array) => sum + array.byteLength, 0);
    const size = sizeOf();
    for (let i = 0; i < 40; i++) learn(mixture, `${first}${i}`);
    assert.equal(sizeOf(), size);
    const expected = mixture.distribution(placeAfter(mixture, "function frobnicate19(wib"), undefined);
    assert.equal(expected.indexOf(Math.max(...expected)), "b".charCodeAt(0));
  });
});

describe("Mixing parameters", () => {
  it("are read back as they were written", () => {
    const mixture = new Mixture(sizes);
    const place = new Place();
    for (const byte of bytesOf(first)) mixture.learnMixing(place, undefined, byte);
    const copy = new Mixture(sizes);
    decodeParameters(copy, encodeParameters(mixture), "test");
    assert.deepEqual(copy.parameters, mixture.parameters);
  });

  it("are refused if they are incomplete or of another kind, and the file is named", () => {
    const bytes = encodeParameters(new Mixture(sizes));
    for (const bad of [
      bytes.subarray(0, 1000),
      bytes.subarray(0, -1),
      Buffer.from("no parameters"),
      new Uint8Array(),
    ]) {
      assert.throws(() => decodeParameters(new Mixture(sizes), bad, "some.bin"), /some\.bin/);
    }
  });
});
