import assert from "node:assert/strict";
import fc from "fast-check";
import { calibrated } from "../../../src/completion/decoding/calibration.ts";

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe("Calibration", () => {
  it("gives probabilities, and keeps their order", () => {
    fc.assert(
      fc.property(probability, probability, (a, b) => {
        const [low, high] = [calibrated(Math.min(a, b)), calibrated(Math.max(a, b))];
        assert.ok(low >= 0 && high <= 1 && low <= high);
      }),
    );
  });

  it("leaves what is certain as it is", () => {
    assert.equal(calibrated(0), 0);
    assert.equal(calibrated(1), 1);
  });
});
