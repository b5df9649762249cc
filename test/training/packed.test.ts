import assert from "node:assert/strict";
import fc from "fast-check";
import { packed, unpacked } from "../../src/training/packed.ts";

const numbers = fc.oneof(fc.float32Array(), fc.int32Array(), fc.uint32Array());

describe("what is packed", () => {
  it("is the same when it is unpacked, whatever arrays of numbers there are in it", () => {
    const values = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, numbers, fc.string(), fc.double(), fc.constant(undefined), tie("record")),
      record: fc.oneof(fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"), { noNullPrototype: true })),
    })).record;
    fc.assert(
      fc.property(values, (value) => {
        assert.deepEqual(unpacked(Buffer.concat(packed(value))), value);
      }),
    );
  });

  it("may be a part of a larger array, and the same array in two places", () => {
    const part = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const back = unpacked(Buffer.concat(packed({ a: part, b: [part] }))) as { a: Float32Array; b: Float32Array[] };
    assert.deepEqual(back, { a: Float32Array.of(2, 3), b: [Float32Array.of(2, 3)] });
  });
});
