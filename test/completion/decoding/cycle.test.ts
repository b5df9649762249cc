import assert from "node:assert/strict";
import fc from "fast-check";
import { cycleCut, findCycle } from "../../../src/completion/decoding/cycle.ts";

describe("A cycle", () => {
  it("is cut after its first repetition", () => {
    const text = "x = the sent the sent the sent";
    assert.equal(text.slice(0, cycleCut(text)), "x = the sent");
  });

  it("has a beginning and a unit, and is not there before the third repetition", () => {
    const text = "x = the sent the sent the sent";
    assert.deepEqual(findCycle(text), { start: 3, unit: 9 });
    assert.equal(findCycle(text.slice(0, -1)), undefined);
    assert.deepEqual(findCycle("oh, ha ha ha ha h"), { start: 3, unit: 3 });
  });

  it("is found whatever its unit and the text before it", () => {
    const word = fc
      .string({ unit: fc.constantFrom(..."abc ."), minLength: 4, maxLength: 10 })
      .filter((s) => s.trim() !== "");
    fc.assert(
      fc.property(word, fc.integer({ min: 3, max: 6 }), (unit, times) => {
        const cut = cycleCut(`#${unit.repeat(times)}`);
        assert.ok(cut !== undefined && cut >= 1 && cut <= 1 + unit.length);
      }),
    );
  });

  it("is cut exactly when the text ends with three or more repetitions of a unit, over twelve or more characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 24 }), (text) => {
        const units = Array.from({ length: 8 }, (_, i) => i + 1).filter((unit) => {
          const length = Math.max(12, 3 * unit);
          const tail = text.slice(-length);
          return text.length >= length && [...tail].every((character, i) => i < unit || character === tail[i - unit]);
        });
        assert.equal(cycleCut(text) !== undefined, units.length > 0);
      }),
    );
  });

  it("is neither a short list nor an indentation", () => {
    for (const text of ["0, 0, 0, ", "aaa", "", "                        ", "((()))", "a, b, c, d, e"]) {
      assert.equal(cycleCut(text), undefined);
    }
  });
});
