import assert from "node:assert/strict";
import fc from "fast-check";
import { createTokenizer, normalizeText, tokenizerFrom, tokenizerKind } from "../../src/model/tokenizer.ts";

/** Text as it is after normalisation, any Unicode included. */
const text = fc.string({ unit: "grapheme" }).map(normalizeText);

describe("the byte tokenizer", () => {
  const tokenizer = createTokenizer("byte", []);

  it("gives back any text", () => {
    fc.assert(fc.property(text, (value) => assert.equal(tokenizer.decode(tokenizer.encode(value)), value)));
  });

  it("knows the text of ASCII tokens alone", () => {
    assert.equal(tokenizer.textOf(65), "A");
    assert.equal(tokenizer.textOf(0xc3), undefined);
  });
});

describe("the char tokenizer", () => {
  it("gives back any text of its corpus, also after it was stored", () => {
    fc.assert(
      fc.property(text, (value) => {
        const tokenizer = createTokenizer("char", [value]);
        const again = tokenizerFrom(JSON.parse(JSON.stringify(tokenizer.stored)));
        const known = value.replaceAll("\uFFFD", "");
        assert.equal(again.decode(tokenizer.encode(known)), known);
        assert.equal(again.size, tokenizer.size);
      }),
    );
  });

  it("reads a character that its corpus does not have as one unknown character", () => {
    const tokenizer = createTokenizer("char", ["abc"]);
    assert.equal(tokenizer.decode(tokenizer.encode("aéb")), "a\uFFFDb");
  });
});

describe("a tokenizer that a user names", () => {
  it("is refused by name if there is none, with those that there are", () => {
    assert.throws(() => tokenizerKind("sentencepiece"), /no tokenizer "sentencepiece"\. Use one of: byte, char/);
  });
});

describe("normalised text", () => {
  it("ends its lines with line feeds alone and holds no NUL", () => {
    assert.equal(normalizeText("a\r\nb\rc\0d\n"), "a\nb\ncd\n");
  });
});
