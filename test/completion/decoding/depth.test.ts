import assert from "node:assert/strict";
import { fittedDepth } from "../../../src/completion/decoding/depth.ts";
import { surroundingsOf } from "../../../src/completion/decoding/surroundings.ts";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { loadParameters } from "../../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { noNetwork } from "../../../src/model/language-model.ts";
import { ask, at, unlimited } from "../requests.ts";

describe("The depth of a suggested line", () => {
  const three = "f(a) {\n   if (a) {\n      return a;\n   }\n   return b;\n}\n";
  const four = "def f(a):\n    if a:\n        return a\n    return b\n";
  const xml = "<a>\n   <b>\n      <c/>\n   </b>\n</a>\n";
  const ruby = "def f(a)\n    a.each do |b|\n        b.c\n    end\nend\n";
  for (const [what, language, before, suggestion, expected] of [
    [
      "is that of the line with the bracket that it closes",
      "javascript",
      `${three}f(a) {\n   if (a) {\n      b`,
      ";\n    }",
      3,
    ],
    [
      "is that of such a line although another is nearer",
      "javascript",
      `${three}f(a) {\n   if (a) {\n      b(\n         c`,
      "\n    )",
      6,
    ],
    [
      "is that of the block around the one that was closed",
      "javascript",
      `${three}f(a) {\n   if (a) {\n      b;\n   }`,
      "\n  c",
      3,
    ],
    [
      "is that of the block in the middle of which the cursor is",
      "javascript",
      `${three}f(a) {\n   if (a) {\n      b;\n`,
      "    }",
      3,
    ],
    ["is one that the lines above have", "python", `${four}def g(a):\n    if a:\n        b()`, "\n  c", 4],
    [
      "is less than that of a line that leaves its block",
      "python",
      `${"def f(a):\n  if a:\n    return a\n  return b\n".repeat(2)}def g(a):\n  if a:\n    return a`,
      "\n    r",
      2,
    ],
    ["is more than that of a condition", "python", `${four}def g(a):\n    if a:`, "\n    b", 8],
    ["is that of the element that it closes", "xml", `${xml}<a>\n   <b>\n      <c/>`, "\n    <", 3],
    ["is that of the block that it ends", "ruby", `${ruby}def g(a)\n    a.each do |b|\n        b.c`, "\n      e", 4],
    ["is right where a line above has it", "javascript", `${three}f(a) {\n   if (a) {\n      b;`, "\n   }", undefined],
    [
      "is right where it is a multiple of the document's width",
      "javascript",
      `f {\n  a {\n      b\n  }\n}\nf {\n      b`,
      "\n    c",
      undefined,
    ],
    ["may be that of a label", "c", `f {\n    switch (a) {\n`, "    c", undefined],
    [
      "may be that of the line before, after a conditional jump",
      "ruby",
      `${ruby}def g(a)\n    return b if a`,
      "\n    c",
      undefined,
    ],
    ["is free in prose", "markdown", `- a\n    - b\n        - c\n    - d`, "\n  e", undefined],
    ["is free where it is aligned", "javascript", `${three}f(a,\n  b`, "\n    c", undefined],
    [
      "is decided at the line's first character",
      "javascript",
      `${three}f(a) {\n   if (a) {\n      b`,
      ";\n    } e",
      undefined,
    ],
  ] as const) {
    it(what, () => {
      const around = surroundingsOf(language, before, "", "");
      assert.equal(fittedDepth(suggestion, around)?.spaces, expected);
    });
  }

  it("is not less than what stands before the cursor", () => {
    assert.equal(
      fittedDepth("}", surroundingsOf("javascript", `${three}f(a) {\n   if (a) {\n      b;\n    `, "", "")),
      undefined,
    );
  });

  it("is the document's although the models expect another", async () => {
    const mixture = new Mixture();
    await loadParameters(mixture);
    const engine = new CompletionEngine(noNetwork, { ...unlimited, mixture });
    const file = (width: string, i: number) =>
      `function run${i}(err, data) {\n${width}if (err != null) {\n${width.repeat(2)}return err;\n${width}}\n${width}return data;\n}\n\n`;
    for (let i = 0; i < 8; i++) await engine.read(file("  ", i), { name: `/a/${i}.js` });
    const own = Array.from({ length: 3 }, (_, i) => file("   ", i).replaceAll("err", `e${i}`)).join("");
    const text = `${own}function run3(err, data) {\n   if (err != null) {\n      return e`;
    const request = at(text, { uri: "file:///a/b.js", maxCharacters: 40, isManual: true });
    assert.match((await ask(engine, request)).suggestion?.text ?? "", /^rr;\n {3}\}/);
  });
});
