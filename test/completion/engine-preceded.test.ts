import assert from "node:assert/strict";
import fc from "fast-check";
import { CompletionEngine } from "../../src/completion/engine.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import { countingReads } from "./reads.ts";
import { ask, at, lettersInOrder, unlimited } from "./requests.ts";
import { successionModel } from "./succession-model.ts";

const uri = "file:///a.txt";

describe("The text before a document", () => {
  it("affects predictions as if it were the document's own, whatever is typed and however it changes", async () => {
    const model = await successionModel(["abcdefg)", "(ab", { text: "g\nh", probability: 0.8 }, "hij\n"]);
    const piece = fc.string({ unit: fc.constantFrom(..."abcdefghij() \n"), maxLength: 8 });
    const step = fc.record({
      at: fc.nat(),
      deleted: fc.nat(4),
      inserted: piece,
      before: fc.option(piece),
      isAside: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const engine = new CompletionEngine(model, unlimited);
        let [text, before] = ["", ""];
        for (const { at: place, deleted, inserted, before: next, isAside } of steps) {
          const start = place % (text.length + 1);
          const changed = text.slice(0, start) + inserted + text.slice(start + deleted);
          if (next !== null) before = next === "" ? "" : `${next}\n`;
          engine.precede(uri, before);
          const offset = start + inserted.length;
          const answer = await (isAside
            ? engine.suggest(at(changed, { offset }))
            : ask(engine, at(changed, { offset })));
          if (!isAside) text = changed;
          const request = at(before + changed, { offset: before.length + offset });
          const whole = await ask(new CompletionEngine(model, unlimited), request);
          // A suggestion that was typed through was chosen with less text after it, so lengths may differ.
          const [one, other] = [answer.suggestion?.text ?? "", whole.suggestion?.text ?? ""];
          assert.ok(
            one.startsWith(other) || other.startsWith(one),
            JSON.stringify([before, changed, offset, one, other]),
          );
          if (!answer.suggestion && whole.suggestion) assert.fail(JSON.stringify([before, changed, offset, answer]));
        }
      }),
      { numRuns: 150 },
    );
    await model.release();
  });

  it("is read again only from the first change on", async () => {
    const letters = await lettersInOrder();
    const { counted, reads } = countingReads(letters);
    const engine = new CompletionEngine(counted, unlimited);
    engine.precede(uri, "zzz zzz\n");
    await ask(engine, at("zz"));
    reads.length = 0;
    engine.precede(uri, "zzz zzz\n");
    await ask(engine, at("zz"));
    assert.deepEqual(reads, []);
    await letters.release();
  });

  it("is not learned, unlike the text typed after it", async () => {
    const model = await successionModel(["abcdef\n"]);
    const mixture = new Mixture({ successors: 12, direct: 12, history: 16 });
    const engine = new CompletionEngine(model, { mixture, reader: new TextReader(mixture) });
    const { history } = mixture.local;
    engine.precede(uri, "one two three\n");
    await engine.update(uri, "ab");
    const learned = history.length;
    await engine.update(uri, "abc");
    const bytes = Array.from(history.bytes.subarray(learned, history.length));
    // A byte 0 separates passages.
    assert.deepEqual(bytes, [0, "c".charCodeAt(0)]);
    await model.release();
  });
});
