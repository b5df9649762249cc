import assert from "node:assert/strict";
import { foreignLine, isForeignTo } from "../../../src/completion/decoding/foreign.ts";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { loadParameters } from "../../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import type { Prediction } from "../../../src/completion/prediction/predictor.ts";
import type { NamedText } from "../../../src/languages.ts";
import { noNetwork } from "../../../src/model/language-model.ts";
import { ask, at, unlimited } from "../requests.ts";

describe("A text is foreign to a document", () => {
  for (const [document, text, isForeign] of [
    ["file:///a/b.go", "/c/d.js", true],
    ["file:///a/Makefile", "/c/d.yml", true],
    ["file:///a/b.zig", "/c/d.js", true],
    ["file:///a/b.ts", "/c/d.jsx", false],
    ["file:///a/b.html", "/c/d.css", false],
    ["file:///a/b.css", "/c/d.html", false],
    ["file:///a/b.css", "/c/d.js", true],
    ["file:///a/b.vue", "/c/d.ts", false],
    ["file:///a/b.svelte", "/c/d.scss", false],
    ["file:///a/b.mts", "/c/d.ts", false],
    ["file:///a/b.py", "/c/d.pyi", false],
    ["file:///a/b.vue", "/c/d.py", true],
    ["file:///a/b.md", "/c/d.py", false],
    ["file:///a/b.py", "/c/readme.txt", false],
    ["untitled:Untitled-1", "/c/d.py", false],
    ["file:///a/b.py", "/c/LICENSE", false],
    ["file:///a/b.py", undefined, false],
    ["vscode-notebook-cell:/a/n.ipynb#W1 python", "/c/d.py", false],
    ["vscode-notebook-cell:/a/n.ipynb#W1", "/c/n.ipynb", false],
    ["file:///a/b.py", "/c/n.ipynb", false],
    ["vscode-notebook-cell:/a/n.ipynb#W1 r", "/c/n.ipynb", true],
    ["vscode-notebook-cell:/a/n.ipynb#W1 r", "/c/n.ipynb R", false],
    ["vscode-notebook-cell:/a/n.ipynb#W1 r", "/c/d.R", false],
    ["vscode-notebook-cell:/a/n.ipynb#W1 zig", "/c/d.zig", false],
    ["vscode-notebook-cell:/a/n.ipynb#W1 markdown", "/c/d.py", false],
    ["untitled:Untitled-1 r", "/c/d.py", true],
    ["untitled:Untitled-1 javascriptreact", "/c/d.ts", false],
    ["untitled:Untitled-1 plaintext", "/c/d.py", false],
    ["file:///a/b.py", "untitled:Untitled-1 r", true],
    ["file:///a/script shellscript", "/c/d.py", true],
    ["file:///a/script shellscript", "/c/d.sh", false],
    ["file:///a/Dockerfile", "/c/d.py", true],
    ["file:///a/Dockerfile.test dockerfile", "C:\\c\\Dockerfile", false],
    ["file:///a/Gemfile", "/c/d.rb", false],
    ["file:///a/b.tpl html", "/c/d.tpl", false],
    ["file:///a/b.m objective-c", "/c/d.m", false],
    ["file:///a/b.conf nginx", "/c/d.py", true],
  ] as const) {
    it(`${isForeign}: ${document}, ${text}`, () =>
      assert.equal(isForeignTo(named(document), text && named(text)), isForeign));
  }
});

/** A text by its name and, after a blank, the identifier of its language. */
function named(text: string): NamedText {
  const [name = "", languageId] = text.split(" ");
  return { name, languageId };
}

