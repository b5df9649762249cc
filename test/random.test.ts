import assert from "node:assert/strict";
import { Random } from "../src/random.ts";

describe("the random numbers", () => {
  it("are spread evenly over [0, 1), and continue from a stored state", () => {
    const random = new Random(7);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.below(10)]!++;
    assert.ok(
      counts.every((count) => count > 850 && count < 1150),
      String(counts),
    );
    const state = random.save();
    const next = [random.next(), random.next()];
    const other = new Random(0);
    other.restore(state);
    assert.deepEqual([other.next(), other.next()], next);
  });
});
