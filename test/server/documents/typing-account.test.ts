import assert from "node:assert/strict";
import { TypingAccount } from "../../../src/server/documents/typing-account.ts";

const typed = (account: TypingAccount, offset: number, text: string): void =>
  account.edit([{ offset, former: "", text }]);

describe("what is typed", () => {
  let account: TypingAccount;
  beforeEach(() => {
    account = new TypingAccount();
  });

  it("counts by keys, and not what is pasted, deleted or written by a command", () => {
    typed(account, 0, "a");
    typed(account, 1, "()");
    account.edit([{ offset: 1, former: "()", text: "" }]);
    typed(account, 1, "a whole pasted line");
    account.edit([]);
    assert.deepEqual(account.take(), { typed: 2, accepted: 0, shown: 0, wrong: 0 });
    assert.deepEqual(account.take(), { typed: 0, accepted: 0, shown: 0, wrong: 0 });
  });

  it("is saved where a suggestion is accepted, whole or word by word", () => {
    account.show(4, "turn total;");
    typed(account, 4, "turn");
    typed(account, 8, " total;");
    assert.deepEqual(account.take(), { typed: 0, accepted: 11, shown: 1, wrong: 0 });
  });

  it("is saved where a suggestion is accepted around a bracket that was there", () => {
    account.show(3, "ems; i++) {");
    account.edit([
      { offset: 4, former: "", text: " {" },
      { offset: 3, former: "", text: "ems; i++" },
    ]);
    assert.deepEqual(account.take(), { typed: 0, accepted: 10, shown: 1, wrong: 0 });
  });

  it("goes through a suggestion, which is one as long as it agrees, also if it grows", () => {
    account.show(0, "return");
    typed(account, 0, "r");
    account.show(1, "eturn total");
    typed(account, 1, "e");
    typed(account, 2, "turn total");
    assert.deepEqual(account.take(), { typed: 2, accepted: 10, shown: 1, wrong: 0 });
  });

  it("contradicts a suggestion once", () => {
    account.show(0, "return");
    typed(account, 0, "x");
    typed(account, 1, "y");
    assert.deepEqual(account.take(), { typed: 2, accepted: 0, shown: 1, wrong: 1 });
  });

  it("elsewhere says nothing about a suggestion", () => {
    account.show(0, "return");
    typed(account, 40, "x");
    assert.deepEqual(account.take(), { typed: 1, accepted: 0, shown: 1, wrong: 0 });
  });
});
