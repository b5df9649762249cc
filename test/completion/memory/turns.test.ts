import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { Turns } from "../../../src/completion/memory/turns.ts";

describe("Turns of background work", () => {
  it("come after the work that goes first, and after the quiet that was asked for", async () => {
    const turns = new Turns();
    await turns.next();
    let hasEnded = false;
    turns.yieldTo(setTimeout(50).then(() => (hasEnded = true)));
    await turns.next();
    assert.ok(hasEnded);
    const start = performance.now();
    turns.beQuiet(40);
    turns.beQuiet(80);
    await turns.next();
    assert.ok(performance.now() - start >= 79);
  });

  it("come now and then while someone types without a pause", async () => {
    const turns = new Turns();
    let taken = 0;
    let isTyping = true;
    const work = (async () => {
      for (; isTyping; taken++) await turns.next();
    })();
    for (let key = 0; key < 60; key++) {
      turns.beQuiet(75);
      await setTimeout(25);
    }
    isTyping = false;
    await work;
    assert.ok(taken > 10, `${taken} turns`);
  });
});
