import assert from "node:assert/strict";
import fc from "fast-check";
import { closesOnly, fitToRest } from "../../../src/completion/decoding/suffix.ts";

/** The line after a suggestion before `rest` is accepted. */
function accepted(text: string, rest: string): string {
  const fit = fitToRest(text, rest);
  return fit.text + rest.slice(fit.replacedLength);
}

describe("The text right of the cursor", () => {
  for (const rest of [
    "",
    "   ",
    ")",
    "]",
    "}",
    '"',
    "'",
    "`",
    ">",
    ";",
    ",",
    ":",
    ")}",
    "});",
    ") {",
    '");',
    " */",
    "-->",
    " />",
    "'])  ;",
  ]) {
    it(`is closing punctuation: ${JSON.stringify(rest)}`, () => assert.ok(closesOnly(rest)));
  }
  for (const rest of ["a", "a)", ") + b", "(", "()", ") a", "0", "é", "_x", ");;a", "= 1", ", b)"]) {
    it(`is more than that: ${JSON.stringify(rest)}`, () => assert.ok(!closesOnly(rest)));
  }

  // A pattern that backtracks would take minutes.
  it("is judged even if it is long", () => assert.ok(!closesOnly(`${" ".repeat(1_000_000)}a`)));
});

describe("A suggestion", () => {
  const pairs = [
    ["(", ")"],
    ["[", "]"],
    ["{", "}"],
    ["<", ">"],
    ['"', '"'],
    ["'", "'"],
    ["`", "`"],
  ] as const;
  for (const [open, close] of pairs) {
    it(`does not repeat the ${close} that is there`, () => {
      assert.deepEqual(fitToRest(`name${close}`, close), { text: "name", replacedLength: 0, gain: 4 });
    });
    it(`replaces the ${close} that is there when it continues after it`, () => {
      assert.deepEqual(fitToRest(`name${close};`, close), { text: `name${close};`, replacedLength: 1, gain: 5 });
    });
    it(`keeps a ${open}${close} of its own`, () => {
      const own = `x${open}y${close}`;
      assert.deepEqual(fitToRest(own, ")"), { text: own, replacedLength: 0, gain: own.length });
      if (open !== close) assert.equal(accepted(`${own}${close}`, close), `${own}${close}`);
    });
    it(`does not double a ${close} before a semicolon`, () => {
      assert.equal(accepted(`name${close};`, `${close};`), `name${close};`);
    });
  }

  const cases: readonly (readonly [string, string, string, string])[] = [
    ["nothing is there", "name);", "", "name);"],
    ["only white space is there", "name);", "  ", "name);  "],
    ["a semicolon is there", "x = 1;", ";", "x = 1;"],
    ["a comma is there", "x,", ",", "x,"],
    ["a block opens after the bracket", "a) {", ") {", "a) {"],
    ["the suggestion opens a block after the bracket", "a) {", ")", "a) {"],
    ["several brackets are there", "x])", "])", "x])"],
    ["a string and a call end there", 'abc");', '")', 'abc");'],
    ["another argument follows the string", 'abc", x)', '")', 'abc", x)'],
    ["it is cut before the last bracket", 'abc"', '")', 'abc")'],
    ["white space is before the bracket", "a, b)", " )", "a, b )"],
    ["it contains an apostrophe", "it's)", ")", "it's)"],
    ["it contains a comparison", "i < n)", ")", "i < n)"],
    ["it contains an arrow", "(x) => x)", ")", "(x) => x)"],
    ["a string in it contains the bracket", '")")', ")", '")")'],
    ["a string in it contains an escaped quote", '"\\")" + x)', ")", '"\\")" + x)'],
  ];
  for (const [title, text, rest, line] of cases) {
    it(`makes the right line where ${title}`, () => assert.equal(accepted(text, rest), line));
  }

  it("that continues differently from the line is cut", () => {
    assert.deepEqual(fitToRest("a), b", ") {"), { text: "a", replacedLength: 0, gain: 1 });
  });

  it("that is there already becomes empty", () => {
    assert.deepEqual(fitToRest(");", ");"), { text: "", replacedLength: 0, gain: 0 });
  });

  it("gains nothing if it leaves a bracket open that the following punctuation would close", () => {
    assert.equal(fitToRest("f(x", ")").gain, 0);
    assert.equal(fitToRest("f(x)", ")").gain, 4);
    assert.equal(fitToRest("[a, f({ b })", ");").gain, 0);
    assert.equal(fitToRest("f(x", "").gain, 3);
    assert.equal(fitToRest("f(x", "  ").gain, 3);
    assert.equal(fitToRest('"("', ")").gain, 3);
    assert.equal(fitToRest('split("[', ")").gain, 0);
  });

  // A pattern that backtracks would take more than a lifetime.
  it("gains nothing by an open string either, however much of it is escaped", () => {
    assert.equal(fitToRest(`("${"\\d".repeat(1000)}`, ")").gain, 0);
  });

  it("in the middle of a line ends where it reaches the text that is there", () => {
    for (const [text, rest, kept] of [
      ["name, b);", ", b);", "name"],
      ["na", ", b);", "na"],
      ["await fet", "fetch(x)", "await "],
      ["a ", " b + c", "a"],
      ["a b +", " b + c", "a"],
      ["value", "e", "valu"],
      ["= 5;", "= 5;", ""],
      ["f(a, b) + 1", ", b) + 1", "f(a"],
    ] as const) {
      assert.deepEqual(fitToRest(text, rest), { text: kept, replacedLength: 0, gain: kept.length });
    }
    assert.equal(fitToRest("idate", "es(").gain, 0, "the e may be the one that is there");
  });

  it("counts an emoji as one character", () => assert.equal(fitToRest("🙂🙂", "").gain, 2));

  it("replaces only what it repeats itself, and loses nothing else of the line", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab ()[]{}<>\"'`;,:"), maxLength: 12 });
    const rest = fc.string({ unit: fc.constantFrom(..." )]}>\"'`;"), maxLength: 5 });
    fc.assert(
      fc.property(text, rest, (text, rest) => {
        const fit = fitToRest(text, rest);
        assert.ok(text.startsWith(fit.text));
        assert.ok(fit.gain <= fit.text.length);
        const replaced = [...rest.slice(0, fit.replacedLength).replaceAll(" ", "")];
        let from = 0;
        for (const character of replaced) {
          from = fit.text.indexOf(character, from) + 1;
          assert.ok(from > 0, `${character} is lost`);
        }
      }),
    );
  });
});
