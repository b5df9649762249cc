import assert from "node:assert/strict";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { DocumentText } from "../../../src/completion/documents/document-text.ts";

const piece = fc.string({
  unit: fc.constantFrom(
    "a",
    "b",
    "\n",
    "\r",
    "\r\n",
    "\r\r\n",
    "\n\r",
    "🙂",
    "\ud83d",
    "\ude42",
    "é",
    "\u2028",
    "\u2029",
    "\u0085",
    "\f",
  ),
  maxLength: 30,
});
/** Long enough for a tree of several levels. */
const lines = (count: number, end: string) =>
  Array.from({ length: count }, (_, i) => `line ${i}`.repeat(i % 3) + end).join("");
const start = fc.oneof(
  piece,
  fc
    .tuple(piece, fc.constantFrom("\n", "\r\n", "\r"), fc.integer({ min: 200, max: 3000 }), piece)
    .map(([head, end, count, tail]) => head + lines(count, end) + tail),
);
const place = fc.record({ line: fc.integer({ min: -1, max: 40 }), character: fc.integer({ min: -1, max: 40 }) });
const edit = fc.record({ at: fc.nat(), deleted: fc.oneof(fc.nat(5), fc.nat(3000)), inserted: piece });

describe("A document's text", () => {
  it("equals that of an editor's library after every edit, with the same positions", () => {
    fc.assert(
      fc.property(
        start,
        fc.array(edit, { maxLength: 12 }),
        fc.array(place, { maxLength: 6 }),
        (first, edits, places) => {
          const expected = TextDocument.create("file:///a", "plaintext", 1, first);
          let text = DocumentText.of(first);
          for (const { at, deleted, inserted } of edits) {
            const from = at % (text.length + 1);
            // As an editor sends it: never inside a line end.
            const range = { start: expected.positionAt(from), end: expected.positionAt(from + deleted) };
            const [begin, end] = [text.offsetAt(range.start), text.offsetAt(range.end)];
            assert.deepEqual([begin, end], [expected.offsetAt(range.start), expected.offsetAt(range.end)]);
            const former = text;
            text = text.replace(begin, end, inserted);
            TextDocument.update(expected, [{ range, text: inserted }], 2);
            const whole = expected.getText();
            assert.equal(text.length, whole.length);
            const difference = text.differenceFrom(former);
            assert.equal(former.slice(0, difference.from), whole.slice(0, difference.from));
            const ending = text.length - difference.to;
            assert.equal(former.slice(former.length - ending), whole.slice(difference.to));
          }
          const whole = expected.getText();
          assert.equal(text.toString(), whole);
          for (const position of places) assert.equal(text.offsetAt(position), expected.offsetAt(position));
          for (const { at } of edits) {
            const offset = at % (whole.length + 2);
            assert.deepEqual(text.positionAt(offset), expected.positionAt(offset));
            assert.equal(text.slice(offset, offset + 9), whole.slice(offset, offset + 9));
            assert.ok(Object.is(text.charCodeAt(offset), whole.charCodeAt(offset)));
          }
          assert.ok(text.equals(DocumentText.of(whole)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("can be cut anywhere, even inside a line end", () => {
    fc.assert(
      fc.property(start, fc.array(edit, { maxLength: 8 }), (first, edits) => {
        let whole = first;
        let text = DocumentText.of(first);
        for (const { at, deleted, inserted } of edits) {
          const from = at % (whole.length + 1);
          const to = Math.min(from + deleted, whole.length);
          whole = whole.slice(0, from) + inserted + whole.slice(to);
          text = text.replace(from, to, inserted);
          assert.equal(text.toString(), whole);
          const expected = TextDocument.create("file:///a", "plaintext", 1, whole);
          for (const offset of [from - 1, from, from + 1, whole.length]) {
            assert.deepEqual(text.positionAt(offset), expected.positionAt(offset));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("differs from another where strings differ, whether or not one was made from the other", () => {
    fc.assert(
      fc.property(piece, piece, piece, piece, (before, a, b, after) => {
        const [one, other] = [before + a + after, before + b + after];
        const text = DocumentText.of(one);
        for (const changed of [DocumentText.of(other), text.changedTo(other)]) {
          assert.equal(changed.toString(), other);
          const { from, to } = changed.differenceFrom(text);
          const removed = one.length - (other.length - to);
          assert.equal(one.slice(0, from) + other.slice(from, to) + one.slice(removed), other);
          assert.ok(from === Math.min(one.length, other.length) || one[from] !== other[from]);
          assert.ok(removed === from || to === from || one[removed - 1] !== other[to - 1]);
          assert.equal(changed.equals(text), one === other);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is the same object if nothing has changed", () => {
    const text = DocumentText.of("one\r\ntwo");
    assert.equal(text.changedTo("one\r\ntwo"), text);
  });
});
