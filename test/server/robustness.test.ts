import assert from "node:assert/strict";
import type { InlineCompletionItem, Position } from "vscode-languageserver/node";
import { loop, modelOfLoop } from "./learned.ts";
import { firstLine, Server } from "./support.ts";

const typed = "for (let i = 0; i < it";
const expected = "ems.length; i++) {";

describe("whatever a client sends, the language server", function () {
  this.timeout(60_000);
  let server: Server;

  beforeEach(async () => {
    server = await Server.start({ stored: { "model.onnx": await modelOfLoop() } });
  });

  afterEach(async () => {
    // What went before has done no harm: nothing threw, and the next document is completed.
    await server.open("next.js", loop + typed);
    assert.equal(await server.completeLine("next.js", 3, typed.length), expected);
    assert.deepEqual(server.errors, []);
    await server.dispose();
  });

  it("treats a position past the end of a line or of the document as that end", async () => {
    await server.open("a.js", loop + typed);
    await server.completeFully("a.js", 3, typed.length);
    const end = { line: 3, character: typed.length };
    for (const [line, character] of [
      [3, 1e6],
      [1e6, 0],
      [2 ** 31 - 1, 2 ** 31 - 1],
    ] as const) {
      const [item] = await server.complete("a.js", line, character);
      assert.equal(firstLine(item), expected);
      assert.deepEqual(item?.range, { start: end, end });
    }
  });

  it("treats a negative position as a start", async () => {
    await server.open("a.js", loop + typed);
    for (const [line, character] of [
      [-1, -1],
      [3, -7],
      [-9, 5],
    ] as const) {
      for (const item of await server.complete("a.js", line, character)) assertInside(item, loop + typed);
    }
  });

  it("answers for the current text, or not at all, while a document changes 1,000 times in quick succession", async () => {
    await server.open("a.js", "");
    const text = loop.repeat(15).slice(0, 1000);
    const lines = loop.split("\n");
    const requests: Promise<void>[] = [];
    let [line, character] = [0, 0];
    for (const key of text) {
      const sent = server.type("a.js", line, character, key);
      [line, character] = key === "\n" ? [line + 1, 0] : [line, character + 1];
      const here = { line, character };
      const before = text.split("\n")[line]?.slice(0, character) ?? "";
      const request = server.complete("a.js", line, character).then((items) => {
        for (const item of items) {
          assert.deepEqual(item.range?.start, here);
          assert.ok(
            lines.some((known) => known.startsWith(before + firstLine(item))),
            `${before} + ${item.insertText}`,
          );
        }
      });
      requests.push(sent, request);
    }
    await Promise.all(requests);
    const rest = lines.find((known) => known.startsWith(text.split("\n")[line] ?? ""))?.slice(character);
    assert.ok((rest ?? "").startsWith((await server.completeLine("a.js", line, character)) ?? ""));
  });

  it("answers for the current text after 1,000 changes anywhere, many of them in one message", async () => {
    await server.open("a.js", loop.repeat(30));
    const requests: Promise<unknown>[] = [];
    for (let i = 0; i < 100; i++) {
      const changes = Array.from({ length: 10 }, (_, j) => {
        const line = (i * 37 + j * 11) % 90;
        const from = { line, character: (i + j) % 5 };
        return j % 2 === 0
          ? { range: { start: from, end: from }, text: ["x", "\r\n", "\u{1F600}", "\ud800"][(i + j) % 4] ?? "" }
          : { range: { start: from, end: { line: line + 1, character: 1 } }, text: "" };
      });
      requests.push(server.change("a.js", ...changes), server.complete("a.js", (i * 13) % 90, 10));
      if (i % 3 === 0) requests.push(server.trigger("a.js", (i * 17) % 90, 4));
    }
    await Promise.all(requests);
    await server.change("a.js", { text: loop + typed });
    await server.type("a.js", 3, typed.length, "e");
    assert.equal(await server.completeLine("a.js", 3, typed.length + 1), expected.slice(1));
  });

  it("applies a change with an old version, and ignores a change of a document that isn't open", async () => {
    await server.open("a.js", loop + typed);
    const at = { line: 3, character: typed.length };
    await server.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: server.uri("a.js"), version: -3 },
      contentChanges: [{ range: { start: at, end: at }, text: "e" }],
    });
    await server.change("b.js", { range: { start: at, end: at }, text: "e" });
    assert.equal(await server.completeLine("a.js", 3, typed.length + 1), expected.slice(1));
    assert.deepEqual(await server.complete("b.js", 3, 4), []);
  });

  it("forgets a document that is closed during a request", async () => {
    await server.open("a.js", loop + typed);
    const request = server.complete("a.js", 3, typed.length);
    await server.connection.sendNotification("textDocument/didClose", { textDocument: { uri: server.uri("a.js") } });
    await request;
    assert.deepEqual(await server.complete("a.js", 3, typed.length), []);
  });

  const texts: Record<string, string> = {
    "lone surrogates": `const a = "\ud83d";\nconst b = "\ude00\ud83d\ud83d";\n${loop}${typed}`,
    "U+0000": `\0\0const a = "\0";\n${loop}${typed}`,
    "lines that end in CRLF": `${loop}${typed}`.replaceAll("\n", "\r\n"),
    "lines that end in this and that": `a\rb\r\rc\n\rd\r\n\r\n${loop}${typed}`,
    "text from right to left": `// שלום עולם\nconst مرحبا = "\u202Eسلام\u202C";\n${loop}${typed}`,
    "characters of several units": `// \u{1F468}\u200D\u{1F469}\u200D\u{1F467} é 𝒳𝒴 한글\n${loop}${typed}`,
    nothing: "",
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`completes at every position of a document of ${name}`, async () => {
      await server.open("a.js", text);
      const places = text.split(/\r\n|\r|\n/).flatMap((line, i) => [...line, ""].map((_, j) => [i, j] as const));
      for (const [line, character] of places) {
        for (const item of await server.complete("a.js", line, character)) assertInside(item, text);
        for (const item of await server.trigger("a.js", line, character)) assertInside(item, text);
      }
      const [line, character] = places.at(-1) ?? [0, 0];
      if (text !== "") assert.equal(await server.completeLine("a.js", line, character), expected);
    });
  }

  it("completes in a line of ten megabytes, and applies its changes", async () => {
    const line = "items[i].price; ".repeat(655_360);
    await server.open("a.js", line);
    await server.complete("a.js", 0, line.length);
    for (let i = 0; i < 10; i++) {
      await server.type("a.js", 0, line.length + i, "x");
      await server.complete("a.js", 0, line.length + i + 1);
    }
    await server.erase("a.js", 0, 5_000_000);
    await server.trigger("a.js", 0, 4_999_999);
    await server.type("a.js", 0, line.length + 9, `\n${loop}${typed}`);
    // The line before says so often that a price comes next that either way to go on is right.
    assert.match(
      (await server.completeLine("a.js", 4, typed.length)) ?? "",
      /^ems(\.length; i\+\+\) \{|\[i\]\.price;)/,
    );
  });
});

/** Asserts that an item goes into a place that the text has, and holds whole characters. */
function assertInside({ insertText, range }: InlineCompletionItem, text: string): void {
  const lines = text.split(/\r\n|\r|\n/);
  const isInside = ({ line, character }: Position): boolean =>
    line >= 0 && character >= 0 && character <= (lines[line]?.length ?? -1);
  assert.ok(range && isInside(range.start) && isInside(range.end), JSON.stringify(range));
  assert.doesNotMatch(String(insertText), /\p{Surrogate}/u);
}
