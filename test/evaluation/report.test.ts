import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { byColumn, byLength, isTyped, worstMisses } from "../../src/evaluation/breakdowns.ts";
import type { MeasuredFile } from "../../src/evaluation/measure.ts";
import { type ReportContent, reportPage } from "../../src/evaluation/report/report.ts";
import { simulate } from "../../src/evaluation/simulate.ts";

const engine: ReportContent["engine"] = {
  modelPath: "/models/tiny.onnx",
  given: [{ name: "given.ts", text: "x".repeat(1234) }],
  sources: ["rnn", "local"],
};

/** A file typed with suggestions at some offsets. All its characters cost the same number of bits. */
async function typed(name: string, text: string, script: Readonly<Record<number, [string, number]>>) {
  const simulation = await simulate(text, (before) => {
    const [suggested, probability] = script[before.length] ?? [];
    return suggested === undefined ? undefined : { text: suggested, probability };
  });
  return { ...measured(name, text), simulation };
}

function measured(name: string, text: string, [all, rnn, local] = [1.5, 4, 2]): MeasuredFile {
  const constant = (bits = 0): Float32Array => new Float32Array(text.length).fill(bits);
  const bits = (all ?? 0) * text.length;
  const characters = { bits: constant(all), bySource: { rnn: constant(rnn), local: constant(local) } };
  return { name, text, bits: { chars: text.length, bits, bySource: { rnn: bits, local: bits }, characters } };
}

function page(content: Partial<ReportContent> & Pick<ReportContent, "files">): Document {
  return parseHTML(reportPage({ engine, ...content })).document;
}

function texts(document: Document, selector: string): string[] {
  return Array.from(document.querySelectorAll(selector), (element) => element.textContent ?? "");
}

describe("the report", () => {
  it("is one page that requests nothing from the network", async () => {
    const markup = reportPage({ engine, files: [await typed("a.js", "let a = 1;\n", { 4: ["a = ", 0.9] })] });
    assert.doesNotMatch(markup, /<script|<link|<img|\bsrc=|\bhref=|@import|url\(/);
  });

  it("shows text that looks like markup as text", async () => {
    const name = "<b>.html";
    const text = `</pre><script>alert("&amp;")</script>\n`;
    const document = page({ files: [await typed(name, text, { 2: [`<i title='x'>`, 0.9] })] });
    assert.equal(document.querySelector("script"), null);
    assert.ok(texts(document, ".file > summary span").includes(name));
    assert.deepEqual(texts(document, ".line"), [text.replace("\n", "↵")]);
    assert.match(texts(document, ".misses .suggested")[0] ?? "", /<i title='x'>/);
  });

  it("shows every character of a file, line by line, with the shade of its bits and the better source", () => {
    const text = "first 😀\n\n\tthird";
    const document = page({ files: [measured("a.ts", text)] });
    assert.deepEqual(texts(document, ".line"), ["first 😀↵", "↵", "\tthird"]);
    assert.deepEqual(new Set(texts(document, ".line .s2.l")), new Set(["first 😀", "↵", "\tthird"]));
  });

  it("marks no source as better if both are about equally good, or if there is only one", () => {
    const close = measured("a.ts", "text", [1, 2, 2.5]);
    assert.equal(page({ files: [close] }).querySelector(".line .r, .line .l"), null);
    const alone = {
      ...close,
      bits: {
        ...close.bits!,
        bySource: { rnn: 4 },
        characters: { bits: new Float32Array(4), bySource: { rnn: new Float32Array(4) } },
      },
    };
    assert.equal(page({ files: [alone] }).querySelector(".r, .l"), null);
  });

  it("marks what was accepted", async () => {
    const document = page({ files: [await typed("a.js", "const total = 0;", { 1: ["onst ", 0.9], 8: ["zz", 0.5] })] });
    assert.deepEqual(texts(document, ".line .a"), ["onst "]);
  });

  it("gives the figures, and four charts with a description and a table each", async () => {
    const files = [await typed("a.js", "let a = 1;\n", { 4: ["a = ", 0.9] }), await typed("b.py", "def f():\n", {})];
    const document = page({ files, typing: { every: 1, maxCharacters: 80, eagerness: "quiet" } });
    assert.deepEqual(texts(document, ".figures .value").slice(0, 4), ["10.0 %", "20.0 %", "15.0 %", "0.00"]);
    const charts = [...document.querySelectorAll("figure")];
    assert.equal(charts.length, 4);
    for (const chart of charts) {
      assert.ok(chart.querySelector("svg[role=img]")?.getAttribute("aria-label"));
      assert.ok(chart.querySelector("details table tbody tr"));
    }
    assert.match(
      texts(document, ".lead")[0] ?? "",
      /2 files, 20 characters; .*1 file, 1,234 characters, read before; quiet/,
    );
  });

  it("is about bits if nothing was typed", () => {
    const document = page({ files: [measured("a.ts", "text"), measured("b.css", "more text")] });
    assert.equal(document.querySelector("h1")?.textContent, "Bits per character");
    assert.deepEqual(texts(document, ".figures .value"), ["1.500", "1.500", "1.500"]);
    assert.equal(document.querySelector("fieldset, .misses"), null);
  });

  it("shows no more of long files than a browser can show, and says so", () => {
    const document = page({ files: Array.from({ length: 12 }, (_, i) => measured(`${i}.ts`, "x".repeat(30_000))) });
    const shown = texts(document, ".line").reduce((sum, line) => sum + line.length, 0);
    assert.ok(shown <= 150_000);
    assert.ok(texts(document, ".note").some((note) => /4 more files/.test(note)));
  });

  it("can be made from an empty file, and from suggestions without a probability", async () => {
    const simulation = await simulate("abc", () => ({ text: "xy" }));
    assert.match(reportPage({ engine, files: [{ name: "a", text: "abc", simulation }, measured("e.ts", "")] }), /a/);
  });
});

describe("breakdowns of simulated typing", () => {
  it("give the accepted share by place in the line", async () => {
    const file = await typed("a.js", `${"a".repeat(16)}\n${"b".repeat(8)}`, { 8: ["aaaa", 0.9] });
    assert.deepEqual(byColumn([file]), [
      { from: 0, to: 8, chars: 16, acceptedShare: 0 },
      { from: 8, to: 16, chars: 8, acceptedShare: 0.5 },
      { from: 16, to: 24, chars: 1, acceptedShare: 0 },
    ]);
  });

  it("count right and wrong suggestions by length", async () => {
    const file = await typed("a.js", "abcdefghijkl", { 0: ["abcd", 0.9], 4: ["efx", 0.5], 8: ["ij", 0.5] });
    assert.ok(isTyped(file));
    assert.deepEqual(byLength(file.simulation.events), [
      { lengths: "2", right: 1, wrong: 0, acceptedChars: 2 },
      { lengths: "3–4", right: 1, wrong: 1, acceptedChars: 4 },
    ]);
  });

  it("name the surest wrong suggestions first, with what was typed", async () => {
    const file = await typed("a.js", "let a;\nlet bcd = 1;\nend", {
      1: ["xx", 0.6],
      12: ["car", 0.9],
      21: ["nd", 0.99],
    });
    const [worst, second] = worstMisses([file], 5);
    assert.deepEqual(worst, {
      file: "a.js",
      line: 2,
      column: 6,
      probability: 0.9,
      lineAbove: "let a;",
      before: "let b",
      suggested: "car",
      typed: "cd = 1;",
      agreed: 1,
    });
    assert.equal(second?.probability, 0.6);
  });
});
