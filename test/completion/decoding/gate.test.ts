import assert from "node:assert/strict";
import fc from "fast-check";
import { consider, expectedSaving, isDecided, nothingSeen } from "../../../src/completion/decoding/gate.ts";

const probability = fc.double({ min: 0, max: 1, noNaN: true });

function gateOf(probabilities: readonly number[], gain = (length: number) => length) {
  return gateFor(cost, probabilities, gain);
}

/** @param probabilities of each character given those before it */
function gateFor(wrongCost: number, probabilities: readonly number[], gain = (length: number) => length) {
  let product = 1;
  return probabilities.reduce((state, p, i) => {
    product *= p;
    return consider(state, product, gain(i + 1), 0);
  }, nothingSeen(wrongCost));
}

/** The cost of a wrong suggestion. */
const cost = 3;

describe("The gate", () => {
  it("chooses the length with the largest expected saving, among those that are not better shown later", () => {
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 40 }), (probabilities) => {
        const products = probabilities.map((_, i) => probabilities.slice(0, i + 1).reduce((a, b) => a * b, 1));
        const savings = products.map((product, i) => {
          const now = product * (i + 1 - 2) - cost * (1 - product);
          // Shown after j more characters are typed, if these are as expected.
          const later = products.slice(0, i).map((typed, j) => product * (i - j - 2) - cost * (typed - product));
          return later.every((saving) => now > saving - 1e-12) ? now : 0;
        });
        const largest = Math.max(0, ...savings);
        const { best } = gateOf(probabilities);
        assert.ok(Math.abs((best?.saving ?? 0) - largest) < 1e-9);
        if (best) assert.ok(Math.abs((savings[best.length - 1] ?? 0) - largest) < 1e-9);
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

  it("waits for a key where the beginning is uncertain, and then shows the rest", () => {
    assert.equal(gateOf([0.5, ...Array(20).fill(1)]).best, undefined);
    assert.equal(gateOf(Array(20).fill(1)).best?.length, 20);
    assert.equal(gateOf([0.9, ...Array(20).fill(1)]).best?.length, 21);
  });

  it("shows more where a wrong suggestion costs less", () => {
    const falling = [0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9];
    const shown = [8, 3, 1, 0].map((wrong) => gateFor(wrong, falling).best?.length ?? 0);
    assert.deepEqual(
      shown,
      [...shown].sort((a, b) => a - b),
    );
    assert.ok((shown[0] ?? 0) < (shown[3] ?? 0));
  });

  it("does not show one or two characters, which are not worth a key", () => {
    assert.equal(gateOf([1]).best, undefined);
    assert.equal(gateOf([1, 1]).best, undefined);
    assert.equal(gateOf([1, 1, 1]).best?.length, 3);
  });

  it("never ends with a character that gains nothing", () => {
    const { best } = gateOf([1, 1, 1, 1, 1], (length) => (length === 4 ? 4 : 0));
    assert.equal(best?.length, 4);
  });

  it("ends before or after a word that may go on, and within it only where that is unlikely and saves more", () => {
    const wordGoesOn = (of: (length: number) => number) =>
      Array.from({ length: 8 }, (_, i) => i + 1).reduce(
        (state, length) => consider(state, 0.999 ** length, length, of(length)),
        nothingSeen(cost),
      ).best?.length;
    assert.equal(
      wordGoesOn(() => 0),
      8,
    );
    assert.equal(
      wordGoesOn((length) => (length > 4 ? 0.6 : 0)),
      4,
    );
    assert.equal(
      wordGoesOn((length) => (length === 8 ? 0.4 : 0)),
      7,
    );
    assert.equal(
      wordGoesOn((length) => (length > 4 ? 0.4 : 0)),
      8,
    );
    assert.equal(
      wordGoesOn(() => 1),
      undefined,
    );
  });

  it("is decided only when no longer continuation can be better", () => {
    const most = 30;
    fc.assert(
      fc.property(fc.array(probability, { maxLength: most }), (probabilities) => {
        const state = gateOf(probabilities);
        const bestPossible = gateOf([...probabilities, ...Array(most - probabilities.length).fill(1)]);
        const canWin = (bestPossible.best?.saving ?? 0) > (state.best?.saving ?? 0);
        if (isDecided(state, most)) assert.ok(!canWin);
      }),
    );
    assert.ok(isDecided(gateOf([0.5]), most));
    assert.ok(!isDecided(gateOf([0.95]), most));
  });

  it("values a suggestion by the netSaved of simulated typing", () => {
    assert.equal(expectedSaving(1, 10, cost), 8);
    assert.equal(expectedSaving(0, 10, cost), -3);
    assert.equal(expectedSaving(0.5, 10, cost), 2.5);
  });
});
