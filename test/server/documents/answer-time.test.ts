import assert from "node:assert/strict";
import { AnswerTime } from "../../../src/server/documents/answer-time.ts";

/** The budget after some answers that took so many milliseconds beyond theirs. */
function budgetAfter(...beyond: number[]): number {
  const time = new AnswerTime();
  for (const one of beyond) time.ranOut(time.budget(0), time.budget(0) + one);
  return time.budget(0);
}

const fast = Array.from({ length: 30 }, () => 0.2);

describe("The time of an answer", () => {
  it("is short at first, and longer when answers end fast", () => {
    assert.ok(budgetAfter() < budgetAfter(0.2));
    assert.ok(budgetAfter(0.2) < budgetAfter(...fast));
    assert.equal(budgetAfter(...fast), budgetAfter(...fast, 0.2));
  });

  it("is as much shorter as the last answer took beyond it, and within bounds", () => {
    const usual = budgetAfter(...fast);
    assert.ok(budgetAfter(...fast, 3) < usual - 1);
    assert.equal(budgetAfter(...fast, 100), budgetAfter());
    assert.ok(budgetAfter(...fast, 100, ...fast) === usual);
  });

  it("is what is left since the edit, but all of it where the editor waits before it asks", () => {
    const time = new AnswerTime();
    const all = time.budget(0);
    assert.equal(time.budget(1), all - 1);
    assert.equal(time.budget(10), 0);
    assert.equal(time.budget(50), all);
  });

  it("does not count an answer without any budget", () => {
    const time = new AnswerTime();
    for (const _ of fast) time.ranOut(time.budget(0), time.budget(0) + 0.2);
    const usual = time.budget(0);
    time.ranOut(0, 5);
    assert.equal(time.budget(0), usual);
  });
});
