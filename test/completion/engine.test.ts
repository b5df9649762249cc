import assert from "node:assert/strict";
import { calibrated } from "../../src/completion/decoding/calibration.ts";
import { CompletionEngine, type SuggestionRequest } from "../../src/completion/engine.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { ask, at, lettersInOrder, unlimited } from "./requests.ts";
import { successionModel } from "./succession-model.ts";

describe("The completion engine", () => {
  /** Letters in order, to the end of the line. */
  let letters: LanguageModel;
  before(async () => {
    letters = await lettersInOrder();
  });
  after(async () => await letters.release());

  async function suggested(model: LanguageModel, request: SuggestionRequest): Promise<string | undefined> {
    return (await new CompletionEngine(model, unlimited).suggest(request)).suggestion?.text;
  }

  describe("suggests", () => {
    it("likely text up to the end of the line, with the probability that it is right", async () => {
      const { suggestion } = await new CompletionEngine(letters, unlimited).suggest(at("a"));
      assert.equal(suggestion?.text, "bcdefghijklmnopqrst");
      assert.ok(Math.abs(suggestion.probability - calibrated(0.99 ** 19)) < 1e-4);
      assert.equal(suggestion.replacedLength, 0);
    });

    it("no more than the maximum number of characters", async () => {
      const model = await successionModel(["+-*/=%&|!~\n"]);
      assert.equal(await suggested(model, at("+", { maxCharacters: 5 })), "-*/=%");
      await model.release();
    });

    it("less text where confidence falls, and nothing where it is low", async () => {
      const model = await successionModel(["abcdef;", { text: ";ghijklmn", probability: 0.6 }]);
      assert.equal(await suggested(model, at("a")), "bcdef;");
      const { silence } = await new CompletionEngine(model, unlimited).suggest(at("a;"));
      assert.equal(silence, "unsure");
      await model.release();
    });

    it("whole words: ends before a word that is not certain as a whole, and waits within one", async () => {
      const model = await successionModel(["a(bcd).efg", { text: "gh", probability: 0.4 }, "hijk;\n"]);
      assert.equal(await suggested(model, at("a")), "(bcd).");
      assert.equal(await suggested(model, at("a(bcd).")), undefined);
      assert.equal(await suggested(model, at("a(bcd).efgh")), "ijk;");
      await model.release();
    });

    it("no part of a word that is longer than the maximum", async () => {
      assert.equal(await suggested(letters, at("a", { maxCharacters: 5 })), undefined);
    });

    it("nothing where the line ends, and says so", async () => {
      assert.equal((await new CompletionEngine(letters, unlimited).suggest(at("t"))).silence, "line-ends");
    });

    it("nothing that ends with white space, and no white space alone", async () => {
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
      assert.equal(await suggestedAt("x {\n\t  \n}\n", 5), "abcdef;", "blanks after the cursor are not text");
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

    it("in the middle of a line, text that leads to the text that follows, without repeating that", async () => {
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

    it("in the middle of a line, nothing else unless the user asks for it, and says so", async () => {
      const engine = new CompletionEngine(letters, unlimited);
      for (const text of ["az", "a = 1", "aa", "abc"]) {
        assert.equal((await engine.suggest(at(text, { offset: 1 }))).suggestion, undefined, text);
      }
      assert.equal((await engine.suggest(at("a = 1", { offset: 1 }))).silence, "text-follows");
      const { suggestion } = await engine.suggest(at("a = 1", { offset: 1, isManual: true }));
      assert.equal(suggestion?.text, "bcdefghijklmnopqrst");
    });

    it("in the middle of a line, the same while the user types through it", async () => {
      const model = await successionModel(["abcdef, gh\n"]);
      const engine = new CompletionEngine(model, unlimited);
      const texts: (string | undefined)[] = [];
      for (const typed of ["a", "ab", "abc", "abcd", "abcdef"]) {
        const request = at(`${typed}, gh\n`, { offset: typed.length });
        texts.push((await ask(engine, request)).suggestion?.text);
      }
      assert.deepEqual(texts, ["bcdef", "cdef", "def", "ef", undefined]);
      await model.release();
    });

    it("at temperature 0, a continuation that is not the likeliest at every character, if it saves more", async () => {
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

    it("at the end for a position past it, and nothing in an empty document", async () => {
      assert.equal(await suggested(letters, at("a", { offset: 100 })), "bcdefghijklmnopqrst");
      assert.equal(await suggested(letters, at("")), undefined);
    });

    it("no half of a grapheme, and counts a grapheme as one character", async () => {
      const flag = await successionModel(["abcd🇩", { text: "🇩🇪", probability: 0.3 }], "char");
      assert.equal(await suggested(flag, at("a")), "bcd");
      await flag.release();
      const whole = await successionModel(["abcd🇩🇪f", { text: "fg", probability: 0.1 }], "char");
      assert.equal(await suggested(whole, at("a")), "bcd🇩🇪f");
      assert.equal(await suggested(whole, at("a", { maxCharacters: 4 })), "bcd", "half of the flag is not shown");
      assert.equal(await suggested(whole, at("a", { maxCharacters: 5 })), "bcd", "more might belong to it");
      assert.equal(await suggested(whole, at("c")), "d🇩🇪f");
      assert.equal(
        await suggested(whole, at("d", { maxCharacters: 3 })),
        undefined,
        "a flag and a letter are not worth a key",
      );
      await whole.release();
    });

    it("no character that a likely next one belongs to", async () => {
      for (const whole of ["1\uFE0F\u20E3", "e\u0301"]) {
        const model = await successionModel([`+-*;${whole}fg`], "char");
        for (const isManual of [false, true]) {
          assert.equal(await suggested(model, at("+", { maxCharacters: 3, isManual })), "-*;");
          assert.equal(await suggested(model, at("+", { maxCharacters: 4, isManual })), "-*;");
          assert.equal(await suggested(model, at("+", { isManual })), `-*;${whole}fg`);
        }
        await model.release();
      }
    });

    it("nothing that would join the character right of the cursor, and nothing inside a grapheme", async () => {
      const model = await successionModel(["abcde🇩", { text: "🇩\n", probability: 0.99 }], "char");
      const engine = new CompletionEngine(model, unlimited);
      const asked = async (text: string) => await engine.suggest(at(text, { offset: 1, isManual: true }));
      assert.equal((await asked("a x")).suggestion?.text, "bcde🇩");
      assert.equal((await asked("a🇪")).suggestion?.text, "bcde");
      assert.equal((await asked("a\u0301")).silence, "inside-character");
      await model.release();
    });

    it("before closing punctuation, no quote that it would close", async () => {
      const model = await successionModel([
        { text: 'a,"bcd', probability: 0.999 },
        { text: 'd"', probability: 0.2 },
      ]);
      const engine = new CompletionEngine(model, unlimited);
      assert.equal((await engine.suggest(at("(a", { offset: 2 }))).suggestion?.text, ',"bcd');
      assert.equal((await engine.suggest(at("(a)", { offset: 2 }))).suggestion, undefined);
      await model.release();
    });

    it("nothing that the lines below have, not even at the user's request or as an alternative", async () => {
      const model = await successionModel([{ text: "abcdef\nghijklmnop", probability: 0.999 }]);
      const engine = new CompletionEngine(model, unlimited);
      for (const isManual of [false, true]) {
        const suggestedAbove = async (below: string) =>
          await engine.suggest(at(`a${below}`, { offset: 1, isManual, uri: `${isManual}` }));
        assert.equal((await suggestedAbove("")).suggestion?.text, "bcdef\nghijklmnop");
        assert.equal((await suggestedAbove("\nghijklmnop\n")).suggestion?.text, "bcdef");
        assert.equal((await suggestedAbove("\n\n\tghijklmnop\n")).suggestion?.text, "bcdef");
        assert.equal((await suggestedAbove("\nghijxyz")).suggestion?.text, "bcdef\nghijklmnop");
        const { silence } = await suggestedAbove("\nabcdef\nghijklmnop\n");
        assert.equal(silence, "already-below");
      }
      await model.release();
      const forked = await successionModel([
        { text: "abcdef\nghi", probability: 0.5 },
        { text: "auvwxyz\nghi", probability: 0.4 },
      ]);
      const answer = await new CompletionEngine(forked, unlimited).suggest(at("a\nghi", { offset: 1, isManual: true }));
      assert.ok(answer.suggestion && answer.alternatives);
      for (const { text } of [answer.suggestion, ...answer.alternatives]) assert.ok(!text.includes("\n"), text);
      await forked.release();
    });

    it("in a line of a megabyte", async () => {
      const line = "z".repeat(2 ** 20);
      assert.equal(await suggested(letters, at(`${line}a`)), "bcdefghijklmnopqrst");
      assert.equal(await suggested(letters, at(`a${line}`, { offset: 1 })), undefined);
    });
  });

  describe("at a temperature", () => {
    it("gives the same suggestion for the same place, and possibly another one at another temperature", async () => {
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
});
