import assert from "node:assert/strict";
import { embedding, flopsPerChar, productsOf, vocabulary, window } from "../../../bench/training/setting.ts";

describe("the multiplications that a training step needs", () => {
  it("are all the multiplications of the characters, and those of the first layer's table", () => {
    for (const layers of [1, 2, 3]) {
      const setting = { hidden: 256, layers, batch: 16 };
      const products = productsOf(setting);
      const multiplied = products.reduce(
        (sum, { rows, inner, columns, times }) => sum + 2 * rows * inner * columns * times,
        0,
      );
      const table = 3 * 2 * vocabulary * embedding * 4 * setting.hidden;
      assert.equal(multiplied, flopsPerChar(setting) * setting.batch * window + table);
      assert.ok(products.every(({ times }) => times > 0));
    }
  });
});
