import assert from "node:assert/strict";
import { chooseFiles, readTextFile } from "../../src/corpus/files.ts";
import { isNotebook, notebookContent } from "../../src/corpus/notebook.ts";
import { counter, type Skipped } from "../../src/corpus/skipped.ts";
import { fileSource, textOf } from "../../src/corpus/text-source.ts";
import { Folder } from "../support/folder.ts";

const picture = { data: { "image/png": "iVBORw0KGgo".repeat(20_000) }, output_type: "display_data", metadata: {} };

function notebook(cells: readonly object[]): string {
  return JSON.stringify(
    { cells, metadata: { language_info: { name: "python" } }, nbformat: 4, nbformat_minor: 5 },
    null,
    1,
  );
}

function codeCell(...source: string[]): object {
  return { cell_type: "code", execution_count: 1, metadata: {}, outputs: [picture], source };
}

const cells = [
  { cell_type: "markdown", metadata: {}, source: ["# Measurements\n", "of a year"] },
  codeCell("import pandas as pd\n", "\n", "frame = pd.read_csv('a.csv')"),
  { cell_type: "raw", metadata: {}, source: "\\LaTeX" },
  codeCell(),
  { ...codeCell(), source: "frame.plot(x='größe')\n\n" },
];
const text =
  "# Measurements\nof a year\n\nimport pandas as pd\n\nframe = pd.read_csv('a.csv')\n\nframe.plot(x='größe')\n";

describe("a notebook", () => {
  it("is read as its code and markdown, cell by cell, without output", () => {
    assert.equal(notebookContent(notebook(cells))?.text, text);
    assert.equal(notebookContent(notebook([]))?.text, "");
  });

  it("is also read in the format from before 2015", () => {
    const worksheets = [
      { cells: [{ cell_type: "code", input: ["a = 1\n"], language: "python", outputs: [picture] }] },
      { cells: [{ cell_type: "markdown", source: "Text" }] },
    ];
    assert.equal(notebookContent(JSON.stringify({ worksheets, nbformat: 3 }))?.text, "a = 1\n\nText\n");
  });

  it("has the language of its kernel, if it names one", () => {
    const languageOf = (metadata: unknown) => notebookContent(JSON.stringify({ cells: [], metadata }))?.languageId;
    assert.equal(languageOf({ kernelspec: { language: "R", name: "ir" }, language_info: { name: "python" } }), "R");
    assert.equal(languageOf({ kernelspec: { name: "julia-1.10" }, language_info: { name: "julia" } }), "julia");
    for (const none of [undefined, {}, 1, { kernelspec: 1, language_info: { name: 2 } }]) {
      assert.equal(languageOf(none), undefined);
    }
  });

  it("is rejected if its JSON is broken or something else", () => {
    for (const json of [
      "",
      "{",
      "[]",
      "null",
      '{"cells": 1}',
      '{"cells": [{"source": "a"}]}',
      notebook(cells).slice(0, -9),
    ]) {
      assert.equal(notebookContent(json), undefined, json.slice(0, 30));
    }
  });

  it("is recognised by the extension of its name", () => {
    assert.deepEqual(["a.ipynb", "A.IPYNB", "ipynb.py", "a.ipynb.json"].map(isNotebook), [true, true, false, false]);
  });

  it("is read and trained on as text, however large its outputs, and left out and counted if it is broken", async () => {
    const large = notebook([codeCell("a = 1\n"), ...Array.from({ length: 8 }, () => codeCell("b = 2\n"))]);
    assert.ok(large.length > 1 << 20);
    await using folder = await Folder.with({
      "broken.ipynb": notebook(cells).slice(0, -9),
      "empty.ipynb": notebook([{ ...codeCell(), source: [] }]),
      "large.ipynb": large,
      "marked.ipynb": `\uFEFF${notebook(cells)}`,
      "small.ipynb": notebook(cells),
    });
    const { files, skipped } = await chooseFiles([folder.path], { exclude: [] });
    const largeText = `a = 1\n${"\nb = 2\n".repeat(8)}`;
    assert.deepEqual(
      (await Promise.all(files.map(fileSource))).map((source) => [source.name, textOf(source)]),
      [
        ["large.ipynb", largeText],
        ["marked.ipynb", text],
        ["small.ipynb", text],
      ],
    );
    assert.deepEqual(skipped, { "broken notebook": 1, empty: 1 });
    const reasons: Skipped = {};
    const read = (name: string) => readTextFile(folder.join(name), counter(reasons));
    assert.deepEqual(await read("small.ipynb"), { text, languageId: "python" });
    assert.equal((await read("large.ipynb"))?.text, largeText);
    assert.equal(await read("broken.ipynb"), undefined);
    assert.deepEqual(reasons, { "broken notebook": 1 });
  });
});
