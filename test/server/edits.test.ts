import assert from "node:assert/strict";
import { isDeletion } from "../../src/server/edits.ts";

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
