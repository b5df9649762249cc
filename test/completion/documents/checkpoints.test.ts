import assert from "node:assert/strict";
import fc from "fast-check";
import { StateCheckpoints } from "../../../src/completion/documents/checkpoints.ts";
import type { Reading } from "../../../src/model/language-model.ts";

const limits = { recent: 4, spacing: 10, total: 12 };

function checkpoint(offset: number) {
  const reading: Reading = { state: [], logits: new Float32Array() };
  return { offset, reading };
}

describe("State checkpoints", () => {
  it("are dense where the text was read last, and sparse before", () => {
    const checkpoints = new StateCheckpoints(limits);
    for (let offset = 0; offset <= 50; offset++) checkpoints.add(checkpoint(offset));
    assert.deepEqual(checkpoints.offsets, [0, 10, 20, 30, 40, 47, 48, 49, 50]);
  });

  it("give the last one at or before an offset", () => {
    const checkpoints = new StateCheckpoints(limits);
    for (const offset of [5, 2, 9]) checkpoints.add(checkpoint(offset));
    assert.deepEqual(
      [1, 2, 4, 5, 8, 9, 100].map((offset) => checkpoints.lastUpTo(offset)?.offset),
      [undefined, 2, 2, 5, 5, 9, 9],
    );
  });

  it("drop those that are no longer valid", () => {
    const checkpoints = new StateCheckpoints(limits);
    for (const offset of [0, 1, 2, 3]) checkpoints.add(checkpoint(offset));
    checkpoints.retain(({ offset }) => offset < 2);
    assert.deepEqual(checkpoints.offsets, [0, 1]);
    assert.equal(checkpoints.lastUpTo(9)?.offset, 1);
  });

  it("stay in order, distinct and within their limit, and keep the latest, whatever is done", () => {
    const action = fc.record({ kind: fc.constantFrom("add", "find", "drop"), offset: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 100 }), (actions) => {
        const checkpoints = new StateCheckpoints(limits);
        for (const { kind, offset } of actions) {
          if (kind === "add") checkpoints.add(checkpoint(offset));
          else if (kind === "find") checkpoints.lastUpTo(offset);
          else checkpoints.retain((one) => one.offset < offset);
          const { offsets } = checkpoints;
          assert.ok(offsets.length <= limits.total);
          assert.ok(offsets.every((one, i) => i === 0 || one > offsets[i - 1]!));
          if (kind === "add") assert.ok(offsets.includes(offset));
        }
      }),
    );
  });
});
