import assert from "node:assert/strict";
import { repeatOf } from "../../../src/completion/decoding/repeats.ts";
import { reach, surroundingsOf } from "../../../src/completion/decoding/surroundings.ts";

/** The part that is left of a complete suggestion at `‖` in a document. */
function leftOf(suggestion: string, document: string): string {
  const [before = "", after = ""] = document.split("‖");
  const rest = after.slice(0, after.search(/\r|\n|$/));
  const repeat = repeatOf(suggestion, surroundingsOf("javascript", before, rest, after.slice(rest.length)), true);
  return repeat?.isCertain ? suggestion.slice(0, repeat.from).trimEnd() : suggestion;
}

/** Whether a suggestion must not end as it does, but may continue. */
function isOpen(suggestion: string, document: string): boolean {
  const [before = "", below = ""] = document.split("‖");
  return repeatOf(suggestion, surroundingsOf("javascript", before, "", below))?.isCertain === false;
}

describe("A suggestion of several lines", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["the line right below", "x = 1;‖\nreturn x;\n", "2;\nreturn x;", "2;"],
    ["it with another indentation", "x = 1;‖\n    return x;\n", "2;\n\treturn x;", "2;"],
    ["it below blank lines", "x = 1;‖\n\n  \nreturn x;\n", "2;\nreturn x;", "2;"],
    ["it with blank lines of its own", "x = 1;‖\nreturn x;\n", "2;\n\nreturn x;", "2;"],
    ["it before other text", "x = 1;‖\nreturn x;\n", "2;\nreturn x;\n\nfunction f", "2;"],
    ["it in a document of CRLF", "x = 1;‖\r\nreturn x;\r\n", "2;\nreturn x;", "2;"],
    ["it in a document of CR", "x = 1;‖\rreturn x;\r", "2;\nreturn x;", "2;"],
    ["several lines right below", "a‖\nb = 2\nc = 3\nd = 4\n", "1\nb = 2\nc = 3", "1"],
    ["a line that is new, and then the one below", "a‖\nreturn b;\n", "1\nnew();\nreturn b;", "1\nnew();"],
    ["the last line of the document", "a‖\nend", "1\nend", "1"],
    ["a line some lines below", "{\n  a‖\n  // b\n  return c;\n}\n", "1;\n  return c;\n", "1;"],
    ["a bracket that is closed below", "f(() => {\n  a‖\n});\n", "1;\n});\n\ng(", "1;"],
    ["a bracket, with other punctuation", '[\n  {\n    "a": tru‖\n  },\n', "e\n  }\n]", "e"],
    [
      "a bracket whose opener is in the second line of its statement",
      "int f(char *name,\n      int count) {\n  r‖\n}\n",
      "eturn 1;\n}",
      "eturn 1;",
    ],
    ["a bracket after a condition of two lines", "if (a &&\n    b) {\n  l‖\n}\n", "og(t);\n}", "og(t);"],
    ["a bracket after a chained call", "f(a)\n    .then((r) => {\n  d‖\n});\n", "one(r);\n});", "one(r);"],
    ["a bracket after a list of selectors", "a,\n  b {\n  color: r‖\n}\n", "ed;\n}", "ed;"],
    ["a bracket after a clause", "fn f<T>()\n  where T: U {\n    a‖\n}\n", "();\n}", "();"],
    ["a bracket with its comment", "}  // name‖\n}  // namespace at\n", "space at", ""],
    ["a block's end that is left below", "f() {\n\ti‖\n\t}\n\tb()\n}\n", "f a {\n\t\tc()\n\t}", "f a {\n\t\tc()"],
    ["a block's end that is left below, before other text", "‖\n}\ng()\n", "f() {\n  a\n}\ng()", "f() {\n  a"],
    ["the second of two blocks' ends", "‖\n}\n", "if a {\n  b\n} else {\n  c\n}", "if a {\n  b\n} else {\n  c"],
    [
      "a bracket that is closed below, less indented than its opener",
      "    f({ a,\n      b‖\n})\n",
      ": 1\n})\n\n    f",
      ": 1",
    ],
    ["a bracket on the line below, whatever it closes", "f {\n  if (a) {\n    b‖\n}\ng();\n", "();\n}\ng();", "();"],
    ...[
      ...["// an interval [0, 1)", "// see :(", "// (see the notes", "/* a (", " * a ( b", "# (first", "-- (first"],
      ...["const open = /\\(/;", "const open = /[(]/;", "const open = /[[(]/g, shut = /[)]/g;"],
    ].map((line): [string, string, string, string] => [
      `a bracket below half a bracket that is no code: ${line}`,
      `f() {\n  ${line}\n  a‖\n}\n\ng() {\n`,
      " = 1;\n}\n\ng() {",
      " = 1;",
    ]),
    ["a bracket after two slashes", "f(\n    g(n // 2),\n    a‖\n)\ny\n", "b)\ny", "b"],
    ["a bracket after a link", "f([x](https://e.org/p),\n  a‖\n)\ny\n", "b)\ny", "b"],
    ["a bracket after a lambda", "f (\n  a‖\n)\n", " (\\(p, q) -> p) xs)", " (\\(p, q) -> p) xs"],
    ["a bracket after a regular expression", "f() {\n  a(/\\(/, /[(]/‖\n}\n", ");\n}\n", ");"],
    ["an element that is closed below, less indented", "  <a>\n    <b>‖\n</a>\n<c>\n", "</b>\n</a>\n<c>", "</b>"],
    ["an element that is closed below", "<ul>\n  <li>a</li>‖\n</ul>\n", "\n</ul>\n<p>", ""],
  ];
  for (const [title, document, suggestion, left] of cases) {
    it(`does not repeat ${title}`, () => assert.equal(leftOf(suggestion, document), left));
  }

  const kept: readonly (readonly [string, string, string])[] = [
    ["where other lines follow", "x = 1;‖\nreturn x;\n", "2;\nreturn y;"],
    ["where the line below closes an outer bracket", "f {\n  if (a) {\n    b‖\n}\n", "();\n  }"],
    [
      "where the line below closes the block around a chained call",
      "f() {\n  g\n    .h(() => {\n      a‖\n}\n",
      "();\n    })",
    ],
    [
      "where the line below closes the block around a block",
      "f():\n  {\n    if (a)\n      {\n      b‖\n  }\n",
      "();\n      }",
    ],
    ["where the line below closes an outer element", "<ul>\n  <li>\n    a‖\n</ul>\n", "b\n  </li>"],
    ["after a line for the preprocessor", "for (;;) {\n#ifdef A\n    if (x) {\n      g();‖\n  }\n", "\n    }"],
    ["after a comment at the left", "{\n// TODO\n    if (x) {\n      g();‖\n  }\n", "\n    }"],
    ["after text in a literal of several lines", "f {\n  a = `\ntext\n    if (x) {\n      g();‖\n  }\n", "\n    }"],
    ["after a statement with a comment", "{\n  a(); // b\n    if (x) {\n      g();‖\n  }\n", "\n    }"],
    ["with a bracket of its own", "f(‖\n)\n", "() => {\n  g();\n}"],
    ["with a block of its own above the end of an outer one", "f {\n  a‖\n}\n", "() {\n    b\n  }"],
    ["with a block of its own in an outer one that is not indented", "n {\nf‖\n}\n", "() {\n  b\n}"],
    ["with the first of two blocks", "f() {\n\ti‖\n\t}\n}\n", "f a {\n\t\tc()\n\t} else {\n\t\td()"],
    ["where closing brackets are indented as their blocks are", "f() {\n  i‖\n  }\n", "f a {\n    c()\n    }"],
    ["with a line that is also above", "a();\n\tif (err)\nb(‖\nc()\n\tif (err)\n", ");\n\tif (err)"],
    ["with a line that is in another block below", "  a‖\n}\nf {\n  return b;\n}\n", "1;\n  return b;"],
    ["that begins with the bracket that begins the line below", "[\n  { a: 1 },‖\n  {\n    a: 2,", "\n  {\n    a: 3"],
    ["at the document's end", "x = 1;‖", "2;\nreturn x;"],
  ];
  for (const [title, document, suggestion] of kept) {
    it(`is kept ${title}`, () => assert.equal(leftOf(suggestion, document), suggestion));
  }

  it("does not begin a line that stands a little below, and only there", () => {
    const document =
      'import { a } from "./a.js";\nimport { c } from "./c.j‖\nimport { d } from "./d.js";\nimport { e } from "./e.js";\n';
    assert.equal(leftOf('s";\nimport { e', document), 's";');
    assert.ok(isOpen('s";\nimport { e', document));
    for (const kept of ['s";\nimport { f', 's";\nimport { extra']) assert.equal(leftOf(kept, document), kept);
    const inner = "f {\n  a‖\n}\ng {\n  return value;\n}\n";
    assert.equal(leftOf("b;\n  return va", inner), "b;\n  return va");
  });

  it("does not end with the first character of a tag above an end tag", () => {
    const document = "<ul>\n  <li>a</li>‖\n</ul>\n";
    for (const suggestion of ["\n  <", "\n<", "\n  <li>b</li>\n  <"]) {
      assert.ok(isOpen(suggestion, document));
      assert.equal(leftOf(suggestion, document), suggestion.slice(0, suggestion.lastIndexOf("\n")));
    }
    assert.equal(leftOf("  <", "<ul>\n‖\n</ul>\n"), "");
    for (const suggestion of ["\n  <li", "\n  a <"]) assert.equal(leftOf(suggestion, document), suggestion);
  });

  it("must not end with the beginning of the text below, but may continue differently", () => {
    const document = "import a from 'a';‖\nimport b from 'b';\n";
    for (const suggestion of ["\nimp", "\nimport", "\n\nimport b"]) assert.ok(isOpen(suggestion, document));
    assert.ok(!isOpen("\nimport c", document));
    assert.equal(leftOf("\nimport c from 'c';", document), "\nimport c from 'c';");
  });
});

