import assert from "node:assert/strict";
import fc from "fast-check";
import { horizon, originFor } from "../../../src/completion/documents/origin.ts";
import { DocumentStates } from "../../../src/completion/documents/states.ts";
import type { LanguageModel, Reading } from "../../../src/model/language-model.ts";
import { normalizeText, startToken } from "../../../src/model/tokenizer.ts";
import { tinyModel } from "../../support/models.ts";
import { countingReads } from "../reads.ts";

/** The state after the text by one call from the zero state. */
async function freshReading(model: LanguageModel, text: string): Promise<Reading> {
  const read = normalizeText(text.replace(/\p{Surrogate}/gu, "\uFFFD")).replaceAll("\uFFFD", "");
  const tokens = Int32Array.of(startToken, ...model.tokenizer.encode(read));
  const { state, logits } = await model.read(model.start(), tokens);
  return { state, logits: logits.slice(-model.tokenizer.size) };
}

function assertClose(actual: Reading | undefined, expected: Reading): void {
  assert.ok(actual);
  assert.equal(actual.logits.length, expected.logits.length);
  const pairs = [
    [actual.logits, expected.logits],
    ...actual.state.map((tensor, i) => [tensor.data, expected.state[i]!.data]),
  ] as [Float32Array, Float32Array][];
  for (const [a, b] of pairs) assert.ok(a.every((value, i) => Math.abs(value - b[i]!) < 1e-4));
}

