import assert from "node:assert/strict";
import {
  activationClass,
  bitsOf,
  legendOfLevels,
  levelOf,
  nameOf,
  onOneLine,
  percent,
} from "../../src/pages/playground/wording.ts";

describe("the playground's words", () => {
  it("call each character by a name that can be read and heard", () => {
    const names = ["a", " ", "    ", "\n", "\t", "{", "name"].map((text) => nameOf({ text }));
    assert.deepEqual(names, ["“a”", "space", "4 spaces", "line break", "tab", "“{”", "“name”"]);
    assert.equal(nameOf({ text: "", kind: "end" }), "end of the text");
    assert.equal(nameOf({ text: "C3", kind: "byte" }), "byte C3");
    assert.equal(onOneLine("a\n\tb"), "a⏎⇥b");
  });

  it("round probabilities to what tells them apart", () => {
    assert.deepEqual([1, 0.42, 0.0999, 0.013, 0.0004, 0].map(percent), [
      "100 %",
      "42 %",
      "10 %",
      "1.3 %",
      "< 0.1 %",
      "0 %",
    ]);
    assert.equal(bitsOf(0.25), "2.00 bits");
    assert.equal(bitsOf(1), "0.00 bits");
  });

  it("have a level for each probability, as the legend says", () => {
    assert.deepEqual([1, 0.9, 0.89, 0.2, 0.05, 0.0099, 0].map(levelOf), [
      "level-0",
      "level-0",
      "level-1",
      "level-2",
      "level-3",
      "level-5",
      "level-5",
    ]);
    assert.deepEqual(
      legendOfLevels().map(({ label }) => label),
      ["from 90 %", "from 50 %", "from 20 %", "from 5 %", "from 1 %", "under 1 %"],
    );
  });

  it("have a colour for each value of a hidden unit", () => {
    assert.deepEqual([-1, -0.5, -0.05, 0, 0.2, 1].map(activationClass), [
      "unit-minus-4",
      "unit-minus-2",
      "unit-0",
      "unit-0",
      "unit-plus-1",
      "unit-plus-4",
    ]);
  });
});