describe("A suggestion within the line", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["the end tag below", "<ul>\n  <li>a</li>\n<‖\n</ul>\n", "/ul>", ""],
    ["the end tag below with another indentation", "<ul>\n  <li>a</li>\n  <‖\n</ul>\n", "/ul>", ""],
    ["the brackets below", "f(\n  a,\n  b‖\n);\n", ");", ""],
    ["the brackets below after something new", "f(\n  a,\n  b‖\n);\n", "c, g(d));", "c, g(d)"],
    ["the end tag below, whose name is half typed", "<ul>\n<li>a</li>\n</u‖\n</ul>\n", "l>", ""],
    ["the beginning of the end tag below", "<ul>\n<li>a</li>\n‖\n</ul>\n", "</u", ""],
    ["the end tag below after that of an element in it", "<ul>\n<l‖\n</ul>\n", "i>a</li></ul>", "i>a</li>"],
    ["the end tag below of a JSX fragment", "<>\n<b‖\n</>\n", ">a</b></>", ">a</b>"],
    ["the bracket below after one that opens in the line", "foo(bar, [‖\n)\n", "1, 2])", "1, 2]"],
    ["the bracket below after a string that opens in the line", 'foo("a‖\n)\n', 'b (c)")', 'b (c)"'],
    ["the bracket below after a bracket in a string", 'foo("a [b‖\n)\n', ']")', ']"'],
    ["the next line, whose beginning is typed", "a;\nretu‖\nreturn x;\n", "rn x;", ""],
    ["the next line where the editor closed the quote", "import a from '‖'\nimport a from './a'\n", "./a", ""],
    ["the text that follows, in an empty line", "a;\n  ‖\n  b();\n  c();\n", "b();", ""],
  ];
  for (const [title, document, suggestion, left] of cases) {
    it(`does not repeat ${title}`, () => assert.equal(leftOf(suggestion, document), left));
  }

  const kept: readonly (readonly [string, string, string])[] = [
    ["an end tag where the one below closes another element", "<div>\n  <div>\n    a\n  <‖\n</div>\n", "/div>"],
    ["the end tag of a half typed element", "<ul>\n  <li>home</li>\n  <l‖\n</ul>\n", "i>about</li>"],
    ["the end tag of an element with flat indentation", "<ul>\n<li>home</li>\n<li>about‖\n</ul>\n", "</li>"],
    ["the end tag of a table's cell", "<tr>\n<td>1</td>\n<td‖\n</tr>\n", ">2</td>"],
    ["the end tag of a JSX component", "<List.Box>\n<List.Item k={1‖\n</List.Box>\n", "}>a</List.Item>"],
    ["the end tag of an XML element", "<a:bs>\n<a:b‖\n</a:bs>\n", ' c="d">e</a:b>'],
    ["the end tag of a component in a Vue template", "<v-list>\n<v-list-item‖\n</v-list>\n", ' :k="a">b</v-list-item>'],
    ["the end tag of a JSX fragment", "<div>\n<‖\n</div>\n", ">a</>"],
    ["a fragment in a fragment", "<>\n<‖\n</>\n", ">a</>"],
    ["the end tag of an element of the same name", "<div>\n<div>a‖\n</div>\n", "</div>"],
    ["the end tag of a half typed element of the same name", "<div>\n<di‖\n</div>\n", "v>a</div>"],
    ["an end tag whose name begins as the one below", "<p>\n<pre>a‖\n</p>\n", "</pre>"],
    ["brackets in a string that opens in the line", 'foo("a‖\n)\n', ') b"'],
    ["a bracket after a string that opens in the line", 'foo(bar("‖\n  )\n)\n', 'a)", "b"'],
    ["a bracket that opens in the line", "f(\n  g(a‖\n);\n", ");"],
    ["a bracket in a string", "f(\n  a‖\n);\n", ', ")"'],
    ["a line that is repeated on purpose", "x x x\nx ‖\nx x x\n", "x x"],
    ["a line of punctuation alone", "0,\n‖\n0,\n", "1,"],
    ["a short line that may continue", "a‖\nab = 1\n", "b = 2"],
  ];
  for (const [title, document, suggestion] of kept) {
    it(`keeps ${title}`, () => assert.equal(leftOf(suggestion, document), suggestion));
  }
});

