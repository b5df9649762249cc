import assert from "node:assert/strict";
import fc from "fast-check";
import { sideBySide } from "../../src/training/tasks/side-by-side.ts";

describe("sequences side by side", () => {
  it("give each item once, those of one sequence in its order, and of so many sequences one in turn", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 4 }), (lengths, atATime) => {
        const sequences = lengths.map((length, of) => Array.from({ length }, (_, item) => ({ of, item })));
        const items = [...sideBySide(sequences, (sequence) => sequence, atATime)];
        for (const [of, sequence] of sequences.entries())
          assert.deepEqual(
            items.filter((item) => item.of === of),
            sequence,
          );
        assert.equal(items.length, sequences.flat().length);
        const first = sequences.slice(0, atATime);
        if (first.every(({ length }) => length > 0))
          assert.deepEqual(
            items.slice(0, first.length).map(({ of }) => of),
            [...first.keys()],
          );
      }),
    );
  });

  it("are no more than that open at a time, and closed when nobody reads on", () => {
    let [opened, closed] = [0, 0];
    function* sequence(): Generator<number> {
      opened++;
      try {
        yield* [1, 2, 3];
      } finally {
        closed++;
      }
    }
    for (const _ of sideBySide([1, 2, 3, 4, 5, 6, 7], sequence, 3)) {
      assert.ok(opened - closed <= 3);
      if (opened === 5) break;
    }
    assert.equal(closed, opened);
  });
});
