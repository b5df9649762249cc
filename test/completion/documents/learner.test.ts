import assert from "node:assert/strict";
import fc from "fast-check";
import { DocumentText } from "../../../src/completion/documents/document-text.ts";
import type { Edit } from "../../../src/completion/documents/edit.ts";
import type { LearningFilter } from "../../../src/completion/documents/learning-filter.ts";
import { CompletionEngine, type EngineOptions } from "../../../src/completion/engine.ts";
import { bytesAt } from "../../../src/completion/memory/pieces.ts";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { bytesOf } from "../../../src/completion/text.ts";
import type { LanguageModel } from "../../../src/model/language-model.ts";
import { successionModel } from "../succession-model.ts";

const uri = "file:///a.txt";
const settings = { temperature: 0, maxCharacters: 60 };

describe("A document is learned", () => {
  let model: LanguageModel;
  before(async () => {
    model = await successionModel(["abcdef\n"]);
  });
  after(async () => await model.release());

  interface Learning {
    readonly engine: CompletionEngine;
    /** Bytes learned since the last call. */
    readonly learned: () => number;
    readonly reader: TextReader;
  }

  function begin(options: Pick<EngineOptions, "documents" | "filter"> = {}): Learning {
    const mixture = new Mixture({ successors: 12, direct: 12, history: 16 });
    const reader = new TextReader(mixture);
    const { history } = mixture.local;
    let seen = history.length;
    const learned = () => {
      let count = 0;
      // A byte 0 separates passages.
      for (; seen < history.length; seen++) if (history.at(seen) !== 0) count++;
      return count;
    };
    return { engine: new CompletionEngine(model, { ...options, mixture, reader }), learned, reader };
  }

  const text = "one two three\nfour five six\n".repeat(30);

  it("as a whole when it is opened, and from then on as it is typed", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, text);
    assert.equal(learned(), text.length);
    await engine.update(uri, `${text}s`);
    assert.equal(learned(), 1);
    await engine.update(uri, `x${text}s`);
    assert.equal(learned(), 1);
  });

  it("in a turn of its own when many are opened at once", async () => {
    let turn = 0;
    const turns: number[] = [];
    const next = (): void => {
      turn++;
      if (turns.length < 5) setImmediate(next);
    };
    setImmediate(next);
    const partsOf = (all: string) => {
      turns.push(turn);
      return [{ length: all.length, text: all }];
    };
    const { engine, learned } = begin({ filter: { partsOf, allows: () => true } });
    await Promise.all(Array.from({ length: 5 }, (_, i) => engine.update(`file:///${i}.txt`, `${text}${i}`)));
    assert.equal(learned(), 5 * (text.length + 1));
    assert.equal(new Set(turns).size, 5, `${turns}`);
  });

  it("except what its filter does not allow, whether read or typed", async () => {
    const allows = (lines: string): boolean => !lines.includes("private");
    const filter = {
      partsOf: (all: string) =>
        all.split(/^/m).map((line) => ({ length: line.length, text: allows(line) ? line : "" })),
      allows,
    };
    const { engine, learned } = begin({ filter });
    await engine.update(uri, `private x\n${text}`);
    assert.equal(learned(), text.length);
    await engine.update(uri, `private xy\n${text}`);
    assert.equal(learned(), 0);
    await engine.update(uri, `private xy\ns${text}`);
    assert.equal(learned(), 1);
    await engine.update(uri, `private xy\n${"t\n".repeat(300)}s${text}`);
    assert.equal(learned(), 600);
    await engine.update(
      uri,
      `private xy\n${"u\n".repeat(200)}private z\n${"u\n".repeat(100)}${"t\n".repeat(300)}s${text}`,
    );
    assert.equal(learned(), 600);
  });

  it("as its filter reads it, once it is settled, whatever was edited before", async () => {
    // A line with a "?" is refused, and everything from a line that begins with "<" to one that begins with ">".
    const isOpen = (before: string): boolean => /^<(?![\s\S]*^>)/m.test(before);
    const linesOf = (text: string): string[] => text.split(/(?<=\n|\r(?!\n))/);
    const filter: LearningFilter = {
      partsOf: (text) => {
        let before = "";
        return linesOf(text).map((line) => {
          const isRefused = line.includes("?") || line.startsWith("<") || isOpen(before);
          before += line.replace("\r\n", "\n").replace("\r", "\n");
          return { length: line.length, text: isRefused ? "" : line };
        });
      },
      allows: (lines, before) => !/[?]|^</m.test(lines) && !isOpen(before.replace(/\r\n?/g, "\n")),
    };
    const line = fc.constantFrom("a b", "c?", "<", ">", "é", "", "some longer line of text");
    const text = fc
      .array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 6 })
      .map((lines) => lines.flat().join(""));
    const edit = fc.record({
      at: fc.nat(),
      deleted: fc.nat(12),
      inserted: text,
      isAwaited: fc.boolean(),
      isLong: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(text, fc.array(edit, { maxLength: 8 }), async (first, edits) => {
        const mixture = new Mixture({ successors: 16, direct: 12, history: 16 });
        const reader = new TextReader(mixture);
        const engine = new CompletionEngine(model, { mixture, reader, filter });
        let now = first;
        await engine.update(uri, now);
        const updates: Promise<void>[] = [];
        for (const { at, deleted, inserted, isAwaited, isLong } of edits) {
          const start = at % (now.length + 1);
          const long = isLong === 0 ? "long\n".repeat(800) : "";
          now = now.slice(0, start) + inserted + long + now.slice(start + deleted);
          updates.push(engine.update(uri, now));
          if (isAwaited) await updates.at(-1);
        }
        await Promise.all(updates);
        await engine.settle(uri);
        const known = bytesAt(mixture.local.history, reader.piecesOf("/a.txt"));
        const kept = Array.from(filter.partsOf(now), (part) => part.text).join("");
        assert.deepEqual(known, bytesOf(kept), JSON.stringify(now));
        // All that was counted is what is known.
        await reader.forget("/a.txt");
        for (let position = 1; position < mixture.local.history.length; position++)
          assert.equal(mixture.local.history.at(position), 0);
      }),
      { numRuns: 25 },
    );
  });

  it("only where it has changed, with several cursors", async () => {
    const { engine, learned } = begin();
    const former = DocumentText.of(text);
    await engine.update(uri, former);
    learned();
    const [left, right] = [text.slice(0, 100), text.slice(100)];
    const edit: Edit = {
      former,
      from: 0,
      changes: [
        { removed: { from: 0, to: 0 }, added: { from: 0, to: 1 } },
        { removed: { from: 100, to: 100 }, added: { from: 101, to: 102 } },
      ],
    };
    await engine.update(uri, DocumentText.of(`x${left}x${right}`), edit);
    assert.equal(learned(), 2);
  });

  it("where it differs from what was learned, if the edit does not start from that", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, "abc");
    learned();
    const edit: Edit = {
      former: DocumentText.of("abcd"),
      from: 4,
      changes: [{ removed: { from: 4, to: 4 }, added: { from: 4, to: 5 } }],
    };
    await engine.update(uri, "abcde", edit);
    assert.equal(learned(), 2);
  });

  it("in the background if much comes in at once, until learning stops", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, "");
    const long = text.repeat(20);
    const update = engine.update(uri, long);
    assert.equal(learned(), 0);
    await new Promise(setImmediate);
    engine.stopLearning();
    await update;
    assert.ok(learned() < long.length / 2);
  });

  it("to the end of an edit when its file is closed meanwhile, so that what was not saved can be taken back", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, "");
    const long = text.repeat(20);
    void engine.update(uri, long);
    await engine.close(uri);
    assert.ok(learned() >= long.length);
  });

  it("before those that were opened earlier, which go on afterwards", async () => {
    const { engine, learned } = begin();
    const long = text.repeat(20);
    const order: string[] = [];
    const update = async (name: string, content: string): Promise<void> => {
      await engine.update(`file:///${name}.txt`, content);
      order.push(name);
    };
    const updates = [update("a", `${long}a`), update("b", `${long}b`)];
    while (learned() === 0) await new Promise(setImmediate);
    updates.push(update("c", `${text}c`));
    await Promise.all(updates);
    assert.deepEqual(order, ["c", "b", "a"]);
  });

  it("no further once it is closed", async () => {
    const { engine, learned } = begin();
    const long = text.repeat(20);
    const updates = ["a", "b", "c"].map((name) => engine.update(`file:///${name}.txt`, `${long}${name}`));
    let all = 0;
    while (all === 0) {
      await new Promise(setImmediate);
      all += learned();
    }
    await Promise.all(["a", "c"].map((name) => engine.close(`file:///${name}.txt`)));
    all += learned();
    assert.ok(all < long.length / 2);
    await Promise.all(updates);
    all += learned();
    assert.ok(all > long.length && all < 1.5 * long.length);
    await engine.update("file:///b.txt", `${long}bx`);
    assert.equal(learned(), 1);
  });

  it("so that it is known when it is closed, and can be taken back, even if the history has lost it", async () => {
    const { engine, learned, reader } = begin();
    await engine.update(uri, text);
    await engine.update("file:///other.txt", "some seven eight nine\n".repeat(4000));
    assert.equal(reader.holds("/a.txt"), false);
    learned();
    await engine.close(uri);
    assert.equal(reader.holds("/a.txt"), true);
    const again = learned();
    await reader.read(text, { name: "/a.txt" });
    assert.deepEqual([again, learned()], [text.length, 0]);
  });

  it("in whole characters, even if half of one has changed", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, "x\u{1F600}");
    learned();
    await engine.update(uri, "x\u{1F601}");
    assert.equal(learned(), 4);
    await engine.update(uri, "a\nb\nc\n");
    learned();
    await engine.update(uri, "a\r\nb\nc\n");
    assert.equal(learned(), 1);
  });

  it("in the background if much has changed at once, and is known afterwards", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, text);
    learned();
    const lines = text.split("\n");
    const changed = lines.map((line) => `${line};`).join("\n");
    let from = -1;
    const changes = lines.map((line, i) => {
      from += line.length + 2;
      return { removed: { from: from - 1 - i, to: from - 1 - i }, added: { from: from - 1, to: from } };
    });
    const former = DocumentText.of(text);
    await engine.update(uri, former);
    const update = engine.update(uri, DocumentText.of(changed), { former, from: 0, changes });
    assert.ok(learned() < 10);
    await update;
    assert.ok(learned() > lines.length - 10);
    await engine.close(uri);
    learned();
    await engine.update(uri, changed);
    assert.equal(learned(), 0);
  });

  it("but not from a text that only a request has", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, "ab");
    learned();
    for (const selected of ["abcd", "abxy", "abab"]) {
      await engine.suggest({ uri, text: selected, offset: selected.length, ...settings });
    }
    assert.equal(learned(), 0);
    await engine.update(uri, "abxy");
    assert.equal(learned(), 2);
  });

  it("once, whichever model answers and however many documents are open", async () => {
    const { engine, learned } = begin({ documents: 1 });
    await engine.update(uri, text);
    await engine.update("file:///b.txt", `${text}b`);
    learned();
    await engine.use(model);
    await engine.update(uri, `${text}x`);
    assert.equal(learned(), 1);
  });

  it("once, if it is closed and opened again", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, text);
    await engine.update(uri, `${text}x`);
    await engine.close(uri);
    learned();
    await engine.update(uri, `${text}x`);
    assert.equal(learned(), 0);
  });

  it("no more once learning is stopped, and again after its next update", async () => {
    const { engine, learned } = begin();
    await engine.update(uri, text);
    engine.stopLearning();
    await engine.suggest({ uri, text: `${text}x`, offset: 1, ...settings });
    assert.equal(learned(), text.length);
    await engine.update(uri, text);
    assert.equal(learned(), 0);
  });
});
