import assert from "node:assert/strict";
import fc from "fast-check";
import { createTokenizer, startToken } from "../../src/model/tokenizer.ts";
import { Random } from "../../src/random.ts";
import { fillBatch, tokenStream } from "../../src/training/batches.ts";
import { assertEnough, sample, splitCorpus, type TextFile } from "../../src/training/corpus.ts";

const files = (sizes: readonly number[]): TextFile[] =>
  sizes.map((size, i) => ({ name: `file${i}.ts`, text: "x".repeat(size) }));
const chars = (list: readonly TextFile[]): number => list.reduce((sum, file) => sum + file.text.length, 0);

describe("holding out a share of a corpus", () => {
  it("loses no text and holds out about the share", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const all = files(sizes);
        const { train, heldOut } = splitCorpus(all, 0.2);
        assert.equal(chars(train) + chars(heldOut), chars(all));
        const share = chars(heldOut) / chars(all);
        assert.ok(share >= 0.1 && share < 0.31 + sizes.length / chars(all), `held out ${share}`);
      }),
    );
  });

  it("never holds out a file of more than a tenth of the text where others are there", () => {
    const { heldOut } = splitCorpus(files([5000, ...Array.from({ length: 50 }, () => 100)]), 0.1);
    assert.ok(heldOut.every((file) => file.text.length === 100));
  });

  it("depends on the files' names alone, not on their order", () => {
    const all = files(Array.from({ length: 30 }, () => 100));
    const names = (list: readonly TextFile[]): string[] => list.map((file) => file.name).sort();
    assert.deepEqual(names(splitCorpus([...all].reverse(), 0.1).heldOut), names(splitCorpus(all, 0.1).heldOut));
  });

  it("holds out the end of a single file", () => {
    const { train, heldOut } = splitCorpus([{ name: "a", text: "0123456789" }], 0.2);
    assert.deepEqual([train[0]!.text, heldOut[0]!.text], ["01234567", "89"]);
  });

  it("refuses a corpus that is too small, with the figures", () => {
    assert.throws(
      () => assertEnough(splitCorpus(files([100]), 0.1)),
      /too little text .* 90 characters to train on and 10 to measure/,
    );
  });
});

describe("a sample of the held-out files", () => {
  it("takes as much of each as fits, and all where all fits", () => {
    assert.deepEqual(
      sample(files([10, 20]), 10_000)
        .map((text) => text.length)
        .sort(),
      [10, 20],
    );
    assert.deepEqual(
      sample(files([9000, 100, 9000]), 12_000)
        .map((text) => text.length)
        .sort((a, b) => a - b),
      [100, 5950, 5950],
    );
    assert.equal(sample(files(Array.from({ length: 50 }, () => 9000)), 40_000).length, 10);
  });
});

describe("the batches", () => {
  const tokenizer = createTokenizer("byte", []);

  it("read the stream contiguously in each lane, targets one behind the inputs, and go round at its end", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (text, batch, window) => {
          const stream = tokenStream([text], tokenizer, 1);
          const into = new Int32Array((window + 1) * batch);
          for (let step = 0; step < 4; step++) {
            fillBatch(stream, step, batch, window, into);
            for (let lane = 0; lane < batch; lane++) {
              const start = Math.floor((lane * stream.length) / batch) + step * window;
              for (let t = 0; t <= window; t++)
                assert.equal(into[t * batch + lane], stream[(start + t) % stream.length]);
            }
          }
        },
      ),
    );
  });

  it("hold every file after a start token, in an order that the seed decides", () => {
    const texts = ["aa", "bb", "cc", "dd", "ee"];
    const read = (seed: number): string =>
      [...tokenStream(texts, tokenizer, seed)]
        .map((token) => (token === startToken ? "|" : String.fromCharCode(token)))
        .join("");
    assert.deepEqual(read(1).split("|").slice(1).sort(), texts);
    assert.equal(read(1), read(1));
    assert.ok([2, 3, 4].some((seed) => read(seed) !== read(1)));
  });
});

describe("the random numbers", () => {
  it("are spread evenly over [0, 1), and go on from a stored state", () => {
    const random = new Random(7);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.below(10)]!++;
    assert.ok(
      counts.every((count) => count > 850 && count < 1150),
      String(counts),
    );
    const state = random.save();
    const next = [random.next(), random.next()];
    const other = new Random(0);
    other.restore(state);
    assert.deepEqual([other.next(), other.next()], next);
  });
});
