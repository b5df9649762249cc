import assert from "node:assert/strict";
import { DocumentLearning } from "../../../src/server/documents/document-learning.ts";
import { Enablement } from "../../../src/server/documents/enablement.ts";
import { TrackedDocument } from "../../../src/server/documents/tracked-document.ts";
import { defaultSettings } from "../../../src/server/settings.ts";

describe("deciding which open documents are learned", () => {
  const written = "let a = 1;\n".repeat(1000);
  const log = { debug: () => undefined, error: (message: string) => assert.fail(message) };
  const learning = new DocumentLearning({
    log,
    settings: () => defaultSettings,
    enablement: new Enablement(async () => true),
    mayLearn: async () => true,
    engine: () => undefined,
  });

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
