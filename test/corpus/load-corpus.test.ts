import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { loadCorpus } from "../../src/corpus/load-corpus.ts";
import { counter, type Skipped } from "../../src/corpus/skipped.ts";
import { type TextSource, textOf } from "../../src/corpus/text-source.ts";
import { Folder } from "../support/folder.ts";

/** Texts of which no two are alike, by the names of their files. */
function texts(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `part${i % 4}/file${i}.ts`,
      `export const value${i} = ${i};\n`.repeat(20),
    ]),
  );
}

const namesOf = (sources: readonly TextSource[]): string[] => sources.map(({ name }) => name).sort();

function assertApart(corpus: { train: readonly TextSource[]; heldOut: readonly TextSource[] }, count: number): void {
  const [train, heldOut] = [
    corpus.train.map((source) => textOf(source)),
    corpus.heldOut.map((source) => textOf(source)),
  ];
  assert.deepEqual(
    heldOut.filter((text) => train.includes(text)),
    [],
  );
  assert.ok(heldOut.length > 0);
  assert.equal(new Set([...train, ...heldOut]).size, count);
  assert.equal(train.length + heldOut.length, count, "each text counts once");
}

describe("a corpus of files", () => {
  it("has each file once, on one side, when paths overlap", async () => {
    await using folder = await Folder.with(texts(60));
    await using elsewhere = await Folder.with();
    await symlink(folder.path, elsewhere.join("link"));
    const alone = await loadCorpus({ paths: [folder.path], exclude: [], heldOut: 0.2 });
    assertApart(alone, 60);
    for (const other of [folder.path, folder.join("part1"), folder.join("part2/file2.ts"), elsewhere.join("link")]) {
      const corpus = await loadCorpus({ paths: [folder.path, other], exclude: [], heldOut: 0.2 });
      assert.deepEqual(namesOf(corpus.heldOut), namesOf(alone.heldOut));
      assertApart(corpus, 60);
      assertApart(await loadCorpus({ paths: [other, folder.path], exclude: [], heldOut: 0.2 }), 60);
    }
  });

  it("has copies under other names once, even if their line ends differ", async () => {
    const all = texts(60);
    await using folder = await Folder.with(all);
    for (const [name, text] of Object.entries(all)) {
      await folder.write(`copies/${name}`, text);
      await folder.write(`windows/${name}`, `\uFEFF${text.replaceAll("\n", "\r\n")}`);
    }
    const skipped: Skipped = {};
    const corpus = await loadCorpus({ paths: [folder.path], exclude: [], heldOut: 0.2 }, counter(skipped));
    assertApart(corpus, 60);
    assert.deepEqual(skipped, { duplicate: 120 });
  });

  it("is not trained on text held out by a path, under any name", async () => {
    await using folder = await Folder.with(texts(20));
    await using other = await Folder.with({ "copy.ts": texts(20)["part0/file4.ts"] ?? "" });
    const corpus = await loadCorpus({
      paths: [folder.path, other.path],
      exclude: [],
      heldOut: folder.join("part0"),
    });
    assertApart(corpus, 20);
    assert.deepEqual(namesOf(corpus.heldOut), ["file0.ts", "file12.ts", "file16.ts", "file4.ts", "file8.ts"]);
  });

  it("says what was left out, and why", async () => {
    const files = {
      ...texts(10),
      ".gitignore": "out\n",
      "out/a.ts": "text",
      ".env": "A=1",
      "a.bin": new Uint8Array(500),
    };
    await using folder = await Folder.with(files);
    const skipped: Skipped = {};
    await loadCorpus({ paths: [folder.path], exclude: ["part3/**"], heldOut: 0.2 }, counter(skipped));
    assert.deepEqual(skipped, { ignored: 1, excluded: 1, secret: 1, binary: 1 });
  });
});
