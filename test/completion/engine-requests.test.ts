import assert from "node:assert/strict";
import fc from "fast-check";
import { CompletionEngine } from "../../src/completion/engine.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { countingReads } from "./reads.ts";
import { ask, at, lettersInOrder, unlimited } from "./requests.ts";
import { successionModel } from "./succession-model.ts";

describe("The completion engine, from one request to the next,", () => {
  /** Letters in order, to a line's end. */
  let letters: LanguageModel;
  /** Each ends no word. */
  let symbols: LanguageModel;
  before(async () => {
    letters = await lettersInOrder();
    symbols = await successionModel(["+-*/=%&|!~^@#.,?:;\n"]);
  });
  after(async () => {
    await letters.release();
    await symbols.release();
  });

  describe("while the user types", () => {
    it("through a suggestion, keeps it unchanged and reads nothing", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      const first = (await ask(engine, at("a"))).suggestion!.text;
      reads.length = 0;
      for (let typed = 1; typed < first.length; typed++) {
        const { suggestion } = await ask(engine, at(`a${first.slice(0, typed)}`));
        assert.equal(suggestion?.text, first.slice(typed));
      }
      assert.deepEqual(reads, []);
    });

    it("through a suggestion that the gate cut, continues after it", async () => {
      const model = await successionModel(["abcdef;", { text: ";h", probability: 0.3 }, "hijklmn\n"]);
      const engine = new CompletionEngine(model, unlimited);
      const texts: (string | undefined)[] = [];
      for (const text of ["a", "abcdef", "abcdef;", "abcdef;h"]) {
        texts.push((await ask(engine, at(text))).suggestion?.text);
      }
      assert.deepEqual(texts, ["bcdef;", ";", undefined, "ijklmn"]);
      await model.release();
    });

    it("through a suggestion of several lines, keeps it in a document with CRLF", async () => {
      const model = await successionModel([{ text: "abcdef\nghijklmnop", probability: 0.999 }]);
      const { counted, reads } = countingReads(model);
      const engine = new CompletionEngine(counted, unlimited);
      assert.equal((await ask(engine, at("x\r\na"))).suggestion?.text, "bcdef\nghijklmnop");
      reads.length = 0;
      assert.equal((await ask(engine, at("x\r\nabcdef\r\n"))).suggestion?.text, "ghijklmnop");
      assert.equal((await ask(engine, at("x\r\nabcdef\r\ngh"))).suggestion?.text, "ijklmnop");
      assert.deepEqual(reads, []);
      await model.release();
    });

    it("through a suggestion that was cut because the lines below have the rest, keeps it and reads nothing", async () => {
      const model = await successionModel([{ text: "abcdef\nghijklmnop", probability: 0.999 }]);
      const { counted, reads } = countingReads(model);
      const engine = new CompletionEngine(counted, unlimited);
      const below = "\n  ghijklmnop\n";
      assert.equal((await ask(engine, at(`a${below}`, { offset: 1 }))).suggestion?.text, "bcdef");
      reads.length = 0;
      for (const typed of ["ab", "abc", "abcde"]) {
        const { suggestion } = await ask(engine, at(typed + below, { offset: typed.length }));
        assert.equal(suggestion?.text, "abcdef".slice(typed.length));
      }
      assert.deepEqual(reads, []);
      const { suggestion } = await ask(engine, at("abcde\nother", { offset: 5 }));
      assert.equal(suggestion?.text, "f\nghijklmnop", "the text below has changed");
      await model.release();
    });

    it("through a suggestion whose lines are indented like the document, keeps it and reads nothing", async () => {
      const model = await successionModel([{ text: "abcd{\n efghijkl", probability: 0.999 }, "\te"]);
      const { counted, reads } = countingReads(model);
      const engine = new CompletionEngine(counted, unlimited);
      assert.equal((await ask(engine, at("a"))).suggestion?.text, "bcd{\n efghijkl");
      for (const end of ["\n", "\r\n"]) {
        const document = ["x{", "\ty", "}", ""].join(end);
        const uri = `file:///${end.length}.js`;
        assert.equal((await ask(engine, at(`${document}a`, { uri }))).suggestion?.text, "bcd{\n\tefghijkl");
        reads.length = 0;
        for (const typed of ["abc", `abcd{${end}`, `abcd{${end}\t`, `abcd{${end}\tef`]) {
          const { suggestion } = await ask(engine, at(document + typed, { uri }));
          assert.equal(suggestion?.text, "abcd{\n\tefghijkl".slice(typed.replace("\r", "").length));
        }
        assert.deepEqual(reads, []);
      }
      await model.release();
    });

    it("something else, drops the suggestion", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      await ask(engine, at("a"));
      assert.equal((await ask(engine, at("ax"))).suggestion, undefined);
      assert.equal((await ask(engine, at("axp"))).suggestion?.text, "qrst");
    });

    it("elsewhere before it, drops the suggestion", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      await ask(engine, at("x\na"));
      reads.length = 0;
      assert.equal((await ask(engine, at("y\nab"))).suggestion?.text, "cdefghijklmnopqrst");
      assert.notDeepEqual(reads, []);
    });

    it("a bracket that the editor closes, fits the suggestion again", async () => {
      const model = await successionModel(["a(bcd);\n"]);
      const engine = new CompletionEngine(model, unlimited);
      assert.equal((await ask(engine, at("a"))).suggestion?.text, "(bcd);");
      const { suggestion } = await ask(engine, at("a()", { offset: 2 }));
      assert.deepEqual([suggestion?.text, suggestion?.replacedLength], ["bcd);", 1]);
      await model.release();
    });

    it("continues after an accepted suggestion without reading it again", async () => {
      const model = await successionModel(["abcdef;", { text: ";h", probability: 0.3 }, "hijklmn\n"]);
      const { counted, reads } = countingReads(model);
      const engine = new CompletionEngine(counted, unlimited);
      await ask(engine, at("a"));
      reads.length = 0;
      await ask(engine, at("abcdef;"));
      assert.ok(reads.every((tokens) => tokens === 1) && reads.length < 20);
      await model.release();
    });

    it("reads one token and stops at once where nothing is likely", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      await ask(engine, at("zzz"));
      reads.length = 0;
      await ask(engine, at("zzzz"));
      assert.deepEqual(reads, [1]);
    });
  });

  describe("within its budget", () => {
    /** An engine whose clock advances by a millisecond at each look. */
    function impatient(model: LanguageModel, budget: number): CompletionEngine {
      let time = 0;
      return new CompletionEngine(model, { budget, now: () => time++ });
    }

    it("answers with what it has, and continues from there at the next keystroke", async () => {
      const engine = impatient(symbols, 6);
      const texts: string[] = [];
      for (const text of ["+", "+-", "+-*", "+-*/"]) texts.push((await ask(engine, at(text))).suggestion?.text ?? "");
      assert.deepEqual(texts, ["-*/=%&", "*/=%&|!~^@#", "/=%&|!~^@#.,?:;", "=%&|!~^@#.,?:;"]);
    });

    it("says that there may be more, and gives it to a request with more time", async () => {
      const engine = impatient(letters, 6);
      const first = await ask(engine, at("a"));
      assert.equal(first.isPartial, true);
      const second = await ask(engine, at("a", unlimited));
      assert.equal(second.isPartial, false);
      assert.equal(second.suggestion?.text, "bcdefghijklmnopqrst");
      assert.equal((await ask(engine, at("a"))).suggestion?.text, "bcdefghijklmnopqrst", "it is there already");
    });

    it("only ever adds to what it has shown, even if another continuation would have saved more", async () => {
      const model = await successionModel([
        { text: "abcdefghijk", probability: 0.995 },
        { text: "kl", probability: 0.5 },
        { text: "km", probability: 0.45 },
        { text: "lxyz", probability: 0.9 },
        { text: "mnopqrstuvwABCDEFGHIJKLMNOP\n", probability: 0.999 },
      ]);
      for (let budget = 1; budget < 40; budget++) {
        const engine = impatient(model, budget);
        const first = (await ask(engine, at("a"))).suggestion?.text ?? "";
        const second = (await ask(engine, at("a", unlimited))).suggestion?.text ?? "";
        assert.ok(second.startsWith(first), `${budget}: ${first}, then ${second}`);
      }
      await model.release();
    });

    it("gives the same in the middle of a line whether it decodes in one part or in two", async () => {
      const model = await successionModel(["abcd, efgh\n"]);
      for (const [rest, expected] of [
        ["efgh", "bcd, "],
        ["fgh", "bcd, e"],
      ] as const) {
        for (let budget = 1; budget < 40; budget++) {
          const engine = impatient(model, budget);
          const request = at(`a${rest}\nx`, { offset: 1 });
          await ask(engine, request);
          const { suggestion } = await ask(engine, { ...request, ...unlimited });
          assert.equal(suggestion?.text, expected, `${budget}`);
        }
      }
      await model.release();
    });

    it("shows nothing that the gate would not show", async () => {
      const engine = impatient(symbols, 2);
      assert.equal((await ask(engine, at("+"))).suggestion, undefined);
      assert.equal((await ask(engine, at("+-"))).suggestion?.text, "*/=");
    });

    it("shows no part of a word, and all of it when there is time", async () => {
      const engine = impatient(letters, 6);
      assert.equal((await ask(engine, at("a"))).suggestion, undefined);
      assert.equal((await ask(engine, at("a", unlimited))).suggestion?.text, "bcdefghijklmnopqrst");
    });

    it("decodes at least one character", async () => {
      const engine = impatient(letters, 0);
      const texts: (string | undefined)[] = [];
      for (let typed = 1; typed <= 3; typed++) {
        texts.push((await ask(engine, at("abcdefgh".slice(0, typed)))).suggestion?.text);
      }
      assert.deepEqual(texts, [undefined, undefined, undefined]);
    });
  });

  describe("when it is interrupted", () => {
    it("ends a request whose signal is aborted, before it begins or within a step", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      assert.equal((await ask(engine, at("a", { signal: AbortSignal.abort() }))).silence, "cancelled");
      const controller = new AbortController();
      const answer = ask(engine, at("xa", { signal: controller.signal }));
      while (reads.length < 5) await new Promise(setImmediate);
      controller.abort();
      assert.equal((await answer).silence, "cancelled");
      assert.ok(reads.length <= 6);
      assert.equal((await ask(engine, at("xa"))).suggestion?.text, "bcdefghijklmnopqrst");
    });

    it("ends a request when another one comes for the document, its text changes, or it is closed", async () => {
      const interruptions: readonly ((engine: CompletionEngine) => unknown)[] = [
        (engine) => ask(engine, at("ab")),
        (engine) => ask(engine, at("a")),
        (engine) => engine.update("file:///a.txt", "a\n"),
        (engine) => engine.close("file:///a.txt"),
        (engine) => engine.use(letters),
      ];
      for (const interrupt of interruptions) {
        const engine = new CompletionEngine(letters, unlimited);
        const answer = ask(engine, at("a"));
        await new Promise(setImmediate);
        await interrupt(engine);
        assert.equal((await answer).silence, "cancelled");
      }
    });

    it("leaves requests for other documents alone", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      const uris = ["a", "b", "c"];
      const answers = await Promise.all(uris.map((uri) => ask(engine, at("a", { uri }))));
      for (const { suggestion } of answers) assert.equal(suggestion?.text, "bcdefghijklmnopqrst");
    });
  });

  it("answers from another model at once, and lets the former one be released", async () => {
    const former = await successionModel(["abcdef\n"]);
    const next = await successionModel(["auvwxyz\n"]);
    const engine = new CompletionEngine(former, unlimited);
    assert.equal((await ask(engine, at("a"))).suggestion?.text, "bcdef");
    const interrupted = ["b", "c"].map((uri) => ask(engine, at("ba", { uri })));
    await new Promise(setImmediate);
    const swapped = engine.use(next);
    assert.equal(engine.model, next);
    const answer = ask(engine, at("a"));
    await swapped;
    await former.release();
    for (const one of interrupted) assert.equal((await one).silence, "cancelled");
    assert.equal((await answer).suggestion?.text, "uvwxyz");
    await next.release();
  });

  it("keeps the states of the documents used last, and no more", async () => {
    const { counted, reads } = countingReads(letters);
    const engine = new CompletionEngine(counted, { ...unlimited, documents: 2 });
    const readFor = async (uri: string) => {
      reads.length = 0;
      await ask(engine, at("zzzzz", { uri }));
      return reads.length > 0;
    };
    assert.deepEqual(
      [
        await readFor("a"),
        await readFor("b"),
        await readFor("a"),
        await readFor("c"),
        await readFor("a"),
        await readFor("b"),
      ],
      [true, true, false, true, false, true],
    );
  });

  it("answers like an engine that never saw the document before, whatever was edited", async () => {
    const model = await successionModel(["abcdefg)", "(ab", { text: "g h", probability: 0.8 }, "hij\n", "éab"]);
    const piece = fc.string({ unit: fc.constantFrom(..."abcdefghij() \n\r\0é🙂"), maxLength: 8 });
    const edit = fc.record({ at: fc.nat(), deleted: fc.nat(6), inserted: piece });
    await fc.assert(
      fc.asyncProperty(piece, fc.array(edit, { maxLength: 15 }), async (first, edits) => {
        const engine = new CompletionEngine(model, unlimited);
        let text = first;
        for (const { at: place, deleted, inserted } of edits) {
          const start = place % (text.length + 1);
          text = text.slice(0, start) + inserted + text.slice(start + deleted);
          const request = at(text, { offset: start + inserted.length });
          const { suggestion, silence } = await ask(engine, request);
          const fresh = await new CompletionEngine(model, unlimited).suggest(request);
          if (suggestion && fresh.suggestion) {
            // A suggestion that was typed through is the rest of what was shown. Its length was chosen earlier.
            const [short, long] = [suggestion.text, fresh.suggestion.text].sort((a, b) => a.length - b.length);
            assert.ok(long!.startsWith(short!) || suggestion.replacedLength !== fresh.suggestion.replacedLength);
          } else if (silence) {
            assert.equal(fresh.silence, silence);
          }
        }
      }),
      { numRuns: 100 },
    );
    await model.release();
  });
});
