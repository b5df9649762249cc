import assert from "node:assert/strict";
import fc from "fast-check";
import { elementsBefore, openElements, openersIn } from "../../../src/completion/decoding/openers.ts";

describe("The elements that a text leaves open", () => {
  for (const [text, names] of [
    ["<ul>\n  <li>a</li>", ["ul"]],
    ["<v-list\n  :a='b'><a:b><C.D e>", ["v-list", "a:b", "C.D"]],
    ["<><b>", ["", "b"]],
    ["<br><img src='a'><p/>", []],
    ["a < b; c<d", []],
    [`<${"a".repeat(4000)}`, []],
    [`<${"a".repeat(4000)}>`, ["a".repeat(4000)]],
  ] as const) {
    it(`are those of ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.deepEqual(
        openElements(text).map(({ closer }) => closer),
        names,
      ));
  }

  it("are found from those of the text before as from all of it", () => {
    const text = fc
      .array(fc.constantFrom("<", "</", "<ul", "<li", ">", "</ul>", "</li>", "/>", "a", " ", "\n", "\n  "), {
        maxLength: 20,
      })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (above, line) => {
        const whole = above === "" ? "" : `${above}\n`;
        const { open, rest } = elementsBefore(whole);
        assert.deepEqual(openElements(rest + line, open), openElements(whole + line));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("The brackets that a text leaves open", () => {
  it("are those outside of strings, with the indentation of their lines", () => {
    assert.deepEqual(openersIn("f {\n  g(\"[\", '(', [a]"), [
      { closer: "}", indentation: "" },
      { closer: ")", indentation: "  " },
    ]);
  });
});
