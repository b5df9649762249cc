import assert from "node:assert/strict";
import fc from "fast-check";
import { code, exampleTable, shortened } from "../../../bench/sampling/examples.ts";
import { distinctShare, figuresOf } from "../../../bench/sampling/figures.ts";

const cycle = "the cat ".repeat(4);

describe("figures of generated texts", () => {
  it("count the texts with a cycle, and the characters of all texts that lie in one", () => {
    const texts = ["0123456789abcdef", `${cycle}sat.0123456789abcdefghijklm`, `x${cycle}`];
    const figures = figuresOf(texts.map((text, i) => ({ text, bits: 8 * i })));
    const chars = texts.join("").length;
    assert.deepEqual([figures.texts, figures.withCycle, figures.endInCycle], [3, 2, 1]);
    assert.equal(figures.shareInCycles, (2 * cycle.length) / chars);
    assert.equal(figures.bitsPerChar, 24 / chars);
  });

  it("take the mean over texts of the share of different four-character stretches", () => {
    const texts = ["abcdefg", "aaaaaaa"].map((text) => ({ text, bits: 0 }));
    assert.equal(figuresOf(texts).distinctFourGrams, (1 + 1 / 4) / 2);
  });
});

describe("the share of distinct stretches", () => {
  it("is 1 if none occurs twice, and there is one stretch if the text is one character", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), (length) => {
        const count = length - 3;
        assert.equal(distinctShare("a".repeat(length), 4), 1 / count);
        assert.equal(distinctShare(Array.from({ length }, (_, i) => String.fromCharCode(65 + i)).join(""), 4), 1);
      }),
    );
    assert.ok(Number.isNaN(distinctShare("abc", 4)));
  });
});

describe("examples of cycles", () => {
  const prompt = { kind: "prose", text: "One" };

  it("show the most likely text's cycle twice, and the text of the lowest temperature without one", () => {
    const texts = [` day ${cycle}`, ` day, ${cycle}sat.`, " day it rained.", " day."].map((text, i) => ({
      temperature: i / 2,
      text,
    }));
    assert.deepEqual(exampleTable([{ prompt, texts }], ["go", "prose"]).split("\n").slice(2), [
      "| `One` | 0 | ` day the cat the cat …` |",
      "| `One` | 1 | ` day it rained. …` |",
    ]);
  });

  it("leave out prompts without a readable cycle", () => {
    const likeliest = ["no cycle", "0".repeat(30), `${cycle}sat.`];
    const tried = likeliest.map((text) => ({
      prompt,
      texts: [
        { temperature: 0, text },
        { temperature: 1, text: "" },
      ],
    }));
    assert.equal(exampleTable(tried, ["prose"]).split("\n").length, 2);
  });

  it("are shortened", () => {
    const head = "0123456789".repeat(2).padEnd(70, "_-");
    assert.equal(
      shortened(`${head}${cycle}`, { start: 70, end: 102, unit: 8 }),
      `${head.slice(0, 60)} … ${cycle.slice(0, 16)} …`,
    );
  });

  it("fit on one line of a table's cell", () => {
    assert.equal(code("a\n\tb"), "`a⏎→b`");
    assert.equal(code("a || b"), "`a \\|\\| b`");
    assert.equal(code("`a` and ``b``"), "``` `a` and ``b`` ```");
  });
});
