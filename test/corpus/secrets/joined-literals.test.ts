import assert from "node:assert/strict";
import { joinLiterals } from "../../../src/corpus/secrets/joined-literals.ts";

describe("literals that code joins", () => {
  it("are one, whatever joins them, and passages across them are found in the original", () => {
    for (const between of ['" + "', '" "', '" . "', '"\n  "', '" +\r\n    "', '" \\\n"', '"\n  + "']) {
      const text = `first\nx = "abc${between}def";\nlast\n`;
      const joined = joinLiterals(text);
      assert.ok(joined, between);
      assert.ok(joined.text.includes('x = "abcdef";'), between);
      const from = joined.text.indexOf("abcdef");
      const origin = joined.originOf({ from, to: from + 6 });
      assert.ok(origin, between);
      assert.equal(text.slice(origin.from, origin.to), `abc${between}def`);
      assert.equal(joined.originOf({ from, to: from + 3 }), undefined, "within one literal");
      assert.doesNotMatch(joined.text, /first|last/);
    }
  });

  it("can be more than two, in several places", () => {
    const text = `a = "1" + "2" + "3"\n${"other lines\n".repeat(9)}b = '4' . '5'\n`;
    const joined = joinLiterals(text);
    assert.match(joined?.text ?? "", /a = "123"\n+b = '45'/);
    const from = (joined?.text ?? "").indexOf("123");
    const origin = joined?.originOf({ from, to: from + 3 });
    assert.equal(text.slice(origin?.from, origin?.to), '1" + "2" + "3');
  });

  it("are not those of a list, with a variable between them, or empty ones", () => {
    for (const text of ['["a", "b"]', '"a" + b + "c"', 'x = ""', "no literal"])
      assert.equal(joinLiterals(text), undefined);
  });

  it("take little of a long line", () => {
    const joined = joinLiterals(`${"x".repeat(100_000)}"a" + "b"${"y".repeat(100_000)}`);
    assert.ok(joined && joined.text.length < 1000);
  });
});
