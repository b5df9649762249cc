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

describe("the word tokenizer", () => {
  const corpus = "for (let i = 0; i < größe; i++) {\n\tgröße += items[i];\n}\n".repeat(4);

  it("gives back any text, also after it was stored, whatever its corpus", () => {
    fc.assert(
      fc.property(text, fc.array(text), fc.string(), (known, others, value) => {
        const tokenizer = createTokenizer("word", [known.repeat(5), ...others]);
        const again = tokenizerFrom(JSON.parse(JSON.stringify(tokenizer.stored)));
        const normalised = normalizeText(known + value.replace(/\p{Surrogate}/gu, ""));
        assert.equal(again.decode(tokenizer.encode(normalised)), normalised);
      }),
    );
  });

  it("reads a common word as one token, and spells any other", () => {
    const tokenizer = createTokenizer("word", [corpus]);
    const texts = (value: string) => Array.from(tokenizer.encode(value), (token) => tokenizer.textOf(token) ?? "?");
    assert.deepEqual(texts("items größe"), ["items", " ", "größe"]);
    assert.deepEqual(texts("ité"), ["i", "t", "?", "?"]);
  });

  it("keeps no word that is rare, and no line feed in a word", () => {
    const tokenizer = createTokenizer("word", [corpus, "rare rare"]);
    assert.ok(tokenizer.stored.kind === "word");
    assert.ok(!tokenizer.stored.words.includes("rare"));
    assert.ok(tokenizer.stored.words.every((word) => !word.includes("\n")));
  });
});

describe("the place of a token in its text", () => {
  for (const kind of ["byte", "char", "word"] as const) {
    it(`is that of its character or word (${kind})`, () => {
      fc.assert(
        fc.property(text, (value) => {
          const tokenizer = createTokenizer(kind, [value.repeat(4)]);
          const known = kind === "char" ? value.replaceAll("\uFFFD", "") : value;
          const units = tokenizer.units(known);
          const tokens = tokenizer.encode(known);
          assert.equal(units.length, tokens.length);
          for (const [i, unit] of units.entries()) {
            const own = tokenizer.textOf(tokens[i]!);
            if (own !== undefined) assert.ok(known.startsWith(own, unit));
            else assert.ok(unit === units[i - 1] || unit > (units[i - 1] ?? -1));
          }
        }),
      );
    });
  }
});

describe("a tokenizer that a user names", () => {
  it("is refused by name if there is none, with those that there are", () => {
    assert.throws(() => tokenizerKind("sentencepiece"), /no tokenizer "sentencepiece"\. Use one of: byte, char, word/);
  });
});

describe("normalised text", () => {
  it("ends its lines with line feeds alone and holds no NUL", () => {
    assert.equal(normalizeText("a\r\nb\rc\0d\n"), "a\nb\ncd\n");
  });
});
