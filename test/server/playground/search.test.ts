import assert from "node:assert/strict";
import fc from "fast-check";
import { correlation } from "../../../src/server/playground/correlation.ts";
import { largest } from "../../../src/server/playground/likely.ts";
import { valuesOf } from "../../../src/server/playground/text-properties.ts";

/** The characters after which a property is not 0, and a dot for each other one. */
function where(property: Parameters<typeof valuesOf>[0], text: string): string {
  return Array.from(valuesOf(property, text), (value, i) => (value === 0 ? "." : text[i])).join("");
}

describe("the properties of a text", () => {
  it("are where quotes, brackets and comments are open", () => {
    assert.equal(where("quotes", 'a = "b" + c;'), '...."b......');
    assert.equal(where("quotes", 'a = "b\\"c";'), '...."b\\"c..');
    assert.equal(where("quotes", "it isn't 'so'"), ".........'so.");
    assert.equal(where("quotes", 'x = "open\ny'), '...."open..');
    assert.equal(where("comments", 'a; // b\n"# c" /* d */ e'), "...// b......./* d *...");
    assert.deepEqual([...valuesOf("brackets", "f([a])b)")], [0, 1, 2, 2, 1, 0, 0, 0]);
  });

  it("are the place in the line, its indentation, and whether it ends", () => {
    const text = "a\n  bc\n";
    assert.deepEqual([...valuesOf("column", text)], [1, 0, 1, 2, 3, 4, 0]);
    assert.deepEqual([...valuesOf("indentation", text)], [0, 0, 1, 2, 2, 2, 0]);
    assert.deepEqual([...valuesOf("line-end", text)], [1, 0, 0, 0, 0, 1, 0]);
  });
});

describe("the correlation of two series", () => {
  it("is 1 for what goes together, −1 for the opposite, and 0 where nothing varies", () => {
    const near = (value: number, expected: number): void => assert.ok(Math.abs(value - expected) < 1e-9, `${value}`);
    near(correlation([1, 2, 3], [10, 20, 30]), 1);
    near(correlation([1, 2, 3], [3, 2, 1]), -1);
    near(correlation([1, 1, 1], [1, 2, 3]), 0);
    near(correlation([], []), 0);
    near(correlation([0, 1, 0, 1], [0, 0, 1, 1]), 0);
  });
});

describe("the largest values", () => {
  it("are those that sorting finds", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }), fc.nat(6), (values, count) => {
        const sorted = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, count);
        assert.deepEqual(largest(values, count), sorted);
      }),
    );
  });
});
