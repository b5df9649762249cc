import assert from "node:assert/strict";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { TrackedDocument } from "../../../src/server/documents/tracked-document.ts";

const uri = "file:///a.txt";
const piece = fc.string({
  unit: fc.constantFrom("a", "b", "\n", "\r", "\r\n", "🙂", "\ud83d", "\ude42", "é", "\u2028", "\u0085"),
  maxLength: 20,
});
const position = fc.record({ line: fc.integer({ min: -1, max: 20 }), character: fc.integer({ min: -1, max: 20 }) });
/** Ranges that lie anywhere, turned round or past the end too. */
const change = fc.oneof(
  { weight: 9, arbitrary: fc.record({ range: fc.record({ start: position, end: position }), text: piece }) },
  { weight: 1, arbitrary: fc.record({ text: piece }) },
);

describe("An open document", () => {
  it("applies LSP's changes as the protocol's own library does", () => {
    fc.assert(
      fc.property(piece, fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 8 }), (text, edits) => {
        const document = new TrackedDocument(uri, "plaintext", 1, text);
        let expected = text;
        for (const [i, changes] of edits.entries()) {
          const former = document.text;
          document.update(changes, i + 2);
          for (const one of changes) {
            // A document of its own for each: past the end, the library loses count of the lines that it has counted before.
            const fresh = TextDocument.create(uri, "plaintext", 1, expected);
            TextDocument.update(fresh, [one], 2);
            expected = fresh.getText();
          }
          assert.equal(document.text.toString(), expected);
          assert.equal(document.version, i + 2);
          assert.equal(document.edit?.former, former);
          const { from, changes: made } = document.edit;
          assert.equal(former.slice(0, from), document.text.slice(0, from));
          assert.ok(made.every(({ added }) => from <= added.from && added.to <= document.text.length));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("knows whether its last edit only removed text", () => {
    const document = new TrackedDocument(uri, "plaintext", 1, "abc");
    const at = (from: number, to: number, text: string) =>
      document.update([{ range: { start: { line: 0, character: from }, end: { line: 0, character: to } }, text }], 2);
    at(2, 3, "");
    assert.equal(document.isDeleting, true);
    at(2, 2, "x");
    assert.equal(document.isDeleting, false);
  });
});
