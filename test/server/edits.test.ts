import assert from "node:assert/strict";
import fc from "fast-check";
import { broughtIn, isDeletion, type PlacedReplacement } from "../../src/server/edits.ts";

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
    it(`that is ${name} is ${expected ? "a deletion" : "none"}`, () => {
      assert.equal(isDeletion([{ former, text }]), expected);
    });
  }

  it("with several cursors is a deletion if it deletes at all of them", () => {
    const erased = { former: "x", text: "" };
    assert.equal(isDeletion([erased, erased]), true);
    assert.equal(isDeletion([erased, { former: "", text: "y" }]), false);
  });

  it("that changes nothing is no deletion", () => {
    assert.equal(isDeletion([]), false);
    assert.equal(isDeletion([{ former: "", text: "" }]), false);
  });
});

describe("what an edit brought in", () => {
  const textAt = (text: string, edit: readonly PlacedReplacement[]) =>
    broughtIn(edit).map(({ from, to }) => text.slice(from, to));

  it("is what was typed at each of several cursors", () => {
    const edit = [
      { offset: 10, former: "", text: "x" },
      { offset: 2, former: "", text: "x" },
    ];
    assert.deepEqual(broughtIn(edit), [
      { from: 11, to: 12 },
      { from: 2, to: 3 },
    ]);
  });

  it("is only what is new of a replacement", () => {
    assert.deepEqual(textAt("const items;", [{ offset: 6, former: "it", text: "items" }]), ["ems"]);
    assert.deepEqual(textAt("abc", [{ offset: 0, former: "abbc", text: "abc" }]), []);
  });

  it("is all that the former text lacks, whatever was replaced, and nothing else where that is certain", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 6 });
    const change = fc.record({ at: fc.nat(), deleted: fc.nat(4), text: piece });
    fc.assert(
      fc.property(piece, fc.array(change, { maxLength: 6 }), (first, changes) => {
        let text = first;
        const edit: PlacedReplacement[] = changes.map(({ at, deleted, text: inserted }) => {
          const offset = at % (text.length + 1);
          const former = text.slice(offset, offset + deleted);
          text = text.slice(0, offset) + inserted + text.slice(offset + former.length);
          return { offset, former, text: inserted };
        });
        const isNew = new Set<number>();
        for (const { from, to } of broughtIn(edit)) for (let i = from; i < to; i++) isNew.add(i);
        assert.ok([...isNew].every((i) => i >= 0 && i < text.length));
        const old = [...text].filter((_, i) => !isNew.has(i));
        // What is left stood in the former text, in that order.
        let from = 0;
        for (const character of old) {
          from = first.indexOf(character, from) + 1;
          assert.notEqual(from, 0, JSON.stringify([first, edit, text]));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
