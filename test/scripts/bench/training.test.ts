import assert from "node:assert/strict";
import { flopsPerChar, productsOf, window } from "../../../bench/training/setting.ts";

describe("the products that a training step cannot do without", () => {
  it("are all the multiplications of the step, but for those of the state's weights that are counted once over all times", () => {
    for (const layers of [1, 2, 3]) {
      const setting = { hidden: 256, layers, batch: 16 };
      const products = productsOf(setting);
      const multiplied = products.reduce(
        (sum, { rows, inner, columns, times }) => sum + 2 * rows * inner * columns * times,
        0,
      );
      assert.equal(multiplied, flopsPerChar(setting) * setting.batch * window);
      assert.ok(products.every(({ times }) => times > 0));
    }
  });
});
