import assert from "node:assert/strict";
import fc from "fast-check";
import { cutPieces, type LabelledText, labelledFiles } from "../../../bench/tasks/pieces.ts";
import { Folder } from "../../support/folder.ts";

const labels = ["go", "rust", "css"];
const labelledText = fc.record({
  label: fc.constantFrom(...labels),
  text: fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "\u{1F600}"), minLength: 20, maxLength: 100 }),
});

describe("pieces of texts", () => {
  it("begin at the start of a non-blank line, have the given length, and are equally many for each label", () => {
    let cut = 0;
    fc.assert(
      fc.property(fc.array(labelledText, { minLength: 1 }), fc.integer({ min: 0, max: 1000 }), (texts, seed) => {
        const { pieces, perLabel, leftOut } = cutPieces(texts, 10, 2, seed);
        cut += pieces.length;
        for (const { text, label } of pieces) {
          assert.ok(text.length === 10 || text.length === 9, JSON.stringify(text));
          assert.doesNotMatch(text, /\p{Surrogate}/u);
          assert.notEqual(text.split("\n")[0]?.trim(), "");
          assert.ok(texts.some((whole) => whole.label === label && `\n${whole.text}`.includes(`\n${text}`)));
        }
        for (const label of new Set(texts.map((text) => text.label))) {
          const count = pieces.filter((piece) => piece.label === label).length;
          assert.equal(count, leftOut.has(label) ? 0 : perLabel);
          assert.ok((leftOut.get(label) ?? 0) < perLabel);
        }
      }),
    );
    assert.ok(cut > 50, `${cut} pieces in all`);
  });

  it("are the same for the same seed, and different for another", () => {
    const texts = labels.map((label) => ({
      label,
      text: Array.from({ length: 200 }, (_, i) => `${label} line ${i}\n`).join(""),
    }));
    assert.deepEqual(cutPieces(texts, 50, 20, 1), cutPieces(texts, 50, 20, 1));
    assert.notDeepEqual(cutPieces(texts, 50, 20, 1).pieces, cutPieces(texts, 50, 20, 2).pieces);
  });

  it("never begin at the same place twice, and leave out a label with too few places", () => {
    const texts = [
      { label: "go", text: "one\ntwo\n\nsix\nten\n" },
      { label: "go", text: "no" },
      { label: "css", text: "one\ntwo\n" },
    ];
    const { pieces, leftOut } = cutPieces(texts, 4, 4, 1);
    assert.deepEqual(pieces.map(({ text }) => text).sort(), ["one\n", "six\n", "ten\n", "two\n"]);
    assert.deepEqual([...leftOut], [["css", 2]]);
  });

  it("are drawn from short texts as often as from long ones", () => {
    const texts = [300, 3000].map((lines, i) => ({ label: "go", text: `${"xy"[i]}${"_".repeat(9)}\n`.repeat(lines) }));
    const short = cutPieces(texts, 10, 400, 1).pieces.filter(({ text }) => text.startsWith("x")).length;
    assert.ok(short > 160 && short < 240, `${short}`);
  });
});

describe("the files of a corpus", () => {
  it("have the name of their folder as their label, whatever the package and however deep", async () => {
    await using folder = await Folder.with({
      "rust/crate/src/lib.rs": "fn\r\nmain",
      "go/b/x.go": "b",
      "go/a/y.go": "a",
    });
    const files: LabelledText[] = [];
    for await (const file of labelledFiles(folder.path)) files.push(file);
    assert.deepEqual(files, [
      { text: "a", label: "go" },
      { text: "b", label: "go" },
      { text: "fn\nmain", label: "rust" },
    ]);
  });
});
