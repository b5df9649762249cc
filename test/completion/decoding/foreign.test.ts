import assert from "node:assert/strict";
import { isForeignTo } from "../../../src/completion/decoding/foreign.ts";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { loadParameters } from "../../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { ask, at, lettersInOrder, unlimited } from "../requests.ts";

describe("A text is foreign to a document", () => {
  for (const [document, text, isForeign] of [
    ["file:///a/b.go", "/c/d.js", true],
    ["file:///a/Makefile", "/c/d.yml", true],
    ["file:///a/b.zig", "/c/d.js", true],
    ["file:///a/b.ts", "/c/d.jsx", false],
    ["file:///a/b.html", "/c/d.css", false],
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
  ] as const) {
    it(`${isForeign}: ${document}, ${text}`, () => assert.equal(isForeignTo(document, text), isForeign));
  }
});

describe("Lines of another language", () => {
  const lines = ["start the engine", "connect(wires, red, green);", "measure(voltage);", "stop the engine", ""].join(
    "\n",
  );
  const model = lettersInOrder();

  async function suggestedIn(uri: string): Promise<string> {
    const mixture = new Mixture();
    await loadParameters(mixture);
    const engine = new CompletionEngine(await model, { ...unlimited, mixture, useNetwork: false });
    for (let i = 0; i < 4; i++) await engine.read(`${i}\n${lines}`, { name: `/a/${i}.js` });
    const request = at("0\nstart the", { uri, maxCharacters: 80, isManual: true });
    return (await ask(engine, request)).suggestion?.text ?? "";
  }

  it("are not suggested, but the rest of the line may be", async () => {
    assert.equal(await suggestedIn("file:///a/b.py"), " engine");
    assert.match(await suggestedIn("file:///a/b.js"), /^ engine\nconnect/);
    assert.match(await suggestedIn("untitled:b"), /^ engine\nconnect/);
  });
});
