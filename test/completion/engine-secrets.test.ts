import assert from "node:assert/strict";
import { CompletionEngine } from "../../src/completion/engine.ts";
import { publicLines } from "../../src/corpus/learnable-text.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { ask, at, unlimited } from "./requests.ts";
import { successionModel } from "./succession-model.ts";

/** No character is twice in it, so that a model can know it. */
const secret = "k7Qm2Zx9Wb4Tn6Rv";
const filtered = { ...unlimited, filter: publicLines };

/** A model that knows a secret was trained before Murmur looked for secrets, or by somebody else. */
describe("A secret that the model knows", () => {
  let model: LanguageModel;
  before(async () => {
    model = await successionModel([{ text: `"${secret};\n`, probability: 0.999 }, { text: `=${secret[0]}` }, ":k"]);
  });
  after(() => model.release());

  const beginnings: Readonly<Record<string, string>> = {
    "a name for it": 'const password = "',
    "a part of it": `const apiKey = "${secret.slice(0, 5)}`,
    "a line of its own": 'const token =\n  "',
    "a name without quotation marks": "export DB_PASSWORD=",
    "a name in a command": "curl -u admin:",
  };
  for (const [what, text] of Object.entries(beginnings)) {
    it(`is not suggested after ${what}, not even if the user asks`, async () => {
      const unfiltered = await ask(new CompletionEngine(model, unlimited), at(text));
      assert.ok(unfiltered.suggestion?.text.includes(secret.slice(8, 14)), "the model knows it");
      const engine = new CompletionEngine(model, filtered);
      for (const isManual of [false, true]) {
        const { suggestion, silence, isPartial } = await ask(engine, at(text, { isManual }));
        assert.deepEqual([suggestion, silence, isPartial], [undefined, "unsure", false]);
      }
    });

    it(`is not in the explanation of why there is nothing after ${what}`, async () => {
      const engine = new CompletionEngine(model, filtered);
      engine.see(at("").uri, text);
      const { answer, characters, shown } = await engine.explain(at(text));
      assert.deepEqual([answer.silence, characters, shown], ["unsure", [], 0]);
    });
  }

  it("is no reason to suggest nothing after another name", async () => {
    for (const text of ['const label = "', 'const password = read();\nconst label = "']) {
      const { suggestion } = await ask(new CompletionEngine(model, filtered), at(text));
      assert.equal(suggestion?.text, `${secret};`);
    }
  });

  it("is not suggested where it would be in the second line", async () => {
    const lines = await successionModel([{ text: `{\n"${secret};`, probability: 0.9999 }]);
    const text = "password = {";
    const unfiltered = await ask(new CompletionEngine(lines, unlimited), at(text));
    assert.ok(unfiltered.suggestion?.text.includes(secret), unfiltered.suggestion?.text);
    assert.equal((await ask(new CompletionEngine(lines, filtered), at(text))).suggestion, undefined);
    await lines.release();
  });
});
