import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { ClosedMemory } from "../../../src/server/documents/closed-memory.ts";

/** Milliseconds within which nothing else in this process makes V8 collect all garbage, and the memory is given back. */
const enough = 3_000;

describe("the memory of closed documents", () => {
  it("is given back when much was closed, however Node was started", async () => {
    assert.equal(globalThis.gc, undefined, "this process was started without --expose-gc");
    const collected = await isCollected((memory) => memory.note(4_000_000));
    assert.ok(collected);
  });

  it("is left to V8 when little was closed", async () => {
    const collected = await isCollected((memory) => memory.note(1_000_000));
    assert.ok(!collected);
  });

  async function isCollected(close: (memory: ClosedMemory) => void): Promise<boolean> {
    const document = new WeakRef({ text: "x".repeat(100) });
    close(new ClosedMemory());
    await setTimeout(enough);
    return document.deref() === undefined;
  }
});
