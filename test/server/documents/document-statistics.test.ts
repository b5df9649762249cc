import assert from "node:assert/strict";
import { DocumentStatistics } from "../../../src/server/documents/document-statistics.ts";

const typed = (account: DocumentStatistics, offset: number, text: string): void =>
  account.edit([{ offset, former: "", text }]);

describe("what is typed", () => {
  let account: DocumentStatistics;
  beforeEach(() => {
    account = new DocumentStatistics();
  });

  it("counts by keys, and not what is pasted, deleted or written by a command", () => {
    typed(account, 0, "a");
    typed(account, 1, "()");
    account.edit([{ offset: 1, former: "()", text: "" }]);
    typed(account, 1, "a whole pasted line");
    account.edit([]);
    assert.deepEqual(account.take(), { typed: 2, accepted: 0, shown: 0, rejected: 0 });
    assert.deepEqual(account.take(), { typed: 0, accepted: 0, shown: 0, rejected: 0 });
  });

  it("is saved where a suggestion is accepted, whole or word by word", () => {
    account.show(4, "turn total;");
    typed(account, 4, "turn");
    typed(account, 8, " total;");
    assert.deepEqual(account.take(), { typed: 0, accepted: 11, shown: 1, rejected: 0 });
  });

  it("is saved where a suggestion is accepted around a bracket that was there", () => {
    account.show(3, "ems; i++) {");
    account.edit([
      { offset: 4, former: "", text: " {" },
      { offset: 3, former: "", text: "ems; i++" },
    ]);
    assert.deepEqual(account.take(), { typed: 0, accepted: 10, shown: 1, rejected: 0 });
  });

  it("goes through a suggestion, which is one as long as it agrees, also if it grows", () => {
    account.show(0, "return");
    typed(account, 0, "r");
    account.show(1, "eturn total");
    typed(account, 1, "e");
    typed(account, 2, "turn total");
    assert.deepEqual(account.take(), { typed: 2, accepted: 10, shown: 1, rejected: 0 });
  });

  it("contradicts a suggestion once", () => {
    account.show(0, "return");
    typed(account, 0, "x");
    typed(account, 1, "y");
    assert.deepEqual(account.take(), { typed: 2, accepted: 0, shown: 1, rejected: 1 });
  });

  it("elsewhere says nothing about a suggestion", () => {
    account.show(0, "return");
    typed(account, 40, "x");
    assert.deepEqual(account.take(), { typed: 1, accepted: 0, shown: 1, rejected: 0 });
  });

  it("counts the end of a line with the next one's indentation as a key", () => {
    typed(account, 0, "\n    ");
    assert.deepEqual(account.take(), { typed: 1, accepted: 0, shown: 0, rejected: 0 });
  });

  it("is not saved by a suggestion that is taken back at once", () => {
    account.show(0, "return");
    typed(account, 0, "return");
    account.edit([{ offset: 0, former: "return", text: "" }]);
    assert.deepEqual(account.take(), { typed: 0, accepted: 0, shown: 1, rejected: 0 });
  });

  it("does not reject a suggestion that was dismissed", () => {
    account.show(0, "return");
    account.dismiss();
    typed(account, 0, "x");
    assert.deepEqual(account.take(), { typed: 1, accepted: 0, shown: 1, rejected: 0 });
  });

  it("is saved where a suggestion is accepted with the item that it continues", () => {
    account.show(3, "Count", "res");
    account.edit([{ offset: 0, former: "res", text: "resCount" }]);
    assert.deepEqual(account.take(), { typed: 0, accepted: 5, shown: 1, rejected: 0 });
  });
});
