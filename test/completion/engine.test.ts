import assert from "node:assert/strict";
import fc from "fast-check";
import { calibrated } from "../../src/completion/calibration.ts";
import { CompletionEngine, type SuggestionRequest } from "../../src/completion/engine.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { countingReads } from "./reads.ts";
import { successionModel } from "./succession-model.ts";

const unlimited = { budget: Number.POSITIVE_INFINITY };

/** A request at the end of `text` unless it says otherwise. */
function at(text: string, request: Partial<SuggestionRequest> = {}): SuggestionRequest {
  return { uri: "file:///a.txt", text, offset: text.length, temperature: 0, maxCharacters: 60, ...request };
}

describe("The completion engine", () => {
  /** Letters in order, to a line's end. */
  let letters: LanguageModel;
  before(async () => {
    letters = await successionModel(["abcdefghijklmnopqrst\n"]);
  });
  after(async () => await letters.release());

  async function suggested(model: LanguageModel, request: SuggestionRequest): Promise<string | undefined> {
    return (await new CompletionEngine(model, unlimited).suggest(request)).suggestion?.text;
  }

  describe("suggests", () => {
    it("what is likely, to the line's end, with the probability that it is right", async () => {
      const { suggestion } = await new CompletionEngine(letters, unlimited).suggest(at("a"));
      assert.equal(suggestion?.text, "bcdefghijklmnopqrst");
      assert.ok(Math.abs(suggestion.probability - calibrated(0.99 ** 19)) < 1e-4);
      assert.equal(suggestion.replacedLength, 0);
    });

    it("no more than the most characters", async () => {
      assert.equal(await suggested(letters, at("a", { maxCharacters: 5 })), "bcdef");
    });

    it("less where confidence falls, and nothing where it is low", async () => {
      const model = await successionModel(["abcdefg", { text: "ghijklmn", probability: 0.6 }]);
      assert.equal(await suggested(model, at("a")), "bcdefg");
      const { silence } = await new CompletionEngine(model, unlimited).suggest(at("ag"));
      assert.equal(silence, "unsure");
      await model.release();
    });

    it("nothing where the line ends, and says so", async () => {
      assert.equal((await new CompletionEngine(letters, unlimited).suggest(at("t"))).silence, "line-ends");
    });

    it("no white space at its end, nor white space alone", async () => {
      const model = await successionModel(["abcdef\t", "xy \t\n"]);
      assert.equal(await suggested(model, at("a")), "bcdef");
      assert.equal(await suggested(model, at("y")), undefined);
      await model.release();
    });

    it("one round of a cycle", async () => {
      const model = await successionModel([{ text: "abcdea", probability: 0.9999 }]);
      assert.equal(await suggested(model, at("a")), "bcdea");
      await model.release();
    });

    it("whole characters of several bytes", async () => {
      const model = await successionModel(["a🙂é中\n"]);
      assert.equal(await suggested(model, at("a")), "🙂é中");
      await model.release();
    });

    it("with a char tokenizer too", async () => {
      const model = await successionModel(["a🙂é中b\n"], "char");
      assert.equal(await suggested(model, at("xa")), "🙂é中b");
      await model.release();
    });

    it("at the end of an indented empty line, and in the middle of a word", async () => {
      const model = await successionModel(["\tabcdef;\n"]);
      const engine = new CompletionEngine(model, unlimited);
      const suggestedAt = async (text: string, offset: number) =>
        (await engine.suggest(at(text, { offset }))).suggestion?.text;
      assert.equal(await suggestedAt("x {\n\t\n}\n", 5), "abcdef;");
      assert.equal(await suggestedAt("x {\n\t  \n}\n", 5), "abcdef;", "blanks behind the cursor are no text");
      assert.equal(await suggestedAt("\tadef;\n", 2), undefined, "too little is missing");
      assert.equal(await suggestedAt("\taef;\n", 2), "bcd");
      await model.release();
    });

    it("before closing punctuation, without repeating it", async () => {
      const model = await successionModel(["abcd);\n"]);
      const engine = new CompletionEngine(model, unlimited);
      const suggestedBefore = async (rest: string) =>
        (await engine.suggest(at(`(a${rest}\nx`, { offset: 2 }))).suggestion;
      assert.deepEqual((await suggestedBefore(")"))?.replacedLength, 1);
      assert.equal((await suggestedBefore(")"))?.text, "bcd);");
      assert.equal((await suggestedBefore(");"))?.text, "bcd");
      assert.equal((await suggestedBefore(""))?.text, "bcd);");
      await model.release();
    });

    it("in the middle of a line what leads to the text that follows, and does not repeat that", async () => {
      const model = await successionModel(["abcd, efgh\n"]);
      const engine = new CompletionEngine(model, unlimited);
      for (const [rest, expected] of [
        [", efgh", "bcd"],
        ["fgh", "bcd, e"],
        ["efgh", "bcd, "],
        ["h", "bcd, efg"],
      ] as const) {
        const { suggestion } = await engine.suggest(at(`a${rest}\nx`, { offset: 1 }));
        assert.deepEqual([suggestion?.text, suggestion?.replacedLength], [expected, 0]);
      }
      await model.release();
    });

    it("in the middle of a line nothing else, and says so, unless it is asked for", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      for (const text of ["az", "a = 1", "aa", "abc"]) {
        assert.equal((await engine.suggest(at(text, { offset: 1 }))).suggestion, undefined, text);
      }
      assert.equal((await engine.suggest(at("a = 1", { offset: 1 }))).silence, "text-follows");
      const { suggestion } = await engine.suggest(at("a = 1", { offset: 1, isManual: true }));
      assert.equal(suggestion?.text, "bcdefghijklmnopqrst");
    });

    it("in the middle of a line the same while one types along", async () => {
      const model = await successionModel(["abcdef, gh\n"]);
      const engine = new CompletionEngine(model, unlimited);
      const texts: (string | undefined)[] = [];
      for (const typed of ["a", "ab", "abc", "abcd", "abcdef"]) {
        const request = at(`${typed}, gh\n`, { offset: typed.length });
        texts.push((await engine.suggest(request)).suggestion?.text);
      }
      assert.deepEqual(texts, ["bcdef", "cdef", "def", "ef", undefined]);
      await model.release();
    });

    it("at temperature 0 a longer way that is not the likeliest everywhere, where that saves more", async () => {
      const model = await successionModel([
        { text: "abcdefghijk", probability: 0.995 },
        { text: "kl", probability: 0.5 },
        { text: "km", probability: 0.45 },
        { text: "mnopqrstuvwxyzABCDEFGHIJKLMNOP\n", probability: 0.999 },
      ]);
      assert.equal(await suggested(model, at("a")), "bcdefghijkmnopqrstuvwxyzABCDEFGHIJKLMNOP");
      await model.release();
    });

    it("nothing inside a surrogate pair or a CRLF, and says so", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      assert.equal((await engine.suggest(at("🙂", { offset: 1 }))).silence, "inside-character");
      assert.equal((await engine.suggest(at("a\r\n", { offset: 2 }))).silence, "inside-character");
      assert.equal((await engine.suggest(at("a\r\n", { offset: 1 }))).suggestion?.text.length, 19);
    });

    it("at the end for a position past it, and in an empty document nothing", async () => {
      assert.equal(await suggested(letters, at("a", { offset: 100 })), "bcdefghijklmnopqrst");
      assert.equal(await suggested(letters, at("")), undefined);
    });

    it("in a line of a megabyte", async () => {
      const line = "z".repeat(2 ** 20);
      assert.equal(await suggested(letters, at(`${line}a`)), "bcdefghijklmnopqrst");
      assert.equal(await suggested(letters, at(`a${line}`, { offset: 1 })), undefined);
    });
  });

  describe("while one types", () => {
    it("along a suggestion keeps it unchanged and reads nothing", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      const first = (await engine.suggest(at("a"))).suggestion!.text;
      reads.length = 0;
      for (let typed = 1; typed < first.length; typed++) {
        const { suggestion } = await engine.suggest(at(`a${first.slice(0, typed)}`));
        assert.equal(suggestion?.text, first.slice(typed));
      }
      assert.deepEqual(reads, []);
    });

    it("along a suggestion that the gate cut goes on behind it", async () => {
      const model = await successionModel(["abcdefg", { text: "gh", probability: 0.3 }, "hijklmn"]);
      const engine = new CompletionEngine(model, unlimited);
      const texts: (string | undefined)[] = [];
      for (const text of ["a", "abcdef", "abcdefg", "abcdefgh"]) {
        texts.push((await engine.suggest(at(text))).suggestion?.text);
      }
      assert.deepEqual(texts, ["bcdefg", "g", undefined, "ijklmn"]);
      await model.release();
    });

    it("along a suggestion over the line's end keeps it in a document of CRLF", async () => {
      const model = await successionModel([{ text: "abcdef\nghijklmnop", probability: 0.999 }]);
      const { counted, reads } = countingReads(model);
      const engine = new CompletionEngine(counted, unlimited);
      assert.equal((await engine.suggest(at("x\r\na"))).suggestion?.text, "bcdef\nghijklmnop");
      reads.length = 0;
      assert.equal((await engine.suggest(at("x\r\nabcdef\r\n"))).suggestion?.text, "ghijklmnop");
      assert.equal((await engine.suggest(at("x\r\nabcdef\r\ngh"))).suggestion?.text, "ijklmnop");
      assert.deepEqual(reads, []);
      await model.release();
    });

    it("something else drops the suggestion", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      await engine.suggest(at("a"));
      assert.equal((await engine.suggest(at("ax"))).suggestion, undefined);
      assert.equal((await engine.suggest(at("axp"))).suggestion?.text, "qrst");
    });

    it("elsewhere before it drops the suggestion", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      await engine.suggest(at("x\na"));
      reads.length = 0;
      assert.equal((await engine.suggest(at("y\nab"))).suggestion?.text, "cdefghijklmnopqrst");
      assert.notDeepEqual(reads, []);
    });

    it("a bracket that the editor closes fits the suggestion anew", async () => {
      const model = await successionModel(["a(bcd);\n"]);
      const engine = new CompletionEngine(model, unlimited);
      assert.equal((await engine.suggest(at("a"))).suggestion?.text, "(bcd);");
      const { suggestion } = await engine.suggest(at("a()", { offset: 2 }));
      assert.deepEqual([suggestion?.text, suggestion?.replacedLength], ["bcd);", 1]);
      await model.release();
    });

    it("goes on from an accepted suggestion without reading it again", async () => {
      const model = await successionModel(["abcdefg", { text: "gh", probability: 0.3 }, "hijklmn"]);
      const { counted, reads } = countingReads(model);
      const engine = new CompletionEngine(counted, unlimited);
      await engine.suggest(at("a"));
      reads.length = 0;
      await engine.suggest(at("abcdefg"));
      assert.ok(reads.every((tokens) => tokens === 1) && reads.length < 20);
      await model.release();
    });

    it("reads one token and stops at once where nothing is likely", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      await engine.suggest(at("zzz"));
      reads.length = 0;
      await engine.suggest(at("zzzz"));
      assert.deepEqual(reads, [1]);
    });
  });

  describe("within its budget", () => {
    /** An engine whose clock advances by a millisecond at each look. */
    function impatient(model: LanguageModel, budget: number): CompletionEngine {
      let time = 0;
      return new CompletionEngine(model, { budget, now: () => time++ });
    }

    it("answers with what it has, and goes on from there at the next keystroke", async () => {
      const engine = impatient(letters, 6);
      const texts: string[] = [];
      for (const text of ["a", "ab", "abc", "abcd"])
        texts.push((await engine.suggest(at(text))).suggestion?.text ?? "");
      assert.deepEqual(texts, ["bcdefg", "cdefghijklm", "defghijklmnopqrs", "efghijklmnopqrst"]);
    });

    it("says that there may be more, and gives it to a request with more time", async () => {
      const engine = impatient(letters, 6);
      const first = await engine.suggest(at("a"));
      assert.equal(first.isPartial, true);
      const second = await engine.suggest(at("a", unlimited));
      assert.equal(second.isPartial, false);
      assert.equal(second.suggestion?.text, "bcdefghijklmnopqrst");
      assert.equal((await engine.suggest(at("a"))).suggestion?.text, "bcdefghijklmnopqrst", "it is there already");
    });

    it("only ever adds to what it has shown, also where another way would have saved more", async () => {
      const model = await successionModel([
        { text: "abcdefghijk", probability: 0.995 },
        { text: "kl", probability: 0.5 },
        { text: "km", probability: 0.45 },
        { text: "lxyz", probability: 0.9 },
        { text: "mnopqrstuvwABCDEFGHIJKLMNOP\n", probability: 0.999 },
      ]);
      for (let budget = 1; budget < 40; budget++) {
        const engine = impatient(model, budget);
        const first = (await engine.suggest(at("a"))).suggestion?.text ?? "";
        const second = (await engine.suggest(at("a", unlimited))).suggestion?.text ?? "";
        assert.ok(second.startsWith(first), `${budget}: ${first}, then ${second}`);
      }
      await model.release();
    });

    it("gives in the middle of a line, in two parts, what it gives at once", async () => {
      const model = await successionModel(["abcd, efgh\n"]);
      for (const [rest, expected] of [
        ["efgh", "bcd, "],
        ["fgh", "bcd, e"],
      ] as const) {
        for (let budget = 1; budget < 40; budget++) {
          const engine = impatient(model, budget);
          const request = at(`a${rest}\nx`, { offset: 1 });
          await engine.suggest(request);
          const { suggestion } = await engine.suggest({ ...request, ...unlimited });
          assert.equal(suggestion?.text, expected, `${budget}`);
        }
      }
      await model.release();
    });

    it("shows nothing that the gate would not", async () => {
      const engine = impatient(letters, 2);
      assert.equal((await engine.suggest(at("a"))).suggestion, undefined);
      assert.equal((await engine.suggest(at("ab"))).suggestion?.text, "cde");
    });

    it("decodes one character at least", async () => {
      const engine = impatient(letters, 0);
      const texts: (string | undefined)[] = [];
      for (let typed = 1; typed <= 3; typed++) {
        texts.push((await engine.suggest(at("abcdefgh".slice(0, typed)))).suggestion?.text);
      }
      assert.deepEqual(texts, [undefined, undefined, undefined]);
    });
  });

  describe("at a temperature", () => {
    it("gives the same suggestion for the same place, and another one perhaps at another temperature", async () => {
      const model = await successionModel(["abcdefgh\n"].flatMap((text) => [{ text, probability: 0.9 }]));
      const request = at("a", { temperature: 0.5 });
      assert.equal(await suggested(model, request), await suggested(model, request));
      const engine = new CompletionEngine(model, unlimited);
      assert.equal((await engine.suggest(at("a", { temperature: 0 }))).suggestion?.text, "bcdefgh");
      // So hot that hardly anything likely is drawn: the gate lets nothing through.
      assert.equal((await engine.suggest(at("a", { temperature: 2 }))).suggestion, undefined);
      assert.equal((await engine.suggest(at("a", { temperature: 0 }))).suggestion?.text, "bcdefgh");
      await model.release();
    });
  });

  describe("when it is interrupted", () => {
    it("ends a request whose signal is aborted, before it begins or within a step", async () => {
      const { counted, reads } = countingReads(letters);
      const engine = new CompletionEngine(counted, unlimited);
      assert.equal((await engine.suggest(at("a", { signal: AbortSignal.abort() }))).silence, "cancelled");
      const controller = new AbortController();
      const answer = engine.suggest(at("xa", { signal: controller.signal }));
      while (reads.length < 5) await new Promise(setImmediate);
      controller.abort();
      assert.equal((await answer).silence, "cancelled");
      assert.ok(reads.length <= 6);
      assert.equal((await engine.suggest(at("xa"))).suggestion?.text, "bcdefghijklmnopqrst");
    });

    it("ends a request when another one comes for the document, or its text changes, or it is closed", async () => {
      const interruptions: readonly ((engine: CompletionEngine) => unknown)[] = [
        (engine) => engine.suggest(at("ab")),
        (engine) => engine.suggest(at("a")),
        (engine) => engine.update("file:///a.txt", "a\n"),
        (engine) => engine.close("file:///a.txt"),
        (engine) => engine.use(letters),
      ];
      for (const interrupt of interruptions) {
        const engine = new CompletionEngine(letters, unlimited);
        const answer = engine.suggest(at("a"));
        await new Promise(setImmediate);
        await interrupt(engine);
        assert.equal((await answer).silence, "cancelled");
      }
    });

    it("leaves requests for other documents alone", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      const uris = ["a", "b", "c"];
      const answers = await Promise.all(uris.map((uri) => engine.suggest(at("a", { uri }))));
      for (const { suggestion } of answers) assert.equal(suggestion?.text, "bcdefghijklmnopqrst");
    });
  });

  it("answers from another model at once, and lets the former one be released", async () => {
    const former = await successionModel(["abcdef\n"]);
    const next = await successionModel(["auvwxyz\n"]);
    const engine = new CompletionEngine(former, unlimited);
    assert.equal((await engine.suggest(at("a"))).suggestion?.text, "bcdef");
    const interrupted = ["b", "c"].map((uri) => engine.suggest(at("ba", { uri })));
    await new Promise(setImmediate);
    const swapped = engine.use(next);
    assert.equal(engine.model, next);
    const answer = engine.suggest(at("a"));
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
      await engine.suggest(at("zzzzz", { uri }));
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

  it("gives what an engine that never saw the document before gives, whatever was edited", async () => {
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
          const { suggestion, silence } = await engine.suggest(request);
          const fresh = await new CompletionEngine(model, unlimited).suggest(request);
          if (suggestion && fresh.suggestion) {
            // One that was typed along is the remainder of what was shown; its length was chosen earlier.
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
