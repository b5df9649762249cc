import assert from "node:assert/strict";
import { describeResult } from "../../../src/server/runs/training-run.ts";

describe("The message about a new model", () => {
  /** @param shares the shares of the characters that are typed, before and after */
  function messageFor(bits: readonly [number, number], shares?: readonly [number, number]): string {
    const [before, heldOut] = bits.map((mixed, i) => ({
      chars: 1000,
      bitsPerChar: 2,
      mixed,
      ...(shares && { acceptedShare: shares[i] as number, netSaved: 0 }),
    }));
    assert.ok(before && heldOut);
    const run = { model: "m.onnx", parameters: 1, trainChars: 9, steps: 9, seconds: 9, charsPerSecond: 1, texts: [] };
    return describeResult({ ...run, isBetter: true, before, heldOut });
  }

  it("says how much more is typed, or that it predicts better although no more is typed", () => {
    const beginning = "Murmur has learned your workspace. On files that it had not seen, it";
    const end = "The new model is now in use.";
    assert.equal(
      messageFor([0.9, 0.855], [0.36, 0.41]),
      `${beginning} now types 41 % of the characters; before: 36 %. ${end}`,
    );
    assert.equal(
      messageFor([0.9, 0.8964], [0.36, 0.36]),
      `${beginning} predicts 1 % better, and types about as many of the characters. ${end}`,
    );
    assert.equal(
      messageFor([0.87, 0.86], [0.37, 0.34]),
      `${beginning} predicts 1 % better, and types 34 % of the characters; before: 37 %. ${end}`,
    );
    assert.equal(messageFor([2, 1]), `${beginning} predicts 50 % better. ${end}`);
  });
});
