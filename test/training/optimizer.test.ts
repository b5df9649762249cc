import assert from "node:assert/strict";
import fc from "fast-check";
import { AdamW } from "../../src/training/adamw.ts";
import { WeightAverage } from "../../src/training/average.ts";
import { peakRateOf } from "../../src/training/options.ts";
import { learningRateAt, progressOf } from "../../src/training/schedule.ts";

describe("AdamW", () => {
  it("follows the paper's algorithm, written out", () => {
    const [beta1, beta2, epsilon, decay] = [0.9, 0.99, 1e-8, 0.01];
    const weights = Float32Array.of(0.5, -0.25);
    const optimizer = new AdamW([weights], [{ learningRateScale: 0.5, weightDecay: decay }]);
    const theta = [0.5, -0.25];
    const m = [0, 0];
    const v = [0, 0];
    for (let t = 1; t <= 20; t++) {
      const gradient = [Math.sin(t) * 0.3, Math.cos(t) * 0.2];
      const rate = 0.01 / t;
      optimizer.update([Float32Array.from(gradient)], rate);
      gradient.forEach((g, i) => {
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        const corrected = m[i] / (1 - beta1 ** t) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon);
        theta[i] = theta[i]! - 0.5 * rate * (corrected + decay * theta[i]!);
      });
    }
    theta.forEach((value, i) => assert.ok(Math.abs(value - weights[i]!) < 1e-5, `${value} and ${weights[i]}`));
  });

  it("changes nothing where the gradient is infinite", () => {
    const weights = Float32Array.of(1, 2);
    const optimizer = new AdamW([weights], [{ learningRateScale: 1, weightDecay: 0.1 }]);
    assert.ok(!Number.isFinite(optimizer.update([Float32Array.of(0.1, Number.POSITIVE_INFINITY)], 0.1)));
    assert.deepEqual([...weights], [1, 2]);
    const { step, first } = optimizer.save();
    assert.deepEqual([step, ...first[0]!], [0, 0, 0]);
  });

  it("clips a gradient whose norm is above one to a norm of one", () => {
    const small = Float32Array.of(0);
    const large = Float32Array.of(0);
    const group = { learningRateScale: 1, weightDecay: 0 };
    const one = new AdamW([small, new Float32Array(1)], [group, group]);
    const other = new AdamW([large, new Float32Array(1)], [group, group]);
    one.update([Float32Array.of(0.6), Float32Array.of(0.8)], 0.1);
    assert.ok(Math.abs(other.update([Float32Array.of(6), Float32Array.of(8)], 0.1) - 10) < 1e-6);
    const [first] = one.save().first;
    const [second] = other.save().first;
    assert.ok(Math.abs(first![0]! - second![0]!) < 1e-7);
  });
});

describe("the averaged weights", () => {
  it("are the mean of about the last ninth of the steps, and resume from a stored average", () => {
    const average = new WeightAverage([new Float32Array(1)]);
    for (let t = 1; t <= 500; t++) average.add([Float32Array.of(t)]);
    const resumed = new WeightAverage([new Float32Array(1)]);
    resumed.restore(structuredClone(average.save()));
    for (let t = 501; t <= 1000; t++) for (const each of [average, resumed]) each.add([Float32Array.of(t)]);
    const mean = average.values[0]![0]!;
    // Weights that grow as t^η: the mean of t is (η + 1) / (η + 2) of the last, for η = 8.
    assert.ok(Math.abs(mean - 900) < 5, String(mean));
    assert.deepEqual(resumed.values, average.values);
  });
});

describe("the learning rate", () => {
  it("has a lower peak for a larger network and for fine-tuning", () => {
    const [small, large] = [
      { cell: "gru", layers: 1, hidden: 256, tied: false },
      { cell: "gru", layers: 2, hidden: 512, tied: false },
    ] as const;
    assert.ok(Math.abs(peakRateOf(large, "byte", false) - peakRateOf(small, "byte", false) / 4) < 1e-12);
    assert.ok(peakRateOf(small, "byte", true) < peakRateOf(small, "byte", false));
    const tied = { ...small, tied: true };
    assert.ok(peakRateOf(tied, "word", false) < peakRateOf(tied, "byte", false));
    assert.ok(peakRateOf(small, "word", false) < peakRateOf(tied, "word", false));
    assert.equal(peakRateOf({ ...small, hidden: 64 }, "char", false), peakRateOf(small, "byte", false));
  });

  it("rises, then falls, stays above zero and at or below its peak", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (progress) => {
        const rate = learningRateAt(progress, 0.01);
        assert.ok(rate > 0 && rate <= 0.01);
      }),
    );
    assert.ok(learningRateAt(0.02, 1) > 0.999);
    assert.ok(learningRateAt(0.01, 1) < 0.6);
    assert.ok(Math.abs(learningRateAt(1, 1) - 0.02) < 1e-9);
  });

  it("follows the steps of a run, the text that it has read, or the time that it has taken, and nothing else", () => {
    const done = { steps: 30, chars: 500, seconds: 45 };
    assert.equal(progressOf({ steps: 120, seconds: 0 }, done, 1000), 0.25);
    assert.equal(progressOf({ epochs: 4, seconds: 0 }, done, 1000), 0.125);
    assert.equal(progressOf({ seconds: 180 }, done, 1000), 0.25);
    assert.equal(progressOf({ steps: 0, seconds: 0 }, done, 1000), 1);
  });
});
