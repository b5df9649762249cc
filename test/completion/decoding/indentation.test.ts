import assert from "node:assert/strict";
import { fittedBlank } from "../../../src/completion/decoding/fitted-blank.ts";
import { indentationIn } from "../../../src/completion/decoding/indentation.ts";
import { surroundingsOf } from "../../../src/completion/decoding/surroundings.ts";
import { languageOf } from "../../../src/languages.ts";

/** What a suggestion becomes when each of its characters is what the model expects, whatever stood before. */
function fitted(suggestion: string, before: string, name = "a.ts"): string {
  const around = surroundingsOf(languageOf({ name }), before, "", "");
  let made = "";
  for (let i = 0; i < suggestion.length; ) {
    const next = suggestion.charAt(i);
    const blank = fittedBlank(next, made, around);
    // Another character than a blank: what comes after all blanks.
    if (blank === "") i += suggestion.slice(i).search(/[^ \t]|$/);
    else if (blank === undefined || next.trim() === "") i++;
    made += blank === "" ? suggestion.charAt(i++) : (blank ?? next);
  }
  return made;
}

describe("The indentation of a document", () => {
  for (const [what, name, text, blank, step] of [
    ["is what most of its lines have: tabs", "a.ts", "a {\n\tb\n\tc {\n\t\td\n", "\t", 1],
    ["is what most of its lines have: two spaces", "a.ts", "a {\n  b\n  c {\n    d\n", " ", 2],
    ["is what most of its lines have: four spaces", "a.ts", "a {\n    b\n    c {\n        d\n", " ", 4],
    ["has no step where no block is opened", "a.ts", "a\n  b\n", " ", undefined],
    ["has the step of code, not of prose", "a.py", '"""\n      a\n      b\n"""\nif c:\n    d\n', " ", 4],
    ["does not depend on comments", "a.c", "/*\n * a\n * b\n */\n\tb\n\tc\n", "\t", 1],
    ["is tabs in Go", "file:///a/b.go", "", "\t", 1],
    ["is tabs in a makefile", "file:///a/Makefile", "  a\n  b\n", "\t", 1],
    ["is tabs in automake's makefile", "Makefile.am", "  a\n  b\n", "\t", 1],
    ["is tabs in a makefile's template", "Makefile.in", "  a\n  b\n", "\t", 1],
    ["is tabs in an included makefile", "C:\\a\\rules.mak", "  a\n  b\n", "\t", 1],
    ["is tabs in Kbuild", "Kbuild", "  a\n  b\n", "\t", 1],
    ["is spaces in a file of YAML that has no extension", "/a/.clang-format", "\ta\n", " ", undefined],
    ["is spaces in YAML", "a.yml", "\ta\n", " ", undefined],
  ] as const) {
    it(what, () => {
      const indentation = indentationIn(text, languageOf({ name }));
      assert.deepEqual([indentation?.blank, indentation?.step], [blank, step]);
    });
  }
  it("is that of the language that the document's identifier says", () => {
    const blankIn = (languageId: string) =>
      indentationIn("  a\n  b\n\tc\n", languageOf({ name: "untitled:Untitled-1", languageId }))?.blank;
    assert.deepEqual(["makefile", "go", "yaml", "javascript"].map(blankIn), ["\t", "\t", " ", " "]);
    assert.equal(indentationIn("\ta\n", languageOf({ name: "/a/b.conf", languageId: "yaml" }))?.blank, " ");
  });
  it("is unknown if nothing is indented", () => assert.equal(indentationIn("a\nb\n", "typescript"), undefined));
});

describe("The beginning of a suggested line", () => {
  const tabs = "f {\n\tg(a);\n";
  const two = "f {\n  g(a);\n}\n";
  const four = "f {\n    g(a);\n}\n";
  const cases: readonly (readonly [string, string, string, string, string?])[] = [
    ["is left as it is where it is right", `${tabs}\tx`, ";\n\ty;\n}", ";\n\ty;\n}"],
    ["has a tab for spaces, no deeper than the line before", `${tabs}\tx`, ";\n  y;", ";\n\ty;"],
    ["has one more after a line that opens a block", `${tabs}\tx`, " {\n    y;", " {\n\t\ty;"],
    ["has spaces for a tab", `${two}f`, " {\n\ty;", " {\n  y;"],
    ["is no deeper than the document's step", `${two}f`, " {\n    y;", " {\n  y;"],
    ["is as deep as the document's step", `${four}f`, " {\n  y;\n", " {\n    y;\n"],
    ["is less deep where a block closes", `${four}f {`, "\n}", "\n}"],
    ["is less deep where that is usual", `${four}    f {`, "\n    case", "\n    case"],
    ["is aligned in a comment", `${tabs}/**`, "\n * a\n */", "\n * a\n */"],
    ["has no spaces after its tabs", `${tabs}\tx(`, "\n\t  y", "\n\ty"],
    ["is aligned in an argument list", `${two}  x(a,`, "\n    b", "\n    b"],
    ["is a tab in a recipe", "a: b", "\n    c\n", "\n\tc\n", "Makefile"],
    ["is none before a rule", "a = b\n", "  c: d", "c: d", "Makefile"],
    ["is aligned where a makefile's line is continued", "a = b \\", "\n  c", "\n  c", "Makefile"],
    ["is a tab in Go", "func a()", " {\n  return", " {\n\treturn", "a.go"],
    ["is a step of Python's after a colon", "if a:\n    b\nif c", ":\n  d", ":\n    d", "a.py"],
    ["is left to the model after a colon in Python's prose", "if a:\n    b\nArgs", ":\n  d", ":\n  d", "a.py"],
    ["is left to the model where nothing is indented", "f", " {\n   y", " {\n   y"],
  ];
  for (const [what, before, suggestion, expected, name] of cases) {
    it(what, () => assert.equal(fitted(suggestion, before, name), expected));
  }

  it("continues an indentation that was begun differently", () => {
    assert.equal(fitted("x", `${four}f {\n  `), "x");
    assert.equal(fitted("  x", `${tabs}`), "\tx");
  });
});
