import assert from "node:assert/strict";
import { Dismissals } from "../../src/server/dismissals.ts";

describe("a dismissed suggestion", () => {
  let dismissals: Dismissals;
  const covers = (before: string, text: string, line = 3): boolean =>
    dismissals.covers({ line, before, texts: [text] });

  beforeEach(() => {
    dismissals = new Dismissals();
    dismissals.show({ line: 3, before: "for it", texts: ["ems.length", "erator"] });
    dismissals.dismiss();
  });

  it("stays dismissed in its line, and what is left of it while one types along", () => {
    assert.equal(covers("for it", "ems.length"), true);
    assert.equal(covers("for items", ".length"), true);
    assert.equal(covers("for ", "items.length"), true, "behind a deletion");
  });

  it("stays dismissed as a shorter and as a longer one", () => {
    assert.equal(covers("for it", "ems"), true);
    assert.equal(covers("for it", "ems.length; i++"), true);
  });

  it("is dismissed with the others that were offered beside it", () => {
    assert.equal(covers("for it", "erator"), true);
  });

  it("does not keep another one away, nor what comes behind it", () => {
    assert.equal(covers("for it", "self"), false);
    assert.equal(covers("for its", "elf"), false);
    assert.equal(covers("for items.length", "; i++"), false);
  });

  it("stays dismissed when another one is dismissed in the same line", () => {
    dismissals.show({ line: 3, before: "for it", texts: ["self"] });
    dismissals.dismiss();
    assert.equal(covers("for it", "self"), true);
    assert.equal(covers("for it", "ems.length"), true);
  });

  it("may come again in another line, and then in its own", () => {
    assert.equal(covers("for it", "ems.length", 4), false);
    dismissals.enter(3);
    assert.equal(covers("for it", "ems.length"), true);
    dismissals.enter(4);
    assert.equal(covers("for it", "ems.length"), false);
  });

  it("may come again once one has asked for a suggestion", () => {
    dismissals.lift();
    assert.equal(covers("for it", "ems.length"), false);
  });

  it("is none where nothing was shown", () => {
    const empty = new Dismissals();
    empty.dismiss();
    assert.equal(empty.covers({ line: 3, before: "for it", texts: ["ems.length"] }), false);
  });
});
