import assert from "node:assert/strict";
import fc from "fast-check";
import { assertEnough, charsOf, sample, splitCorpus } from "../../src/corpus/corpus.ts";
import { type TextSource, textOf, textSource } from "../../src/corpus/text-source.ts";

const files = (sizes: readonly number[]): TextSource[] =>
  sizes.map((size, i) => textSource(`file${i}.ts`, String.fromCodePoint(0x4e00 + i).repeat(size)));

describe("holding out a share of a corpus", () => {
  it("loses no text and holds out about the share", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const all = files(sizes);
        const { train, heldOut } = splitCorpus(all, 0.2);
        assert.equal(charsOf(train) + charsOf(heldOut), charsOf(all));
        const share = charsOf(heldOut) / charsOf(all);
        assert.ok(share >= 0.1 && share < 0.31 + sizes.length / charsOf(all), `held out ${share}`);
      }),
    );
  });

  it("never holds out a file with more than a tenth of the text if there are others", () => {
    const { heldOut } = splitCorpus(files([5000, ...Array.from({ length: 50 }, () => 100)]), 0.1);
    assert.ok(heldOut.every((file) => file.chars === 100));
  });

  it("puts copies on one side, once, whatever their names and order", () => {
    const originals = files(Array.from({ length: 30 }, () => 100));
    const copies = originals.map((file, i) => textSource(`copy-of-${i}.ts`, textOf(file)));
    for (const all of [[...originals, ...copies], [...copies, ...originals].reverse()]) {
      const { train, heldOut } = splitCorpus(all, 0.2);
      const hashes = [...train, ...heldOut].map((file) => file.hash);
      assert.equal(hashes.length, 30);
      assert.equal(new Set(hashes).size, 30);
      assert.ok([...train, ...heldOut].every((file) => file.name.startsWith("copy-of-")));
    }
  });

  it("depends on the files' names alone, not on their order", () => {
    const all = files(Array.from({ length: 30 }, () => 100));
    const names = (list: readonly TextSource[]): string[] => list.map((file) => file.name).sort();
    assert.deepEqual(names(splitCorpus([...all].reverse(), 0.1).heldOut), names(splitCorpus(all, 0.1).heldOut));
  });

  it("holds out the end of a single file", () => {
    const { train, heldOut } = splitCorpus([textSource("a", "0123456789")], 0.2);
    assert.deepEqual([textOf(train[0]!), textOf(heldOut[0]!)], ["01234567", "89"]);
  });

  it("refuses a corpus that is too small, with the figures", () => {
    assert.throws(
      () => assertEnough(splitCorpus(files([100]), 0.1), 64),
      /too little text .* 90 characters to train on and 10 held out/,
    );
    assert.throws(
      () => assertEnough(splitCorpus(files([2000]), 0.1), 2048),
      /1,800 characters to train on .* at least 2,048 for windows of 2,048 tokens/,
    );
  });
});

describe("a sample of the held-out files", () => {
  it("takes as much of each file as fits, and everything if all of it fits", () => {
    assert.deepEqual(
      sample(files([10, 20]), 10_000)
        .map((source) => source.chars)
        .sort(),
      [10, 20],
    );
    assert.deepEqual(
      sample(files([9000, 100, 9000]), 12_000)
        .map((source) => source.chars)
        .sort((a, b) => a - b),
      [100, 5950, 5950],
    );
    assert.equal(sample(files(Array.from({ length: 50 }, () => 9000)), 40_000).length, 10);
  });
});
