import assert from "node:assert/strict";
import fc from "fast-check";
import { consider, expectedSaving, isDecided, nothingSeen } from "../../src/completion/gate.ts";

const probability = fc.double({ min: 0, max: 1, noNaN: true });

function gateOf(probabilities: readonly number[], gain = (length: number) => length) {
  return probabilities.reduce((state, p, i) => consider(state, p, gain(i + 1)), nothingSeen);
}

describe("The gate", () => {
  it("chooses the length of the largest expected saving", () => {
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 40 }), (probabilities) => {
        const savings = probabilities.map((_, i) => {
          const product = probabilities.slice(0, i + 1).reduce((a, b) => a * b, 1);
          return product * (i + 1 - 2) - 3 * (1 - product);
        });
        const largest = Math.max(0, ...savings);
        const { best } = gateOf(probabilities);
        assert.equal(best?.saving ?? 0, largest);
        assert.equal(best?.length, largest > 0 ? savings.indexOf(largest) + 1 : undefined);
      }),
    );
  });

  it("shows all of a certain continuation and nothing of an unlikely one", () => {
    assert.equal(gateOf(Array(10).fill(1)).best?.length, 10);
    assert.equal(gateOf(Array(10).fill(0.5)).best, undefined);
  });

  it("cuts where confidence falls", () => {
    const { best } = gateOf([...Array(8).fill(0.99), 0.1, ...Array(8).fill(0.99)]);
    assert.equal(best?.length, 8);
    assert.ok(Math.abs(best.probability - 0.99 ** 8) < 1e-12);
  });

  it("shows no one or two characters: they are not worth a key", () => {
    assert.equal(gateOf([1]).best, undefined);
    assert.equal(gateOf([1, 1]).best, undefined);
    assert.equal(gateOf([1, 1, 1]).best?.length, 3);
  });

  it("ends with no character that gains nothing", () => {
    const { best } = gateOf([1, 1, 1, 1, 1], (length) => (length === 4 ? 4 : 0));
    assert.equal(best?.length, 4);
  });

  it("is decided only when no longer continuation can win", () => {
    const certain = { max: 30 };
    fc.assert(
      fc.property(fc.array(probability, { maxLength: certain.max }), (probabilities) => {
        const state = gateOf(probabilities);
        const bestPossible = gateOf([...probabilities, ...Array(certain.max - probabilities.length).fill(1)]);
        const canWin = (bestPossible.best?.saving ?? 0) > (state.best?.saving ?? 0);
        if (isDecided(state, certain.max)) assert.ok(!canWin);
        else assert.ok(canWin || probabilities.length === certain.max);
      }),
    );
  });

  it("values a suggestion by design.md's netSaved", () => {
    assert.equal(expectedSaving(1, 10), 8);
    assert.equal(expectedSaving(0, 10), -3);
    assert.equal(expectedSaving(0.5, 10), 2.5);
  });
});
