import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import fc from "fast-check";
import { boundaryBefore } from "../../src/boundary.ts";
import { fileSource, partOf, textOf, textSource } from "../../src/corpus/text-source.ts";
import { createTokenizer, normalizeText } from "../../src/model/tokenizer.ts";
import { Lanes } from "../../src/training/lanes.ts";
import { textExamples } from "../../src/training/tasks/texts.ts";
import { Folder } from "../support/folder.ts";
import { chosenFile } from "./support.ts";

const texts = fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", "\r", "\n", "\r\n", "\ufeff"), maxLength: 300 });

describe("a text source", () => {
  it("yields its text in pieces that split no character", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 50 }), (text, length) => {
        const pieces = [...textSource("a", text).pieces(length)];
        assert.equal(pieces.join(""), text);
        assert.ok(pieces.every((piece) => piece.length <= length && !/[\ud800-\udbff]$/.test(piece)));
      }),
    );
  });

  it("yields a part of its text from one character to another, and splits none", () => {
    fc.assert(
      fc.property(texts, fc.nat(300), fc.nat(300), (text, a, b) => {
        const [from, to] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
        const source = partOf(textSource("a", text), from, to);
        const part = textOf(source);
        const { chars, hash } = textSource("a", part);
        assert.deepEqual([source.chars, source.hash], [chars, hash]);
        assert.equal(part, text.slice(boundaryBefore(text, from), boundaryBefore(text, to)));
        assert.ok(!/\p{Surrogate}/u.test(part));
      }),
    );
  });

  it("reads a file of any size as the text that is learned, however the reads divide it", async () => {
    await using folder = await Folder.with();
    // Longer than what is read at once, with characters of several bytes and line ends at all places.
    const text = `${"é\r\n漢\r😀\n".repeat(20_000)}x`;
    await folder.write("a.txt", text);
    const source = await fileSource(chosenFile(folder, "a.txt"));
    const expected = normalizeText(text);
    assert.equal(textOf(source), expected);
    assert.equal(source.chars, expected.length);
    assert.equal(source.hash, textSource("a.txt", expected).hash);
  });

  it("leaves out the byte order mark", async () => {
    await using folder = await Folder.with({ "a.txt": "\ufeffsome text" });
    assert.equal(textOf(await fileSource(chosenFile(folder, "a.txt"))), "some text");
  });

  it("closes its file when its consumer stops", async () => {
    await using folder = await Folder.with({ "a.txt": "some text\n".repeat(20_000) });
    const source = await fileSource(chosenFile(folder, "a.txt"));
    const lanes = new Lanes(
      {
        carries: true,
        examplesOf: () => textExamples(source, createTokenizer("byte", []), { length: 100, withContext: false }),
      },
      { batch: 2, hidden: 1 },
    );
    const [tokens, targets, lossWeights] = [new Int32Array(8), new Int32Array(8), new Float32Array(8)];
    const open = (): number => readdirSync("/proc/self/fd").length;
    const before = open();
    lanes.fill({ tokens, targets, lossWeights, condition: new Int32Array(), enters: new Float32Array(2), states: [] });
    assert.equal(open(), before + 1);
    lanes[Symbol.dispose]();
    assert.equal(open(), before);
  });

  it("is empty once its file is deleted", async () => {
    await using folder = await Folder.with({ "a.txt": "some text" });
    const source = await fileSource(chosenFile(folder, "a.txt"));
    await rm(folder.join("a.txt"));
    assert.equal(textOf(source), "");
  });
});
