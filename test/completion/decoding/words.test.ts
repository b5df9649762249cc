import assert from "node:assert/strict";
import { endsInWord, wordProbability } from "../../../src/completion/decoding/words.ts";
import { createTokenizer, type TokenizerKind } from "../../../src/model/tokenizer.ts";

describe("The end of a word", () => {
  for (const text of ["a", "x_", "$", "7", "é", "e\u0301", "я", "ß", "λ", "ע"]) {
    it(`may be after more than ${text}`, () => assert.ok(endsInWord(`(${text}`)));
  }
  for (const text of [" ", "(", ".", '"', "-", "漢", "ひ", "カ", "ก", "🙂"]) {
    it(`is not looked for after ${JSON.stringify(text)}`, () => assert.ok(!endsInWord(`a${text}`)));
  }

  /** The probability that a word goes on where one text comes next with the given probability, and all other tokens are equally likely. */
  function goesOn(next: string, probability: number, kind: TokenizerKind = "byte", text = "a"): number {
    const tokenizer = createTokenizer(kind, ["a b é 漢 (\n"]);
    const [token = 0] = tokenizer.encode(next);
    const logits = new Float32Array(tokenizer.size).fill(-20);
    logits[token] = Math.log((probability / (1 - probability)) * (tokenizer.size - 1)) - 20;
    return wordProbability({ logits, tokenizer }, text);
  }

  it("is as likely as what comes next is no character of a word, with each tokenizer", () => {
    for (const kind of ["byte", "char", "word"] as const) {
      for (const next of ["a", "b"]) assert.ok(goesOn(next, 0.999, kind) > 0.99);
      for (const next of [" ", "(", "\n"]) assert.ok(goesOn(next, 0.999, kind) < 0.01);
    }
    assert.ok(goesOn("é", 0.999) > 0.99);
    assert.ok(goesOn("漢", 0.999) < 0.01);
    assert.ok(goesOn("7", 0.999, "byte", "a") < 0.01, "a number after a name");
    assert.ok(goesOn("7", 0.999, "byte", "a7") > 0.99);
    const nextPart = goesOn("B", 0.999, "byte", "a");
    assert.ok(nextPart > 0.4 && nextPart < 0.5, "the next part of a name");
    assert.ok(goesOn("B", 0.999, "byte", "A") > 0.99 && goesOn("B", 0.999, "byte", "_") > 0.99);
    assert.ok(goesOn("a", 0.5) > 0.5 && goesOn("a", 0.5) < 0.8);
  });
});
