import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseToken, probabilityOf } from "../../../src/completion/decoding/sampling.ts";
import { seedOf, uniform } from "../../../src/completion/random.ts";

const logits = fc
  .array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 20 })
  .map((values) => Float32Array.from(values));
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const all = () => true;

/** How often each token is drawn, as a share. */
function shares(of: Float32Array, sampling: Parameters<typeof chooseToken>[2], draws = 20_000): number[] {
  const counts = Array(of.length).fill(0);
  for (let i = 0; i < draws; i++) counts[chooseToken(of, all, sampling, uniform(7, i))]++;
  return counts.map((count) => count / draws);
}

describe("Choosing a token", () => {
  it("takes the likeliest token at temperature 0 and at temperatures close to it", () => {
    fc.assert(
      fc.property(logits, draw, (values, at) => {
        const best = Math.max(...values);
        assert.equal(values[chooseToken(values, all, { temperature: 0 }, at)], best);
        assert.ok(best - values[chooseToken(values, all, { temperature: 1e-9 }, at)]! < 1e-4);
      }),
    );
  });

  it("draws from softmax(logits / temperature)", () => {
    const values = Float32Array.of(0, 1, 2, 3);
    for (const temperature of [0.5, 1, 2]) {
      const weights = Array.from(values, (value) => Math.exp(value / temperature));
      const sum = weights.reduce((a, b) => a + b);
      shares(values, { temperature }).forEach((share, i) => {
        assert.ok(Math.abs(share - weights[i]! / sum) < 0.015, `token ${i} at ${temperature}: ${share}`);
      });
    }
  });

  it("is stable for logits of any size", () => {
    const values = Float32Array.of(1e30, -1e30, 1e30);
    for (const temperature of [1e-6, 1, 2]) {
      const [a, b, c] = shares(values, { temperature }, 2000);
      assert.ok(a! > 0.4 && b === 0 && c! > 0.4);
    }
    assert.equal(probabilityOf(values, 0), 0.5);
    assert.equal(probabilityOf(values, 1), 0);
  });

  it("draws only from the top k", () => {
    assert.deepEqual(shares(Float32Array.of(0, 3, 1, 3), { temperature: 2, topK: 1 }, 200), [0, 1, 0, 0]);
    assert.deepEqual(
      shares(Float32Array.of(0, 3, 1, 3), { temperature: 2, topK: 2 }, 200).map((share) => share > 0),
      [false, true, false, true],
    );
  });

  it("draws from the fewest tokens whose share reaches top p", () => {
    const values = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
    const drawn = (topP: number) => shares(values, { temperature: 1, topP }, 3000).map((share) => share > 0);
    assert.deepEqual(drawn(0), [true, false, false, false]);
    assert.deepEqual(drawn(0.45), [true, false, false, false]);
    assert.deepEqual(drawn(0.7), [true, true, false, false]);
    assert.deepEqual(drawn(0.9), [true, true, true, false]);
    assert.deepEqual(drawn(1), [true, true, true, true]);
  });

  it("chooses only allowed tokens", () => {
    fc.assert(
      fc.property(logits, draw, fc.constantFrom(0, 0.5, 2), (values, at, temperature) => {
        const odd = (token: number) => token % 2 === 1;
        if (values.length > 1) assert.ok(odd(chooseToken(values, odd, { temperature }, at)));
      }),
    );
  });

  it("gives probabilities that sum to one", () => {
    fc.assert(
      fc.property(logits, (values) => {
        const sum = Array.from(values, (_, token) => probabilityOf(values, token)).reduce((a, b) => a + b);
        assert.ok(Math.abs(sum - 1) < 1e-9);
      }),
    );
  });
});

describe("Random numbers", () => {
  it("are uniform in [0, 1) over the indices of any seed", () => {
    for (const seed of [0, 1, 2 ** 32 - 1, seedOf("file:///a.ts")]) {
      const values = Array.from({ length: 10_000 }, (_, i) => uniform(seed, i));
      assert.ok(values.every((value) => value >= 0 && value < 1));
      const bins = Array(10).fill(0);
      for (const value of values) bins[Math.floor(value * 10)]++;
      assert.ok(bins.every((count) => Math.abs(count - 1000) < 150));
    }
  });

  it("are the same for the same seed and index, and different for others", () => {
    assert.equal(uniform(5, 9), uniform(5, 9));
    assert.notEqual(uniform(5, 9), uniform(5, 10));
    assert.notEqual(uniform(5, 9), uniform(6, 9));
    assert.notEqual(seedOf("a"), seedOf("b"));
  });
});
