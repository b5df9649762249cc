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
      assert.ok(part.text.length <= 8192 && part.text.endsWith("\n"));
      assert.equal(part.length, part.text.length);
    }
    for (const line of ["x", "漢字", "😀", "http://", "ghs_1_", "--token="]) {
      for (const part of publicLines.partsOf(line.repeat(20_000))) assert.ok(part.text.length <= 8192);
    }
  });

  it("has no part of a secret, wherever it lies in a long text, in lines that are short or long", () => {
    const body = "QmFzZTY0S2V5TWF0ZXJpYWwxMjM0NTY3ODkwYWJjZGVmZ2hpamtsbW5v".repeat(40);
    const secrets = {
      key: `-----BEGIN PRIVATE KEY-----\nProc-Type: QmFzZTY0\n${body.replace(/.{64}/g, "$&\n")}\nQmFzZTY0=\n-----END PRIVATE KEY-----`,
      keyInLine: `"-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----\\n"`,
      value: 'password = "correct9horse!QmFzZTY0battery"',
      valueInNextLine: "password: >-\n  correct9horse!QmFzZTY0battery",
      token: `token=QmFzZTY0${"aB3dE5fG7hI9".repeat(20)}`,
      url: "postgres://admin:QmFzZTY0hunter2@db.example.com/main",
    };
    const offsets = Array.from({ length: 25 }, (_, i) => [5900 + i * 80, 7900 + i * 12]).flat();
    for (const [name, secret] of Object.entries(secrets)) {
      for (const filler of ["some words in a line\n", "some words without an end "]) {
        const before = filler.repeat(600);
        for (const at of offsets) {
          const start = filler.endsWith("\n") ? before.lastIndexOf("\n", at) + 1 : at;
          const text = `${before.slice(0, start)} ${secret}\n${before}`;
          const learned = learnableText(text);
          assert.ok(!learned.includes("QmFzZTY0"), `${name} at ${start}`);
          assert.ok(learned.length >= before.length, `${name} at ${start}: the rest is learned`);
        }
      }
    }
  });

  it("may not be learned while a line continues a secret that begins before it", () => {
    const key = "-----BEGIN RSA PRIVATE KEY-----\n";
    assert.equal(publicLines.allows("ab12", key), false);
    assert.equal(publicLines.allows("", `${key}ab12\n`), false);
    assert.equal(publicLines.allows("ab12", `${key}ab12\n-----END RSA PRIVATE KEY-----\n`), true);
    assert.equal(publicLines.allows("ab12", "-----BEGIN CERTIFICATE-----\n"), true);
    assert.equal(publicLines.allows("  hunter2x9876543210", "password: >-\n"), false);
    assert.equal(publicLines.allows("  hunter2x9876543210", "title: >-\n"), true);
    assert.equal(publicLines.allows("next: 1", "password: hunter2x9876543210\n"), true);
  });

  it("has no line with undecodable bytes or half a character", () => {
    assert.equal(learnableText("one\ntw\uFFFDo\r\nthree\nfo\ud83dur"), "one\nthree\n");
    assert.equal(learnableText("\uFFFD"), "");
    assert.equal(learnableText("😀\n"), "😀\n");
    assert.equal(publicLines.allows("tw\uFFFDo"), false);
    assert.equal(publicLines.allows("😀"), true);
  });
});
