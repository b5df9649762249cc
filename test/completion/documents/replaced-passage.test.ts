import assert from "node:assert/strict";
import fc from "fast-check";
import { boundaryBefore, isBoundary } from "../../../src/boundary.ts";
import { defaultModelPath } from "../../../src/cli/options.ts";
import { DocumentText } from "../../../src/completion/documents/document-text.ts";
import type { Change } from "../../../src/completion/documents/edit.ts";
import { ReplacedPassage } from "../../../src/completion/documents/replaced-passage.ts";
import type { Spans } from "../../../src/completion/documents/spans.ts";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { publicLines } from "../../../src/corpus/learnable-text.ts";
import { LanguageModel } from "../../../src/model/language-model.ts";
import { fittedMemory } from "../fitted-memory.ts";

const text = "first line\n  const total = sum(numbers);\nlast line\n";
const line = "  const total = sum(numbers);";
const start = text.indexOf(line);

interface Applied {
  readonly at: number;
  readonly removed: number;
  readonly added: string;
  readonly isSettled: boolean;
}

/** A document that is edited, and what is expected where something is written in place of removed text. */
class Edited {
  readonly #passage = new ReplacedPassage();
  #text = DocumentText.of("");

  constructor(opened: string) {
    this.#text = DocumentText.of(opened);
    this.#passage.change(this.#text, [], undefined);
  }

  /** Replaces a passage. @param refused lines that may not be learned */
  replace(from: number, to: number, added: string, refused: Spans = []): this {
    this.change(from, to, added, refused);
    return this;
  }

  /** @param refused undefined: not known */
  change(from: number, to: number, added: string, refused: Spans | undefined): void {
    this.#text = this.#text.replace(from, to, added);
    this.#passage.change(this.#text, [{ removed: { from, to }, added: { from, to: from + added.length } }], refused);
  }

  /** Removes several passages in one edit. */
  remove(spans: Spans): this {
    let left = this.#text;
    const changes: Change[] = [];
    let gone = 0;
    for (const removed of spans) {
      const at = removed.from - gone;
      left = left.replace(at, removed.to - gone, "");
      changes.push({ removed, added: { from: at, to: at } });
      gone += removed.to - removed.from;
    }
    this.#text = left;
    this.#passage.change(left, changes, []);
    return this;
  }

  /** Types a text, a character at a time. */
  type(offset: number, typed: string): this {
    for (const [i, character] of [...typed].entries()) this.replace(offset + i, offset + i, character);
    return this;
  }

  /** @param text the text that is settled; undefined: the latest one */
  settle(text = this.#text, refused: Spans = []): this {
    this.#passage.settle(text, refused);
    return this;
  }

  get text(): DocumentText {
    return this.#text;
  }

  /** The text expected from an offset on, as far as it is expected whatever comes. */
  expectedAt(offset: number): string {
    let place = this.#passage.at(this.#text, offset);
    let expected = "";
    while (place && place.expected >= 0) {
      expected += String.fromCharCode(place.expected);
      place = place.after(place.expected);
    }
    return expected;
  }
}

