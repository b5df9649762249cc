import assert from "node:assert/strict";
import { directCount, successorCount } from "../../../src/completion/prediction/local/contexts.ts";
import { localInputs } from "../../../src/completion/prediction/local/local-model.ts";
import { RecentCosts } from "../../../src/completion/prediction/local/recent-costs.ts";

/** Follows bytes of which each bit is predicted with the same certainty. @returns the means over few bytes, of each source */
function meansAfter(bytes: number, network: number, elsewhere: number, here: number): number[] {
  const recent = new RecentCosts();
  const inputs = new Float32Array(localInputs);
  inputs.fill(elsewhere, directCount, directCount + successorCount);
  inputs.fill(here, directCount + successorCount, directCount + 2 * successorCount);
  for (let i = 0; i < bytes; i++) {
    for (let bit = 0; bit < 8; bit++) recent.addBit(1, network, inputs);
    recent.endByte();
  }
  return [...recent.means].filter((_, i) => i % 2 === 0);
}

describe("What the sources cost of late", () => {
  it("approaches what each bit costs, in bits per byte", () => {
    const cost = 8 * Math.log2(1 + Math.exp(-2));
    for (const mean of meansAfter(200, 2, 2, 2)) assert.ok(Math.abs(mean - cost) < 0.01, `${mean} and ${cost}`);
  });

  it("is kept apart by where the contexts were seen last, and a silent source keeps its mean", () => {
    const [initial] = meansAfter(0, 0, 0, 0);
    const [network, elsewhere = 0, here] = meansAfter(100, 0, -3, 0);
    assert.deepEqual([network, here], [initial, initial]);
    assert.ok(elsewhere > 8 * 3, `${elsewhere}`);
    assert.deepEqual(meansAfter(100, 0, 0, -3), [initial, initial, elsewhere]);
  });
});
