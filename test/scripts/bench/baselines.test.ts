import assert from "node:assert/strict";
import fc from "fast-check";
import { type Baseline, baselines, suggesterOf, typeWorkspace } from "../../../bench/completion/baselines.ts";
import { NearestWord } from "../../../bench/completion/nearest-word.ts";
import { NGram } from "../../../bench/completion/ngram.ts";
import { simulate } from "../../../src/evaluation/simulate.ts";

/** What a baseline suggests at the end of a new file, after having read some others. */
function suggested(baseline: Baseline, read: readonly string[], before: string, after = ""): string | undefined {
  for (const text of read) baseline.learn(text);
  return baseline.beginFile().suggest(before, after);
}

describe("the nearest word", () => {
  const suggest = (read: readonly string[], before: string, after?: string): string | undefined =>
    suggested(new NearestWord(), read, before, after);

  it("completes the typed prefix of a word, searching backwards in the file", () => {
    assert.equal(suggest([], "remember(reminder); re"), "minder");
    assert.equal(suggest([], "reminder(remember); re"), "member");
    assert.equal(suggest([], "remember(reminder, remember); rem"), "ember");
  });

  it("is searched for in the files read before, the last one first, if the file has none", () => {
    assert.equal(suggest(["reminder", "remember"], "re"), "member");
    assert.equal(suggest(["remember"], "reminder; re"), "minder");
  });

  it("is not shown before two characters are typed", () => {
    assert.equal(suggest([], "remember r"), undefined);
    assert.equal(suggest([], "remember "), undefined);
    assert.equal(suggest([], "remember("), undefined);
  });

  it("is neither the word being typed nor a number", () => {
    assert.equal(suggest([], "remember"), undefined);
    assert.equal(suggest([], "remember; remember"), undefined);
    assert.equal(suggest([], "12345; 12"), undefined);
  });

  it("ends at punctuation as words do in VS Code", () => {
    assert.equal(suggest([], "this.$count_of.size; $c"), "ount_of");
  });

  it("is not shown inside a word", () => {
    assert.equal(suggest([], "remember; re", "mind"), undefined);
    assert.equal(suggest([], "remember; re", ")"), "member");
  });

  it("is found again after an edit further up", () => {
    const file = new NearestWord().beginFile();
    assert.equal(file.suggest("remember; re", ""), "member");
    assert.equal(file.suggest("reminder; re", ""), "minder");
  });
});

describe("the n-gram", () => {
  const suggest = (read: readonly string[], before: string): string | undefined => suggested(new NGram(), read, before);
  const line = "const answer = compute(question);\n";

  it("continues as in the text it has read, to the end of the line", () => {
    assert.equal(suggest([line], "const a"), "nswer = compute(question);");
  });

  it("learns the file while it is typed", () => {
    assert.equal(suggest([], `${line}const a`), "nswer = compute(question);");
  });

  it("shows nothing where the next text is uncertain", () => {
    const lines = ["const a = first;\n", "const a = second;\n", "const a = third;\n", "const a = last;\n"];
    assert.equal(suggest(lines, "const a "), undefined, "Two characters are not worth a key.");
    assert.equal(suggest(lines, "const a = "), undefined);
    assert.equal(suggest(lines, "con"), "st a =");
    assert.equal(suggest([], "con"), undefined);
    assert.equal(suggest([], ""), undefined);
  });

  it("shows the length that is expected to save most, given the probabilities of its characters", () => {
    // After "x = " comes "compute" always, and then one of two in three and one of three: 2/3 · (13 − 2) − 3 · 1/3 > 7 − 2.
    const [often, seldom] = ["x = compute(long)\n", "x = compute[0]\n"];
    assert.equal(suggest([often, often, seldom], "x = "), "compute(long)");
    // One of two: 1/2 · (13 − 2) − 3 · 1/2 < 7 − 2.
    assert.equal(suggest([often, seldom], "x = "), "compute");
  });

  it("waits for a key if the beginning is uncertain, as the engine does", () => {
    const read = ["a1 = the only one there is;\n", "a2 = another one;\n"];
    assert.equal(suggest(read, "a"), undefined);
    assert.equal(suggest(read, "a1"), " = the only one there is;");
  });

  it("backs off to shorter contexts if a longer one was never seen, with lower probabilities", () => {
    const read = ["let z = compute(question, answer, reason);\n", "my z = compute(question, answer, reason);\n"];
    // All of "let z " was seen.
    assert.equal(suggest(read, "let z "), "= compute(question, answer, reason);");
    // Of "one z " only "z " was: each character that was not seen after the longest context costs a factor of 0.4.
    assert.equal(suggest(read, "one z "), undefined);
    assert.equal(suggest(read, "one z = com"), "pute(question, answer, reason);");
  });

  it("never ends inside a character", () => {
    const faces = fc.string({ unit: fc.constantFrom("😀", "😁", "a", " "), maxLength: 60 });
    fc.assert(
      fc.property(faces, (text) => {
        const shown = suggest([text], text.slice(0, text.lastIndexOf(" ") + 1));
        assert.ok(shown === undefined || !/[\uD800-\uDBFF]$/.test(shown), shown);
      }),
    );
  });
});

describe("every baseline", () => {
  const text = "let remembered = remember(reminder);\n".repeat(8);

  for (const name of baselines().map((baseline) => baseline.name)) {
    const create = (): Baseline => baselines().find((baseline) => baseline.name === name) ?? assert.fail();

    it(`keeps what it learns in one file out of the next: ${name}`, async () => {
      const baseline = create();
      const first = await simulate(text, suggesterOf(baseline));
      const second = await simulate(text, suggesterOf(baseline));
      assert.deepEqual(second.events, first.events);
      assert.ok(first.acceptances > 0);
    });

    it(`types more of a file with the workspace read: ${name}`, async () => {
      const heldOut = [{ name: "b.ts", text }];
      const accepted = async (given: string): Promise<number> => {
        const [simulation] = await typeWorkspace(create(), { given: [{ name: "a.ts", text: given }], heldOut });
        return simulation?.acceptedChars ?? 0;
      };
      assert.ok((await accepted(text)) > (await accepted("")));
    });

    it(`suggests the same whether a file was typed or opened: ${name}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: text.length }), fc.integer({ min: 1, max: 20 }), (end, step) => {
          const [typed, opened] = [create().beginFile(), create().beginFile()];
          for (let offset = 0; offset < end; offset += step) typed.suggest(text.slice(0, offset), "");
          assert.equal(typed.suggest(text.slice(0, end), ""), opened.suggest(text.slice(0, end), ""));
        }),
      );
    });
  }
});