describe("Text that replaces another one", () => {
  it("is expected to begin as that did, and to go on like it", () => {
    const edited = new Edited(text).replace(start, start + line.length, "");
    assert.equal(edited.expectedAt(start), line);
    assert.equal(edited.type(start, "  const ").expectedAt(start + 8), "total = sum(numbers);");
    assert.equal(edited.expectedAt(start), line, "at an earlier place too");
  });

  it("goes on like that after another word, more text or less of it", () => {
    const goneOn = (typed: string): string =>
      new Edited(text)
        .replace(start, start + line.length, "")
        .type(start, typed)
        .expectedAt(start + typed.length);
    assert.equal(goneOn("  const mean "), "= sum(numbers);");
    assert.equal(goneOn("  export const "), "total = sum(numbers);");
    assert.equal(goneOn("  let total = "), "sum(numbers);");
    assert.equal(goneOn("  sum("), "numbers);");
    assert.equal(goneOn("  xyz"), "");
  });

  it("is the same when it is removed bit by bit, in either direction", () => {
    const back = new Edited(text);
    for (let end = start + line.length; end > start; end--) back.replace(end - 1, end, "");
    assert.equal(back.expectedAt(start), line);
    const forward = new Edited(text);
    for (let left = line.length; left > 0; left--) forward.replace(start, start + 1, "");
    assert.equal(forward.expectedAt(start), line);
  });

  it("may begin with the line break before it", () => {
    const edited = new Edited(text).replace(start, start + line.length + 1, "");
    assert.equal(edited.type(start - 1, "\n  const").expectedAt(start + 7), " total = sum(numbers);\n");
  });

  it("is expected only while it is written there", () => {
    const edited = new Edited(text).replace(start, start + line.length, "");
    assert.equal(edited.expectedAt(start - 3), "");
    assert.equal(edited.expectedAt(start + 4), "");
    assert.equal(edited.type(0, "x").expectedAt(start), "", "the place has moved");
    assert.equal(edited.expectedAt(start + 1), line);
    assert.equal(edited.type(start + 6, "x").expectedAt(start + 1), line, "after other text was typed below");
  });

  it("is not expected to begin like a part of a line that was removed", () => {
    const at = text.indexOf("sum(");
    const edited = new Edited(text).replace(at, at + "sum(numbers)".length, "");
    assert.equal(edited.expectedAt(at), "");
    assert.equal(edited.type(at, "sum").expectedAt(at + 3), "(numbers)");
  });

  it("is not expected to be what was typed and not settled", () => {
    const typed = "wrong idea";
    const edited = new Edited(text).type(start, typed).replace(start, start + typed.length, "");
    assert.equal(edited.expectedAt(start), "");
    edited.type(start + 2, typed).replace(start, start + line.length + typed.length, "");
    assert.equal(edited.expectedAt(start), line, "the rest of the line was there before");
    const settled = new Edited(text)
      .type(start, typed)
      .settle()
      .replace(start, start + typed.length, "");
    assert.equal(settled.type(start, "wro").expectedAt(start + 3), "ng idea");
    const late = new Edited(text);
    const saved = late.text;
    late
      .type(start, typed)
      .settle(saved)
      .replace(start, start + typed.length, "");
    assert.equal(late.type(start, "wro").expectedAt(start + 3), "", "typed while an older text is saved");
  });

  it("is not expected to be what may not be learned, or what is not judged yet", () => {
    const refused = { from: start, to: start + line.length + 1 };
    const all = (spans: Spans | undefined): string => {
      const edited = new Edited(text);
      edited.change(0, text.length, "", spans);
      return edited.expectedAt(0);
    };
    assert.equal(all([]), text);
    assert.equal(all([refused]), "first line\nlast line\n");
    assert.equal(all(undefined), "");
  });

  it("is not expected to be a secret that is removed bit by bit", () => {
    const refused = [{ from: start, to: start + line.length }];
    const edited = new Edited(text).replace(start, start + 8, "", refused);
    edited.replace(start, start + 5, "").replace(start, start + line.length - 13, "");
    for (const beginning of ["  const tot", "al", "total = s"]) {
      edited.type(start, beginning);
      assert.equal(edited.expectedAt(start + beginning.length), "");
      edited.replace(start, start + beginning.length, "");
    }
    const settled = new Edited(text).replace(start, start + 8, "", refused);
    settled.settle(settled.text, []).replace(start, start + line.length - 8, "");
    assert.equal(settled.expectedAt(start), line.slice(8), "what is left is harmless once it is saved");
  });

  it("is still expected while it is not known what of the rest may be learned", () => {
    const edited = new Edited(text).replace(start, start + line.length, "");
    for (const [i, key] of [..."  const "].entries()) edited.change(start + i, start + i, key, undefined);
    assert.equal(edited.expectedAt(start + 8), "total = sum(numbers);");
    edited.change(0, "first".length, "", undefined);
    edited.type(0, "fir");
    assert.equal(edited.expectedAt(3), "", "what is removed meanwhile does not count");
  });

  it("is expected to be what was there last, once that is settled", () => {
    const edited = new Edited(text).replace(start, start + line.length, "").type(start, "  other();");
    assert.equal(edited.replace(start, start + 10, "").expectedAt(start), line);
    edited
      .type(start, "  other();")
      .settle()
      .replace(start, start + 10, "");
    assert.equal(edited.expectedAt(start), "  other();");
  });

  it("is forgotten when other text is removed, when an edit has several places, and when it is very long", () => {
    const other = new Edited(text).replace(start, start + line.length, "").replace(0, "first".length, "");
    assert.equal(other.expectedAt(start - "first".length), "");
    assert.equal(other.type(0, "fir").expectedAt(3), "st");
    const lines = [
      { from: 0, to: "first line".length },
      { from: start, to: start + line.length },
    ];
    assert.equal(new Edited(text).remove(lines.slice(0, 1)).expectedAt(0), "first line");
    assert.equal(new Edited(text).remove(lines).expectedAt(0), "");
    assert.equal(new Edited("a\n".repeat(3000)).replace(0, 6000, "").expectedAt(0), "");
    const grown = new Edited("a\n".repeat(3000)).replace(0, 20, "").replace(0, 5000, "");
    assert.equal(grown.expectedAt(0), "");
    const many = Array.from({ length: 1000 }, (_, i) => ({ from: 20 * i, to: 20 * i + 8 }));
    const renamed = new Edited("old_name is a name.\n".repeat(1000)).remove(many);
    assert.equal(renamed.replace(5000, 5011, "").expectedAt(5000), "", "until it is settled");
  });

  it("is expected the same whatever was asked before", () => {
    const edit = fc.record({
      at: fc.nat(60),
      removed: fc.nat(12),
      added: fc.constantFrom("", "  const ", "total", " = ", "x", "sum(", "é", "\r\n", "🙂"),
      asked: fc.array(fc.nat(70), { maxLength: 3 }),
      isSettled: fc.boolean(),
    });
    const apply = ({ at, removed, added, isSettled }: Applied, to: Edited): void => {
      const { text: now } = to;
      const from = boundaryBefore(now, Math.min(at, now.length));
      to.replace(from, Math.max(from, boundaryBefore(now, Math.min(from + removed, now.length))), added);
      if (isSettled) to.settle();
    };
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 10 }), (edits) => {
        const asked = new Edited(text);
        for (const edit of edits) {
          apply(edit, asked);
          for (const offset of edit.asked) asked.expectedAt(boundaryBefore(asked.text, offset));
        }
        for (let offset = 0; offset <= asked.text.length; offset++) {
          if (!isBoundary(asked.text, offset)) continue;
          const fresh = new Edited(text);
          for (const edit of edits) apply(edit, fresh);
          assert.equal(asked.expectedAt(offset), fresh.expectedAt(offset));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("The completion engine, where a line is changed,", () => {
  const uri = "file:///a.js";
  const settings = { temperature: 0, maxCharacters: 60, budget: Number.POSITIVE_INFINITY };
  let model: LanguageModel;
  let engine: CompletionEngine;
  before(async () => {
    model = await LanguageModel.load(defaultModelPath());
  });
  after(async () => await model.release());
  beforeEach(async () => {
    engine = new CompletionEngine(model, { ...(await fittedMemory()), filter: publicLines });
  });

  /** Opens a text, makes it another one, and types at the place of the line. @returns what is suggested then */
  async function suggested(opened: string, without: string, typed: string): Promise<string | undefined> {
    await engine.update(uri, opened);
    await engine.update(uri, without);
    let suggestion: string | undefined;
    for (let i = 0; i <= typed.length; i++) {
      const now = without.slice(0, start) + typed.slice(0, i) + without.slice(start);
      await engine.update(uri, now);
      const answer = await engine.suggest({ uri, text: now, offset: start + i, ...settings });
      suggestion = answer.suggestion?.text;
    }
    return suggestion;
  }
  const without = text.replace(line, "");

  it("suggests what the removed line has", async () => {
    const beginning = "  const tot";
    assert.match((await suggested(text, without, beginning)) ?? "", /^al =/);
    await engine.unlearn(uri);
    assert.equal(await suggested(without, without, beginning), undefined, "where the line never was");
  });

  it("does not suggest what was typed and removed", async () => {
    await engine.update(uri, without);
    assert.equal(await suggested(text, without, "  const tot"), undefined);
  });

  it("does not suggest a removed secret", async () => {
    const secret = "const password = 'hunter2-Tr0ub4dor';";
    assert.equal(await suggested(text.replace(line, secret), without, "const password = 'hun"), undefined);
  });
});
