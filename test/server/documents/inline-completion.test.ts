import assert from "node:assert/strict";
import type { Answer, SuggestionRequest } from "../../../src/completion/engine.ts";
import { inlineCompletion } from "../../../src/server/documents/inline-completion.ts";
import { TrackedDocument } from "../../../src/server/documents/tracked-document.ts";
import { defaultSettings } from "../../../src/server/settings.ts";

const answer: Answer = {
  suggestion: { text: "ems)", replacedLength: 1, probability: 0.5 },
  alternatives: [
    { text: "em", replacedLength: 0, probability: 0.3 },
    { text: "ems[0])", replacedLength: 1, probability: 0.1 },
  ],
};

const request = {
  document: new TrackedDocument("file:///a.js", "javascript", 1, "f(it)\n"),
  position: { line: 0, character: 4 },
  selected: undefined,
  isManual: false,
};

const columns = (from: number, to: number) => ({
  start: { line: 0, character: from },
  end: { line: 0, character: to },
});

describe("an engine's answer in LSP's terms", () => {
  it("offers every candidate, best first, each with what it replaces", async () => {
    const { items } = await inlineCompletion({ suggest: async () => answer }, request, defaultSettings);
    assert.deepEqual(items, [
      { insertText: "ems)", range: columns(4, 5) },
      { insertText: "em", range: columns(4, 4) },
      { insertText: "ems[0])", range: columns(4, 5) },
    ]);
  });

  it("begins every candidate with the selected item, in its range", async () => {
    let asked: SuggestionRequest | undefined;
    const engine = {
      suggest: async (given: SuggestionRequest) => {
        asked = given;
        return answer;
      },
    };
    const selected = { range: columns(2, 4), text: "list.it" };
    const { items } = await inlineCompletion(engine, { ...request, selected }, defaultSettings);
    assert.equal(asked?.text.toString(), "f(list.it)\n");
    assert.equal(asked.offset, 9);
    assert.deepEqual(items, [
      { insertText: "list.items)", range: columns(2, 5) },
      { insertText: "list.item", range: columns(2, 4) },
      { insertText: "list.items[0])", range: columns(2, 5) },
    ]);
  });

  it("passes on the settings, and whether the user requested the suggestion", async () => {
    let asked: SuggestionRequest | undefined;
    const engine = {
      suggest: async (given: SuggestionRequest) => {
        asked = given;
        return answer;
      },
    };
    const settings = { ...defaultSettings, temperature: 0.5, eagerness: "eager", maxCharacters: 9 } as const;
    await inlineCompletion(engine, { ...request, isManual: true }, settings);
    assert.equal(asked?.isManual, true);
    assert.equal(asked.eagerness, "eager");
    assert.equal(asked.temperature, 0.5);
    assert.equal(asked.maxCharacters, 9);
  });

  it("is empty if the text has changed since the request", async () => {
    const document = new TrackedDocument("file:///a.js", "javascript", 1, "f(it)\n");
    const suggest = async (): Promise<Answer> => {
      document.update([{ text: "" }], 2);
      return answer;
    };
    const { items, silence } = await inlineCompletion({ suggest }, { ...request, document }, defaultSettings);
    assert.deepEqual(items, []);
    assert.equal(silence, "cancelled");
  });
});
