import assert from "node:assert/strict";
import fc from "fast-check";
import { endsGrapheme, graphemeCount, mayJoin } from "../../../src/completion/decoding/graphemes.ts";

const family = "👨\u200d👩\u200d👧";
const accented = "e\u0301";

describe("Graphemes", () => {
  for (const [text, count] of [
    ["", 0],
    ["abc", 3],
    ["é中", 2],
    [accented, 1],
    [family, 1],
    ["🇩🇪🇫🇷", 2],
    ["👍🏽", 1],
    ["नमस्ते", 3],
    ["각", 1],
  ] as const) {
    it(`of ${JSON.stringify(text)} are ${count}`, () => assert.equal(graphemeCount(text), count));
  }

  it("do not end within a family, a flag, a syllable or an accented letter", () => {
    for (const text of [family, "🇩🇪", "क्षि", accented, "👍🏽"]) {
      const characters = [...text];
      for (let i = 1; i < characters.length; i++) {
        const [before, after] = [characters.slice(0, i).join(""), characters.slice(i).join("")];
        assert.ok(!endsGrapheme(before, after), `${before} ${after}`);
        assert.ok(mayJoin(before) || before === "e");
      }
      assert.ok(endsGrapheme(text, text) && endsGrapheme("x", text) && endsGrapheme(text, "x"));
    }
  });

  it("end where the segmenter says, in any text", () => {
    const segmenter = new Intl.Segmenter();
    const text = fc.string({
      unit: fc.constantFrom(..."ab\n\u0301é中🇩🇪👨👩\u200d\ufe0f©क\u094dष"),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const starts = [...segmenter.segment(before + after)].map(({ index }) => index);
        assert.equal(endsGrapheme(before, after), starts.includes(before.length));
        assert.equal(graphemeCount(before + after), starts.length);
      }),
    );
  });
});
