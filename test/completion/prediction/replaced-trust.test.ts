import assert from "node:assert/strict";
import fc from "fast-check";
import { ReplacedText } from "../../../src/completion/prediction/local/replaced-text.ts";
import { expectAgain } from "../../../src/completion/prediction/replaced-trust.ts";

/** A place in a replaced text after some bytes of the new one. */
function placeAfter(former: string, written: string): ReplacedText {
  return [...Buffer.from(written)].reduce(
    (place, byte) => place.after(byte),
    ReplacedText.begin(Buffer.from(former), true),
  );
}

const distribution = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 256, maxLength: 256 })
  .filter((weights) => weights.some((weight) => weight > 0))
  .map((weights) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    return Float32Array.from(weights, (weight) => weight / sum);
  });
const text = fc.string({ unit: fc.constantFrom("a", "b", "(", " ", "\n", "abc", "é"), maxLength: 40 });

describe("The trust in replaced text", () => {
  it("leaves a distribution in which the bytes that are not expected keep their proportions", () => {
    fc.assert(
      fc.property(distribution, text, text, (before, former, written) => {
        const place = placeAfter(former, written);
        const after = before.slice();
        expectAgain(place, after);
        const sum = after.reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum - 1) < 1e-4, `the sum is ${sum}`);
        const others = before.map((p, byte) => (byte === place.expected ? 0 : p));
        const all = others.reduce((a, b) => a + b, 0);
        const left = 1 - (after[place.expected] ?? 0);
        for (const [byte, p] of others.entries()) {
          if (byte !== place.expected) assert.ok(Math.abs(after[byte]! - (p / all) * left) < 1e-4);
        }
      }),
    );
  });

  it("is higher the longer both texts have agreed, and the less they have differed", () => {
    const expected = (written: string): number => {
      const probabilities = new Float32Array(256).fill(1 / 256);
      const place = placeAfter("  const total = sum(numbers);", written);
      expectAgain(place, probabilities);
      return probabilities[place.expected] ?? 0;
    };
    const [agreed, differed, twice] = ["  const total = ", "  let total = ", "  let mean = "].map(expected) as [
      number,
      number,
      number,
    ];
    assert.ok(agreed > 0.3 && agreed > differed && differed > twice, `${agreed}, ${differed}, ${twice}`);
  });

  it("changes nothing where the byte is certain already, or nothing is expected", () => {
    const certain = new Float32Array(256);
    certain["a".charCodeAt(0)] = 1;
    const before = certain.slice();
    expectAgain(placeAfter("a", ""), certain);
    assert.deepEqual(certain, before);
    expectAgain(placeAfter("abc", "xyz"), certain);
    assert.deepEqual(certain, before);
  });
});
