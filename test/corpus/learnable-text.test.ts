import assert from "node:assert/strict";
import fc from "fast-check";
import { learnableParts, learnableText, publicLines } from "../../src/corpus/learnable-text.ts";
import { normalizeText } from "../../src/model/tokenizer.ts";

const lines = fc.array(
  fc.constantFrom("a\n", "b\r\n", "c\r", "\r\n", `${"long ".repeat(3000)}\n`, "ü漢😀\n", `${"x".repeat(70_000)}\n`),
  { maxLength: 40 },
);

describe("the text that is learned", () => {
  it("is the same however the text is divided into parts, and is the whole text if nothing is private", () => {
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 20 }), (all, lengths) => {
        const text = all.join("");
        const parts: string[] = [];
        let at = 0;
        for (const length of lengths) {
          parts.push(text.slice(at, at + length));
          at += length;
        }
        parts.push(text.slice(at));
        assert.ok(Array.from(learnableParts(parts), (part) => part.text).join("") === normalizeText(text));
      }),
      { numRuns: 50 },
    );
  });

  it("comes in whole lines, and a bounded number at once", () => {
    const text = "a line of text\n".repeat(20_000);
    for (const part of publicLines.partsOf(text)) {
      assert.ok(part.length <= 65_536 && part.endsWith("\n"));
    }
  });

  it("has no line with undecodable bytes or half a character", () => {
    assert.equal(learnableText("one\ntw\uFFFDo\r\nthree\nfo\ud83dur"), "one\nthree\n");
    assert.equal(learnableText("\uFFFD"), "");
    assert.equal(learnableText("😀\n"), "😀\n");
    assert.equal(publicLines.allows("tw\uFFFDo"), false);
    assert.equal(publicLines.allows("😀"), true);
  });
});
