import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
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

  it("is without the text of files whose place something else has taken, and never waits for it", async function () {
    if (process.platform === "win32") this.skip();
    const kept = "export const kept = true;\n";
    const taken = ["fifo.ts", "zero.ts", "link.ts", "folder.ts", "gone.ts", "sub/deep/a.ts"];
    const names = [...taken, "kept.ts", "grown.ts"];
    await using folder = await Folder.with(
      Object.fromEntries(names.map((name) => [name, name === "kept.ts" ? kept : `the text of ${name}\n`])),
    );
    await using outside = await Folder.with({ "private.ts": "a private text\n", "deep/a.ts": "a private text\n" });
    const swaps = `
      mkfifo fifo.ts.new && mv fifo.ts.new fifo.ts && ln -sf /dev/zero zero.ts && ln -sf ${outside.join("private.ts")} link.ts
      rm folder.ts gone.ts && mkdir folder.ts && rm -r sub && ln -s ${outside.path} sub`;
    // A process of its own, because what waits for a FIFO would stop this one too.
    const script = `
      import { execFileSync } from "node:child_process";
      import { truncateSync } from "node:fs";
      const { loadCorpus } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/corpus/load-corpus.ts"))});
      const { train, heldOut } = await loadCorpus({ paths: ["."], exclude: [], heldOut: 0.2 });
      execFileSync("sh", ["-c", ${JSON.stringify(swaps)}]);
      truncateSync("grown.ts", 2 ** 36);
      const texts = {};
      // Of so few files, the last part of each is held out.
      for (const source of [...train, ...heldOut]) texts[source.name] = (texts[source.name] ?? "") + [...source.pieces(1 << 16)].join("");
      console.log(JSON.stringify(texts));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder.path,
      timeout: 20_000,
      maxBuffer: 1 << 26,
    });
    const { "grown.ts": grown = "", ...texts } = JSON.parse(stdout) as Record<string, string>;
    assert.deepEqual(texts, { ...Object.fromEntries(taken.map((name) => [name, ""])), "kept.ts": kept });
    assert.ok(grown.length <= 1 << 20, "not more than of a file that would be chosen");
  });

  it("has a file that the user names by a link, as what the link's name says it is", async () => {
    const notebook = { cells: [{ cell_type: "code", source: "a = 1" }] };
    await using folder = await Folder.with({ "target/0123": JSON.stringify(notebook), "target/a.txt": "some text\n" });
    await symlink(folder.join("target/0123"), folder.join("a.ipynb"));
    await symlink(folder.join("target/a.txt"), folder.join("b.txt"));
    const paths = [folder.join("a.ipynb"), folder.join("b.txt")];
    const { train, heldOut } = await loadCorpus({ paths, exclude: [], heldOut: 0 });
    assert.deepEqual(
      [...train, ...heldOut].map((source) => [source.name, textOf(source)]),
      [
        ["a.ipynb", "a = 1\n"],
        ["b.txt", "some text\n"],
      ],
    );
  });
});
