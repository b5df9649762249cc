import assert from "node:assert/strict";
import fc from "fast-check";
import { DocumentText } from "../../../src/completion/documents/document-text.ts";
import { editOf, isDeletion } from "../../../src/server/documents/edits.ts";

describe("an edit", () => {
  const cases: readonly [string, string, string, boolean][] = [
    ["backspace", "x", "", true],
    ["cutting a line", "let a;\n", "", true],
    ["the undo of an accepted word", "items", "it", true],
    ["deleting in the middle of what is sent", "a b c", "a c", true],
    ["typing", "", "x", false],
    ["typing over a selection", "items", "x", false],
    ["an outdent that comes with a closing brace", "    ", "  }", false],
    ["typing over a closing bracket", ")", ")", false],
    ["a replacement by something longer", "it", "items", false],
  ];
  for (const [name, former, text, expected] of cases) {
    it(`that is ${name} is ${expected ? "a deletion" : "not a deletion"}`, () => {
      assert.equal(isDeletion([{ former, text }]), expected);
    });
  }

  it("with several cursors is a deletion if it deletes at every cursor", () => {
    const erased = { former: "x", text: "" };
    assert.equal(isDeletion([erased, erased]), true);
    assert.equal(isDeletion([erased, { former: "", text: "y" }]), false);
  });

  it("that changes nothing is not a deletion", () => {
    assert.equal(isDeletion([]), false);
    assert.equal(isDeletion([{ former: "", text: "" }]), false);
  });
});

describe("the changes that an edit makes", () => {
  it("are the text typed at each of several cursors", () => {
    const former = DocumentText.of("const items");
    const edit = editOf(former, [
      { offset: 10, former: "", text: "x" },
      { offset: 2, former: "", text: "x" },
    ]);
    const changes = [
      { removed: { from: 2, to: 2 }, added: { from: 2, to: 3 } },
      { removed: { from: 10, to: 10 }, added: { from: 11, to: 12 } },
    ];
    assert.deepEqual(edit, { former, from: 2, changes });
  });

  it("are only the new part of a replacement", () => {
    const { from, changes } = editOf(DocumentText.of("const it"), [{ offset: 6, former: "it", text: "items" }]);
    assert.deepEqual([from, changes], [8, [{ removed: { from: 8, to: 8 }, added: { from: 8, to: 11 } }]]);
    assert.deepEqual(editOf(DocumentText.of("abbc"), [{ offset: 0, former: "abbc", text: "abc" }]).changes, [
      { removed: { from: 2, to: 3 }, added: { from: 2, to: 2 } },
    ]);
    assert.deepEqual(editOf(DocumentText.of("abc"), [{ offset: 0, former: "abc", text: "abc" }]).changes, []);
  });

  it("turn the previous text into the new one, whatever was replaced, and affect nothing before the edit's start", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 6 });
    const change = fc.record({ at: fc.nat(), deleted: fc.nat(4), text: piece });
    fc.assert(
      fc.property(piece, fc.array(change, { maxLength: 6 }), (first, changes) => {
        let text = first;
        const replacements = changes.map(({ at, deleted, text: inserted }) => {
          const offset = at % (text.length + 1);
          const former = text.slice(offset, offset + deleted);
          text = text.slice(0, offset) + inserted + text.slice(offset + former.length);
          return { offset, former, text: inserted };
        });
        const { from: start, changes: made } = editOf(DocumentText.of(first), replacements);
        assert.equal(text.slice(0, start), first.slice(0, start));
        let [formerAt, at, rebuilt] = [0, 0, ""];
        for (const [i, { removed, added }] of made.entries()) {
          // What stands between two changes is the same in both texts, and they do not touch.
          assert.ok(i === 0 || added.from > at);
          assert.equal(removed.from - formerAt, added.from - at);
          rebuilt += first.slice(formerAt, removed.from) + text.slice(added.from, added.to);
          [formerAt, at] = [removed.to, added.to];
        }
        assert.equal(rebuilt + first.slice(formerAt), text);
      }),
      { numRuns: 3000 },
    );
  });
});
