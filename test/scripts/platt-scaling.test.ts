import assert from "node:assert/strict";
import { composed, type Outcome, plattScaling, type Scaling } from "../../scripts/platt-scaling.ts";
import { Random } from "../../src/random.ts";

function scaled(probability: number, { slope, intercept }: Scaling): number {
  return 1 / (1 + Math.exp(-(slope * Math.log(probability / (1 - probability)) + intercept)));
}

/** Outcomes that a scaling of the probabilities gives rightly. */
function outcomesOf(scaling: Scaling, count: number): Outcome[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => {
    const probability = 0.02 + 0.96 * random.next();
    return { probability, isRight: random.next() < scaled(probability, scaling) };
  });
}

describe("Platt scaling", () => {
  it("finds the scaling that the outcomes came from", () => {
    for (const scaling of [
      { slope: 1, intercept: 0 },
      { slope: 0.85, intercept: 0.27 },
      { slope: 1.6, intercept: -0.8 },
    ]) {
      const { slope, intercept } = plattScaling(outcomesOf(scaling, 40_000));
      assert.ok(Math.abs(slope - scaling.slope) < 0.05, `${slope}`);
      assert.ok(Math.abs(intercept - scaling.intercept) < 0.05, `${intercept}`);
    }
  });

  it("makes the mean probability equal to the share of correct outcomes", () => {
    const outcomes = outcomesOf({ slope: 0.5, intercept: 1 }, 5000);
    const scaling = plattScaling(outcomes);
    const expected = outcomes.reduce((sum, { probability }) => sum + scaled(probability, scaling), 0);
    const right = outcomes.filter(({ isRight }) => isRight).length;
    assert.ok(Math.abs(expected - right) < 2);
  });

  it("is finite if the outcomes are separable", () => {
    const { slope, intercept } = plattScaling([
      { probability: 0.1, isRight: false },
      { probability: 0.2, isRight: false },
      { probability: 0.8, isRight: true },
      { probability: 1, isRight: true },
    ]);
    assert.ok(Number.isFinite(slope) && slope > 0 && Number.isFinite(intercept));
  });

  it("is refused if there is nothing to fit", () => {
    assert.throws(() => plattScaling([]), /nothing to fit/);
    assert.throws(() => plattScaling([{ probability: 0.5, isRight: true }]), /nothing to fit/);
    const same = [true, false].map((isRight) => ({ probability: 0.5, isRight }));
    assert.throws(() => plattScaling(same), /nothing to fit/);
  });

  it("composed with another is one scaling", () => {
    const [first, second] = [
      { slope: 0.85, intercept: 0.27 },
      { slope: 1.2, intercept: -0.1 },
    ];
    for (const p of [0.1, 0.5, 0.99]) {
      assert.ok(Math.abs(scaled(scaled(p, first), second) - scaled(p, composed(first, second))) < 1e-12);
    }
  });
});
