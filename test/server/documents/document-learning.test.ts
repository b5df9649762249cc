import assert from "node:assert/strict";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { DocumentLearning } from "../../../src/server/documents/document-learning.ts";
import { Enablement } from "../../../src/server/documents/enablement.ts";
import { TrackedDocument } from "../../../src/server/documents/tracked-document.ts";
import { defaultSettings } from "../../../src/server/settings.ts";
import { pathOf } from "../../../src/uris.ts";
import { successionModel } from "../../completion/succession-model.ts";

describe("deciding which open documents are learned", () => {
  const written = "let a = 1;\n".repeat(1000);
  const log = { debug: () => undefined, error: (message: string) => assert.fail(message) };
  const options = {
    log,
    settings: () => defaultSettings,
    enablement: new Enablement(async () => true),
    mayLearn: async () => true,
    engine: () => undefined,
  };
  const learning = new DocumentLearning(options);

  /** Decides about all documents at once. @returns how often other work could run meanwhile */
  async function decide(documents: readonly TrackedDocument[]): Promise<number> {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      if (isOver) return;
      turns++;
      setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(documents.map((document) => learning.decide(document)));
    isOver = true;
    return turns;
  }

  it("learns the cells of a notebook instead of its file", async () => {
    const mixture = new Mixture();
    const reader = new TextReader(mixture);
    const model = await successionModel(["abcdef\n"]);
    const engine = new CompletionEngine(model, { mixture, reader });
    await engine.read(written, { name: pathOf("file:///code/n.ipynb") });
    const ofCells = new DocumentLearning({ ...options, engine: () => engine });
    const uri = "vscode-notebook-cell:/code/n.ipynb#W0";
    await ofCells.decide(new TrackedDocument(uri, "python", 1, written));
    await engine.settle(uri);
    await reader.idle();
    assert.deepEqual(reader.names, [uri]);
    await model.release();
  });

  it("learns what is typed at several cursors with the next other edit", async () => {
    const mixture = new Mixture();
    const reader = new TextReader(mixture);
    const model = await successionModel(["abcdef\n"]);
    const engine = new CompletionEngine(model, { mixture, reader });
    const ofCursors = new DocumentLearning({ ...options, engine: () => engine });
    const document = new TrackedDocument("file:///code/a.js", "javascript", 1, "\n\n\n");
    await ofCursors.decide(document);
    const learned = (): number => mixture.local.history.length;
    const insert = (line: number, character: number, text: string) => {
      const place = { line, character };
      return { range: { start: place, end: place }, text };
    };
    const start = learned();
    document.update([insert(1, 0, "x"), insert(0, 0, "x")], 2);
    ofCursors.change(document);
    assert.equal(learned(), start);
    document.update([insert(1, 1, "(")], 3);
    ofCursors.change(document);
    await reader.idle();
    assert.ok(learned() > start);
    await model.release();
  });

  it("lets other work run between any two documents, and judges no text twice", async () => {
    const documents = Array.from(
      { length: 20 },
      (_, i) => new TrackedDocument(`file:///${i}.js`, "javascript", 1, i % 2 === 0 ? written : "x".repeat(9000)),
    );
    assert.ok((await decide(documents)) >= 19);
    assert.deepEqual(
      documents.map(({ isLearned }) => isLearned),
      documents.map((_, i) => i % 2 === 0),
    );
    assert.equal(await decide(documents), 0);
    documents[1]?.update([{ text: written }], 2);
    await decide(documents);
    assert.equal(documents[1]?.isLearned, true);
  });
});