describe("Lines of another language", () => {
  const lines = ["start the engine", "connect(wires, red, green);", "measure(voltage);", "stop the engine", ""].join(
    "\n",
  );
  const languageIds = new Map<string, string>();

  async function engineThatRead(...names: readonly string[]): Promise<CompletionEngine> {
    const mixture = new Mixture();
    await loadParameters(mixture);
    const languageIdOf = (name: string) => languageIds.get(name);
    const engine = new CompletionEngine(noNetwork, { ...unlimited, mixture, languageIdOf });
    for (const [i, name] of names.entries()) await engine.read(`${i}\n${lines}`, { name });
    return engine;
  }

  async function suggestedIn(uri: string, languageId?: string): Promise<string> {
    if (languageId) languageIds.set(uri, languageId);
    const engine = await engineThatRead("/a/0.js", "/a/1.js", "/a/2.js", "/a/3.js");
    const request = at("0\nstart the", { uri, maxCharacters: 80, isManual: true });
    return (await ask(engine, request)).suggestion?.text ?? "";
  }

  it("are not suggested, but the rest of the line may be", async () => {
    assert.equal(await suggestedIn("file:///a/b.py"), " engine");
    assert.match(await suggestedIn("file:///a/b.js"), /^ engine\nconnect/);
    assert.match(await suggestedIn("untitled:b"), /^ engine\nconnect/);
  });

  it("are recognised once enough is known of their origin", async () => {
    const foreign = (origins: readonly (number | undefined)[]) =>
      foreignLine(
        Array.from("abcdefghij", (text, i) => ({
          text,
          tokens: [i],
          probability: 1,
          before: originOf(origins[i]),
        })).slice(0, origins.length),
        "",
        (position) => position > 9,
      );
    const unknown = undefined;
    assert.equal(foreign([10, 11, 12, 13, 14]), undefined, "too early");
    assert.equal(foreign([10, 11, 12, 13, 14, 15]), 0);
    assert.equal(foreign([1, 11, 12, 13, 14, 15]), 0);
    assert.equal(foreign([10, 11, 12, 13, 14, 1]), undefined, "goes on as one of this language");
    assert.equal(foreign([1, 2, 3, 13, 14, 15]), undefined);
    assert.equal(foreign([unknown, unknown, unknown, unknown, 14, 15]), undefined);
    assert.equal(foreign([unknown, unknown, unknown, unknown, 14, 15, 16]), 0);
    assert.equal(foreign([1, unknown, unknown, unknown, unknown, unknown, unknown, 17, 18]), 0);
    assert.equal(foreign([1, 2, 3, 4, 5, 6, 17, 18, 19]), undefined, "is decided already");
  });

  it("are not suggested in an empty document while only other languages are known", async () => {
    const engine = await engineThatRead("/a/0.js", "/a/1.js", "/a/README.md");
    const answerIn = (uri: string, text = "") => ask(engine, at(text, { uri, maxCharacters: 80, isManual: true }));
    for (const text of ["", "\n", " \r\n"]) assert.equal((await answerIn("file:///a/b.sql", text)).silence, "foreign");
    assert.ok((await answerIn("file:///a/b.sql", "start the")).suggestion, "a document with text");
    assert.ok((await answerIn("file:///a/b.js")).suggestion, "a document in a known language");
    assert.ok((await answerIn("untitled:b")).suggestion, "a document in any language");
    await engine.read(lines, { name: "/a/c.sql" });
    assert.ok((await answerIn("file:///a/d.sql")).suggestion, "its language has become known");
  });

  it("are recognised by the identifier of the document's language", async () => {
    assert.equal(await suggestedIn("untitled:b", "r"), " engine");
    assert.equal(await suggestedIn("vscode-notebook-cell:/a/b.ipynb#W1", "python"), " engine");
    assert.match(await suggestedIn("vscode-notebook-cell:/a/b.ipynb#W1", "javascript"), /^ engine\nconnect/);
  });
});

/** A prediction of which only the origin is known. */
function originOf(position: number | undefined): Prediction {
  const unused = () => assert.fail("only the origin matters");
  return {
    logits: new Float32Array(),
    reading: undefined as never,
    tokenizer: undefined as never,
    read: unused,
    learn: unused,
    evidence: () => ({}),
    sourceOf: () => position,
  };
}
