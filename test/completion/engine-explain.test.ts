import assert from "node:assert/strict";
import { CompletionEngine } from "../../src/completion/engine.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import { strongestContext } from "../../src/completion/prediction/evidence.ts";
import { directCount, successorCount } from "../../src/completion/prediction/local/contexts.ts";
import { ownInputsAt } from "../../src/completion/prediction/local/local-model.ts";
import { loadParameters } from "../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { ask, at, lettersInOrder, unlimited } from "./requests.ts";
import { successionModel } from "./succession-model.ts";

describe("An explanation of a suggestion", () => {
  let letters: LanguageModel;
  before(async () => {
    letters = await lettersInOrder();
  });
  after(() => letters.release());

  it("has the characters of what is suggested, and changes nothing about it", async () => {
    const engine = new CompletionEngine(letters, unlimited);
    const request = at("ab");
    const { suggestion } = await ask(engine, request);
    const explanation = await engine.explain(request);
    assert.deepEqual(explanation.answer.suggestion, suggestion);
    const shown = explanation.characters.slice(0, explanation.shown);
    assert.equal(shown.map(({ text }) => text).join(""), suggestion?.text);
    assert.deepEqual((await engine.suggest(request)).suggestion, suggestion);
  });

  it("multiplies the characters' probabilities, and the best length is the one that saves most", async () => {
    const engine = new CompletionEngine(letters, unlimited);
    const { characters, best, shown } = await engine.explain(at("ab"));
    let product = 1;
    for (const one of characters) {
      product *= one.probability;
      assert.ok(Math.abs(one.together - product) < 1e-9);
      assert.ok(one.evidence.network !== undefined && Math.abs(one.evidence.network - one.probability) < 1e-5);
      assert.ok((one.other?.probability ?? 0) < one.probability);
    }
    assert.equal(best, shown);
    const savings = characters.flatMap(({ saving, verdict }) => (verdict === "saves" ? [saving] : []));
    assert.equal(characters[shown - 1]?.saving, Math.max(...savings));
  });

  it("is the same while the user types along, but for what is typed", async () => {
    const engine = new CompletionEngine(letters, unlimited);
    await ask(engine, at("a"));
    await ask(engine, at("abc"));
    const { characters, best, shown } = await engine.explain(at("abc"));
    assert.equal(characters[0]?.text, "d");
    assert.equal(best, shown);
    assert.ok(characters.some(({ verdict }) => verdict === "saves"));
  });

  it("is of the likeliest text where nothing is suggested, with the verdict that keeps it back", async () => {
    const model = await successionModel([{ text: "abc", probability: 0.3 }, "cdefgh\n"]);
    const engine = new CompletionEngine(model, unlimited);
    const { answer, characters, shown, best } = await engine.explain(at("a"));
    assert.equal(answer.silence, "unsure");
    assert.deepEqual([shown, best], [0, undefined]);
    assert.equal(characters[0]?.text, "b");
    assert.ok(characters.length > 1, "not only what was decoded to decide");
    assert.ok(characters.every(({ verdict }) => verdict !== "saves"));
    await model.release();
  });

  it("names the context and the line that a repeat points to, in this text or another", async () => {
    const symbols = await successionModel(["+-*/=%&|!~^@#\n"]);
    const mixture = new Mixture({ successors: 14, direct: 14, history: 14 });
    await loadParameters(mixture);
    const reader = new TextReader(mixture);
    const engine = new CompletionEngine(symbols, { ...unlimited, mixture, reader });
    const line = "const zorble = frobnicate(quux, thud);";
    await reader.read("// a comment\nlet a;\nconst other = 1;\n", { name: "/other.js" });
    const known = `let a;\n${line}\n`;
    await engine.update("file:///here.js", known);
    const text = `${known}let x;\nconst zorble = frob`;
    await engine.update("file:///here.js", text);
    const { characters } = await engine.explain(at(text, { uri: "file:///here.js" }));
    const { evidence, text: first } = characters[0]!;
    assert.equal(first, "n");
    assert.equal(evidence.context?.isHere, true);
    assert.ok(evidence.context!.probability > 0.5 && evidence.context!.name !== "");
    assert.equal(evidence.repeat?.isRight, true);
    const found = engine.lineAt(evidence.repeat!.position);
    assert.deepEqual(found, { name: "/here.js", line: 2, text: line });

    const elsewhere = "let y;\nconst zorble = frob";
    engine.see("file:///new.js", elsewhere);
    const { characters: others } = await engine.explain(at(elsewhere, { uri: "file:///new.js" }));
    assert.equal(others[0]?.evidence.context?.isHere, false);
    await symbols.release();
  });

  it("names the context of each prediction: of all texts, seen last in this one or in another, and of the text by itself", () => {
    const named = (input: number) => {
      const { name, isHere } = strongestContext(
        Array.from({ length: ownInputsAt + 8 }, (_, i) => (i === input ? 0.9 : 0.1)),
      )!;
      return { name, isHere };
    };
    assert.deepEqual(named(1), { name: "the last character", isHere: undefined });
    assert.deepEqual(named(directCount), { name: "the last 3 characters", isHere: false });
    assert.deepEqual(named(directCount + successorCount + 3), { name: "the last 6 characters", isHere: true });
    assert.deepEqual(named(ownInputsAt), { name: "the last character", isHere: true });
    assert.deepEqual(named(ownInputsAt + 4), { name: "the last 6 characters", isHere: true });
  });
});
