import assert from "node:assert/strict";
import fc from "fast-check";
import { CompletionEngine } from "../../src/completion/engine.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { countingReads } from "./reads.ts";
import { ask, at, lettersInOrder, unlimited } from "./requests.ts";
import { successionModel } from "./succession-model.ts";

describe("A text that only a request has, such as one with an item of the editor's list,", () => {
  let letters: LanguageModel;
  before(async () => {
    letters = await lettersInOrder();
  });
  after(async () => await letters.release());

  it("leaves the document's states and its suggestion as they were", async () => {
    const { counted, reads } = countingReads(letters);
    const engine = new CompletionEngine(counted, unlimited);
    const answer = await ask(engine, at("xyz a"));
    for (const other of ["xyz ab", "xyz abq", "xy", "", "q xyz a"]) await engine.suggest(at(other));
    reads.length = 0;
    assert.deepEqual(await engine.suggest(at("xyz a")), answer);
    assert.deepEqual(reads, []);
  });

  it("is read from its first difference from the document, and decoded once", async () => {
    const { counted, reads } = countingReads(letters);
    const engine = new CompletionEngine(counted, unlimited);
    await ask(engine, at(`${"z".repeat(300)} `));
    reads.length = 0;
    const selected = at(`${"z".repeat(300)} kl`);
    assert.equal((await engine.suggest(selected)).suggestion?.text, "mnopqrst");
    assert.ok(reads[0]! <= 3 && reads.slice(1).every((tokens) => tokens === 1), String(reads));
    reads.length = 0;
    assert.equal((await engine.suggest(selected)).suggestion?.text, "mnopqrst");
    engine.see(selected.uri, `${"z".repeat(300)} k`);
    assert.equal((await engine.suggest(selected)).suggestion?.text, "mnopqrst");
    assert.deepEqual(reads, []);
  });

  it("ends the running request of the document, and is ended by the next one", async () => {
    const engine = new CompletionEngine(letters, unlimited);
    const first = ask(engine, at("a"));
    await new Promise(setImmediate);
    const second = engine.suggest(at("ab"));
    await new Promise(setImmediate);
    const third = engine.suggest(at("a"));
    assert.equal((await first).silence, "cancelled");
    assert.equal((await second).silence, "cancelled");
    assert.equal((await third).suggestion?.text, "bcdefghijklmnopqrst");
  });

  it("ends when the document is edited or closed, or the model changes", async () => {
    for (const interrupt of [
      (engine: CompletionEngine) => engine.see("file:///a.txt", "x"),
      (engine: CompletionEngine) => engine.close("file:///a.txt"),
      (engine: CompletionEngine) => engine.use(letters),
    ]) {
      const engine = new CompletionEngine(letters, unlimited);
      engine.see("file:///a.txt", "a");
      const answer = engine.suggest(at("ab"));
      await new Promise(setImmediate);
      await interrupt(engine);
      assert.equal((await answer).silence, "cancelled");
    }
  });

  it("changes no answer for the document, whatever is typed and requested", async () => {
    const model = await successionModel(["abcdefg)", "(ab", { text: "g h", probability: 0.8 }, "hij\n"]);
    const piece = fc.string({ unit: fc.constantFrom(..."abcdefghij() \n\r"), maxLength: 8 });
    const step = fc.record({ at: fc.nat(), deleted: fc.nat(4), inserted: piece, isAside: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(piece, fc.array(step, { maxLength: 12 }), async (first, steps) => {
        const engine = new CompletionEngine(model, unlimited);
        const undisturbed = new CompletionEngine(model, unlimited);
        let text = first;
        for (const { at: place, deleted, inserted, isAside } of steps) {
          const start = place % (text.length + 1);
          const changed = text.slice(0, start) + inserted + text.slice(start + deleted);
          const request = at(changed, { offset: start + inserted.length });
          if (isAside) await engine.suggest(request);
          else {
            text = changed;
            assert.deepEqual(await ask(engine, request), await ask(undisturbed, request));
          }
        }
      }),
      { numRuns: 100 },
    );
    await model.release();
  });
});
