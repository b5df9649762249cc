import assert from "node:assert/strict";
import { type Scope, scopeAt } from "../../../src/server/documents/scope.ts";

/** Texts in which `|` stands for the cursor. */
const cases: readonly (readonly [string, string, Scope])[] = [
  ["typescript", "const a = |", "code"],
  ["typescript", "// a com|", "comments"],
  ["typescript", "// a comment\n|", "code"],
  ["typescript", "/* one\n * two|", "comments"],
  ["typescript", "/* one */ |", "code"],
  ["typescript", 'call("a // b|', "strings"],
  ["typescript", 'call("a // b", |', "code"],
  ["typescript", "const a = 'it\\'s|", "strings"],
  ["typescript", "const a = 'open\n|", "code"],
  ["typescript", "const a = `one\ntwo|", "strings"],
  ["typescript", 'const url = "http://x"; // see "that|', "comments"],
  ["python", '"""Reads\n|', "strings"],
  ["python", "x = 'a' # why|", "comments"],
  ["python", "x = '#'|", "code"],
  ["rust", "fn f<'a>(x: &'a str) { |", "code"],
  ["go", "x := `raw \\|", "strings"],
  ["lua", "--[[ long\n|", "comments"],
  ["html", "<!-- later|", "comments"],
  ["html", "<p>it's |", "code"],
  ["yaml", "key: value # note|", "comments"],
  ["yaml", "key: it's\nother: |", "code"],
  ["markdown", "Some words|", "prose"],
  ["markdown", "Words\n\n```js\nlet a|", "code"],
  ["markdown", "```js\nlet a\n```\nWords|", "prose"],
  ["go", "x := `C:\\`\ny := |", "code"],
  ["shell", "grep 'a\\' x\n|", "code"],
  ["shell", 'echo "$\u007B#list}" |', "code"],
  ["shell", "echo it's\n\necho |", "code"],
  ["powershell", '$a = "C:\\Temp\\"\n|', "code"],
  ["julia", "B = A' * C|", "code"],
  ["xml", "<p>it's</p>\n<q>|", "code"],
  ["json", '{ "a": "b|', "strings"],
  ["python", '"""One.\n\nTwo|', "strings"],
  ["unknown-language", '# "|', "code"],
];

describe("the scope of a place", () => {
  for (const [language, marked, scope] of cases) {
    it(`is ${scope} in ${language}: ${JSON.stringify(marked)}`, () => {
      assert.equal(scopeAt(marked.replace("|", ""), language), scope);
    });
  }

  it("is prose in plain text", () => assert.equal(scopeAt("words", undefined), "prose"));

  it("is found at the end of long texts with a great many quotes", () => {
    assert.equal(scopeAt('"'.repeat(200_001), "javascript"), "code");
    assert.equal(scopeAt(`"${"\\".repeat(150_001)}`, "javascript"), "strings");
    assert.equal(scopeAt(`let a = 1;\n${"x".repeat(20_000_000)} "`, "javascript"), "strings");
  });
});
