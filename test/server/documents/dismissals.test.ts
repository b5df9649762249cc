import assert from "node:assert/strict";
import { Dismissals } from "../../../src/server/documents/dismissals.ts";

describe("a dismissed suggestion", () => {
  let dismissals: Dismissals;
  const covers = (before: string, text: string, line = 3): boolean =>
    dismissals.covers({ line, before, texts: [text] });

  beforeEach(() => {
    dismissals = new Dismissals();
    dismissals.show({ line: 3, before: "for it", texts: ["ems.length", "erator"] });
    dismissals.dismiss();
  });

  it("stays dismissed on its line, as does the rest of it while the user types through it", () => {
    assert.equal(covers("for it", "ems.length"), true);
    assert.equal(covers("for items", ".length"), true);
    assert.equal(covers("for ", "items.length"), true, "after a deletion");
  });

  it("stays dismissed in a shorter and in a longer form", () => {
    assert.equal(covers("for it", "ems"), true);
    assert.equal(covers("for it", "ems.length; i++"), true);
  });

  it("is dismissed along with its alternatives", () => {
    assert.equal(covers("for it", "erator"), true);
  });

  it("suppresses neither another suggestion nor one that comes after it", () => {
    assert.equal(covers("for it", "self"), false);
    assert.equal(covers("for its", "elf"), false);
    assert.equal(covers("for items.length", "; i++"), false);
  });

  it("stays dismissed when another one is dismissed on the same line", () => {
    dismissals.show({ line: 3, before: "for it", texts: ["self"] });
    dismissals.dismiss();
    assert.equal(covers("for it", "self"), true);
    assert.equal(covers("for it", "ems.length"), true);
  });

  it("may appear again on another line, and then on its own", () => {
    assert.equal(covers("for it", "ems.length", 4), false);
    dismissals.enter(3);
    assert.equal(covers("for it", "ems.length"), true);
    dismissals.enter(4);
    assert.equal(covers("for it", "ems.length"), false);
  });

  it("may appear again once the user has requested a suggestion", () => {
    dismissals.lift();
    assert.equal(covers("for it", "ems.length"), false);
  });

  it("does not exist if nothing was shown", () => {
    const empty = new Dismissals();
    empty.dismiss();
    assert.equal(empty.covers({ line: 3, before: "for it", texts: ["ems.length"] }), false);
  });
});