describe("The text around the cursor", () => {
  it("has only whole lines above and below, wherever it is cut off", () => {
    const line = `${"x".repeat(99)}\n`;
    const { above, lineStart, linesBelow, below } = surroundingsOf(
      "javascript",
      line.repeat(50).slice(-reach.before),
      "",
      `\n${line.repeat(50)}`.slice(0, reach.below),
    );
    assert.equal(above, line.repeat(39));
    assert.equal(lineStart, "");
    assert.deepEqual(linesBelow, Array(9).fill({ words: "x".repeat(99), indentation: 0 }));
    assert.ok(below.startsWith("\nx"));
  });

  it("begins below the line even where its rest is cut off", () => {
    assert.equal(surroundingsOf("javascript", "a", "b".repeat(reach.rest), "bbb\nc").below, "\nc");
    assert.equal(surroundingsOf("javascript", "a", "b".repeat(reach.rest), "bbb").below, "");
  });

  it("has the open brackets, innermost last", () => {
    const { openBrackets } = surroundingsOf(
      "javascript",
      'f {\n  g(a(b), ")", [\n    <p>\n<br><i x="1">a</i> (',
      "",
      "",
    );
    assert.deepEqual(
      openBrackets.map(({ closer }) => closer),
      ["}", ")", "]", ")"],
    );
  });
});
