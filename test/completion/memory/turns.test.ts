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

  it("come now and then while someone types without a pause, and between the answers", async () => {
    const turns = new Turns();
    let taken = 0;
    let isTyping = true;
    let isAnswering = false;
    const work = (async () => {
      for (; isTyping; taken++) {
        await turns.next();
        assert.ok(!isTyping || !isAnswering);
      }
    })();
    let keysWithTurns = 0;
    const keys = 60;
    for (let key = 0; key < keys; key++) {
      const before = taken;
      // Longer than a busy machine may take for a key.
      turns.beQuiet(2000);
      isAnswering = true;
      turns.yieldTo(setTimeout(5).then(() => (isAnswering = false)));
      await setTimeout(25);
      if (taken > before) keysWithTurns++;
    }
    isTyping = false;
    turns.beQuiet(0);
    await work;
    assert.ok(taken > 10, `${taken} turns`);
    assert.ok(keysWithTurns < keys / 2, `turns at ${keysWithTurns} of ${keys} keys`);
  });
});