describe("Document states", () => {
  let model: LanguageModel;
  before(async () => {
    model = await tinyModel();
  });
  after(async () => await model.release());

  it("are those of a fresh read, whatever was edited and requested before", async () => {
    const piece = fc.string({
      unit: fc.constantFrom("a", "b", " ", "\n", "\r", "\r\n", "\0", "é", "🙂", "\ud83d", "\ude42"),
      maxLength: 40,
    });
    const edit = fc.record({ at: fc.nat(), deleted: fc.nat(30), inserted: piece, asked: fc.nat() });
    await fc.assert(
      fc.asyncProperty(piece, fc.array(edit, { maxLength: 12 }), async (first, edits) => {
        const states = new DocumentStates(model);
        let text = first;
        states.update(text);
        for (const { at, deleted, inserted, asked } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + inserted + text.slice(start + deleted);
          states.update(text);
          const offset = asked % (text.length + 1);
          const inside = /\r$/.test(text.slice(0, offset)) && text[offset] === "\n";
          const pair = /[\ud800-\udbff]$/.test(text.slice(0, offset)) && /^[\udc00-\udfff]/.test(text.slice(offset));
          const read = text.slice(0, inside || pair ? offset - 1 : offset);
          assertClose(await states.at(offset), await freshReading(model, read));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("advance by one step of one token with each typed character", async () => {
    const { counted, reads } = countingReads(model);
    const states = new DocumentStates(counted);
    let text = "function add(a, b) {\n";
    states.update(text);
    await states.at(text.length);
    for (const character of "  return a + b;") {
      reads.length = 0;
      text += character;
      states.update(text);
      await states.at(text.length);
      assert.deepEqual(reads, [1]);
    }
    assertClose(await states.at(text.length), await freshReading(model, text));
  });

  it("read nothing for a backspace or a small move of the caret", async () => {
    const { counted, reads } = countingReads(model);
    const states = new DocumentStates(counted);
    for (let text = ""; text.length <= 60; text += "x") {
      states.update(text);
      await states.at(text.length);
    }
    reads.length = 0;
    for (let length = 59; length > 30; length--) {
      states.update("x".repeat(length));
      await states.at(length);
    }
    assert.deepEqual(reads, []);
  });

  it("read little for a backspace after a cold start", async () => {
    const { counted, reads } = countingReads(model);
    const states = new DocumentStates(counted);
    const text = "abcdefg ".repeat(100);
    states.update(text);
    await states.at(text.length);
    reads.length = 0;
    for (let length = text.length - 1; length > text.length - 30; length--) {
      states.update(text.slice(0, length));
      await states.at(length);
    }
    assert.ok(Math.max(...reads) < 8);
  });

  it("never read more than the horizon for one request", async () => {
    const text = "some line of text\n".repeat(3000);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 6 }), async (offsets) => {
        const { counted, reads } = countingReads(model);
        const states = new DocumentStates(counted);
        states.update(text);
        for (const offset of offsets) {
          reads.length = 0;
          await states.at(offset);
          assert.ok(reads.reduce((sum, tokens) => sum + tokens, 0) <= horizon + 1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("begin at a line's start, at least half a horizon back, in the middle of a long document", async () => {
    const text = "some line of text\n".repeat(3000);
    const states = new DocumentStates(model);
    states.update(text);
    const offset = 30_005;
    const origin = originFor(text, offset);
    assert.equal(text[origin - 1], "\n");
    assert.ok(offset - origin <= horizon && offset - origin >= horizon / 2);
    assertClose(await states.at(offset), await freshReading(model, text.slice(origin, offset)));
  });

  it("begin a whole horizon back in a line that is longer", () => {
    assert.equal(originFor("x".repeat(5000), 4000), 4000 - horizon);
    assert.equal(originFor("🙂".repeat(5000), 4001 + horizon), 4000);
    assert.equal(originFor("x".repeat(5000), 1000), 0);
  });

  it("are those of a fresh read even if reading stops next to a surrogate pair", async () => {
    for (const wide of ["🙂", "\r\n"]) {
      for (let before = 0; before < 4; before++) {
        for (let after = 28; after < 36; after++) {
          const states = new DocumentStates(model);
          const text = `${"x".repeat(before)}${wide}${"x".repeat(after)}`;
          states.update(text);
          assertClose(await states.at(text.length), await freshReading(model, text));
        }
      }
    }
  });

  it("are bounded in number in a document of any length", async () => {
    const states = new DocumentStates(model);
    const text = "some line of text\n".repeat(1000);
    states.update(text);
    for (let offset = 0; offset < text.length; offset += 500) await states.at(offset);
    assert.ok(states.keptOffsets.length <= 64);
  });

  it("keep what was read when a reading is cancelled, and continue from there", async () => {
    const { counted, reads } = countingReads(model);
    const states = new DocumentStates(counted);
    const text = "x".repeat(1000);
    states.update(text);
    const controller = new AbortController();
    const reading = states.at(text.length, { signal: controller.signal });
    while (reads.length < 4) await new Promise(setImmediate);
    controller.abort();
    assert.equal(await reading, undefined);
    const read = reads.reduce((sum, tokens) => sum + tokens, 0);
    reads.length = 0;
    assertClose(await states.at(text.length), await freshReading(model, text));
    assert.equal(read + reads.reduce((sum, tokens) => sum + tokens, 0), 1001);
  });

  it("read nothing of a long text if there is no time left, and the last characters at least if they are few", async () => {
    const { counted, reads } = countingReads(model);
    const states = new DocumentStates(counted);
    const isOutOfTime = (): boolean => true;
    states.update("abcd".repeat(100));
    assert.equal(await states.at(400, { isOutOfTime }), undefined);
    assert.deepEqual(reads, []);
    await states.at(400);
    reads.length = 0;
    states.update(`${"abcd".repeat(100)}e`);
    assert.ok(await states.at(401, { isOutOfTime }));
    assert.deepEqual(reads, [1]);
  });

  it("keep nothing of a reading that an edit has overtaken", async () => {
    const states = new DocumentStates(model);
    const before = "x".repeat(600);
    states.update(before);
    const reading = states.at(before.length);
    await new Promise(setImmediate);
    const after = `${"x".repeat(200)}y${"x".repeat(399)}`;
    states.update(after);
    assertClose(await reading, await freshReading(model, before));
    assertClose(await states.at(after.length), await freshReading(model, after));
    assertClose(await states.at(300), await freshReading(model, after.slice(0, 300)));
  });
});
