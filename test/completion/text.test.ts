import assert from "node:assert/strict";
import fc from "fast-check";
import { boundaryBefore, characterCount, isBoundary } from "../../src/boundary.ts";
import {
  bytesOf,
  commonEnding,
  firstDifference,
  isLineStart,
  readable,
  restOfLine,
} from "../../src/completion/text.ts";

const anyText = fc.string({
  unit: fc.constantFrom("a", "b", "\r", "\n", "🙂", "\ud83d", "\ude42", "é"),
  maxLength: 30,
});

describe("Text offsets", () => {
  it("inside a surrogate pair or a CRLF are not boundaries", () => {
    assert.deepEqual(
      Array.from({ length: 8 }, (_, offset) => isBoundary("a\r\n🙂\rb", offset)),
      [true, true, false, true, false, true, true, true],
    );
    assert.equal(boundaryBefore("a\r\nb", 2), 1);
    assert.equal(boundaryBefore("a\r\nb", 3), 3);
  });

  it("are boundaries next to lone surrogates", () => {
    assert.ok([0, 1, 2, 3].every((offset) => isBoundary("\ude42\ud83da", offset)));
  });

  it("find the common ending of two texts, even of long ones, up to a limit", () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), (length, most) => {
        const ending = "ab".repeat(length / 2);
        const [a, b] = [`left.${ending}`, `right!${ending}`];
        assert.equal(commonEnding(a, b, Math.min(most, a.length, b.length)), Math.min(most, ending.length));
      }),
    );
    assert.equal(commonEnding("same", "same", 4), 4);
    assert.equal(commonEnding("", "x", 0), 0);
  });

  it("find the first difference of two texts", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.nat(9000), (same, a, b, padding) => {
        const shared = "x".repeat(padding) + same;
        const offset = firstDifference(shared + a, shared + b);
        assert.ok(offset >= shared.length);
        assert.equal((shared + a).slice(0, offset), (shared + b).slice(0, offset));
        if (a !== b) assert.notEqual((shared + a)[offset], (shared + b)[offset]);
      }),
    );
  });

  it("give the beginnings and the rests of lines", () => {
    const text = "ab\r\ncd\re\n";
    assert.deepEqual(
      Array.from({ length: text.length + 1 }, (_, offset) => offset).filter((offset) => isLineStart(text, offset)),
      [0, 4, 7, 9],
    );
    assert.equal(restOfLine(text, 0, 100), "ab");
    assert.equal(restOfLine(text, 5, 100), "d");
    assert.equal(restOfLine(text, 9, 100), "");
    assert.equal(restOfLine("abcdef", 1, 3), "bcd");
  });

  it("skip what stands for no character, without joining its neighbours", () => {
    assert.equal(readable("a\ufffdb\0c\ud83dd"), "abcd");
    assert.equal(readable("\ud83d\0\ude00 \ud83d\ufffd\ude00"), " ");
    assert.equal(readable("\r\ufffd\n\r\ud83d\n\r\n"), "\n\n\n\n\n");
    assert.deepEqual([...bytesOf("a\ufffd")], [0x61]);
  });

  it("count characters, not UTF-16 units", () => assert.equal(characterCount("a🙂é中"), 4));
});
