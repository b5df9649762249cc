import assert from "node:assert/strict";
import { interpolate } from "../../src/training/interpolation.ts";

describe("The weights between two networks", () => {
  const from = [Float32Array.of(0, 2), Float32Array.of(-1)];
  const to = [Float32Array.of(4, 2), Float32Array.of(3)];

  it("lie at a share of the way, and are new", () => {
    assert.deepEqual(interpolate(from, to, 0.25), [Float32Array.of(1, 2), Float32Array.of(0)]);
    assert.deepEqual(from, [Float32Array.of(0, 2), Float32Array.of(-1)]);
  });

  it("are the second network's at the end of the way", () => {
    assert.deepEqual(interpolate(from, to, 1), to);
  });
});
