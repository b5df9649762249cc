import assert from "node:assert/strict";
import fc from "fast-check";
import { charactersIn, cyclesIn } from "../../../bench/sampling/cycles.ts";
import { cycleCut } from "../../../src/completion/decoding/cycle.ts";

/** Texts with many repetitions. */
const repetitive = fc
  .array(
    fc
      .tuple(fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 6 }), fc.integer({ min: 1, max: 7 }))
      .map(([unit, times]) => unit.repeat(times)),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

describe("the cycles in a text", () => {
  it("are the longest stretches of twelve or more characters in which a unit occurs three or more times in a row", () => {
    const text = "So the cat the cat the cat sat.";
    assert.deepEqual(cyclesIn(text), [{ start: 2, end: 27, unit: 8 }]);
    assert.deepEqual(cyclesIn(`${"ab".repeat(6)}, ${"xyz ".repeat(3)}!`), [
      { start: 0, end: 12, unit: 2 },
      { start: 13, end: 26, unit: 4 },
    ]);
  });

  it("are neither a short list nor an indentation", () => {
    for (const text of ["", "a, b, c, d", "0, 0, 0, ", "aaaaaaaaaaa", `${" ".repeat(40)}x`, "the cat the cat"]) {
      assert.deepEqual(cyclesIn(text), []);
    }
  });

  it("are exactly those of the definition", () => {
    fc.assert(
      fc.property(repetitive, (text) => {
        const found = cyclesIn(text);
        const inCycle = Array.from(text, () => false);
        for (let unit = 1; unit <= text.length / 3; unit++) {
          const least = Math.max(12, 3 * unit);
          for (let start = 0; start + least <= text.length; start++) {
            const stretch = text.slice(start, start + least);
            const repeats = [...stretch].every((character, i) => i < unit || character === stretch[i - unit]);
            if (repeats && stretch.trim() !== "") inCycle.fill(true, start, start + least);
          }
        }
        const covered = Array.from(text, (_, i) => found.some(({ start, end }) => start <= i && i < end));
        assert.deepEqual(covered, inCycle);
        assert.equal(charactersIn(found), inCycle.filter((isIn) => isIn).length);
      }),
    );
  });

  it("reach the end of the text wherever completion would cut one, with the same unit", () => {
    fc.assert(
      fc.property(repetitive, (text) => {
        const atEnd = cyclesIn(text).filter(({ end }) => end === text.length);
        const shortest = atEnd.toSorted((a, b) => a.unit - b.unit)[0];
        assert.equal(shortest && shortest.start + shortest.unit, cycleCut(text));
      }),
    );
  });
});
