import assert from "node:assert/strict";
import type { InlineCompletionItem, Range } from "vscode-languageserver/node";
import { loop, modelOfLoop } from "./learned.ts";
import { firstLine, Server } from "./support.ts";

const start = "for (let i = 0; i < ";

/** A range in the fourth line. */
const columns = (from: number, to: number): Range => ({
  start: { line: 3, character: from },
  end: { line: 3, character: to },
});

describe("beside a selected item in the list of suggestions", () => {
  let server: Server;

  afterEach(() => server.dispose());

  /** Types something after the start of the loop, left of `rest`, and requests as an editor with an open list does. */
  const complete = async (
    line: string,
    rest: string,
    range: Range,
    text: string,
  ): Promise<InlineCompletionItem | undefined> => {
    server = await Server.start({ stored: { "model.onnx": await modelOfLoop() } });
    await server.open("a.js", `${loop}${line}${rest}\n`);
    const context = { selectedCompletionInfo: { range, text } };
    // The first answers may be parts, on a busy machine: what is left is decoded between two requests.
    let item: InlineCompletionItem | undefined;
    for (let same = 0; same < (item ? 4 : 12); ) {
      const [next] = await server.complete("a.js", 3, line.length, context);
      same = next?.insertText === item?.insertText ? same + 1 : 0;
      item = next;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return item;
  };

  it("a completion replaces what the item replaces, including the typed prefix, and continues the item", async () => {
    const item = await complete(`${start}it`, "", columns(20, 22), "items");
    assert.equal(firstLine(item), "items.length; i++) {");
    assert.deepEqual(item?.range, columns(20, 22));
  });

  it("a completion begins with the item's own letters, even if the typed ones differ", async () => {
    const item = await complete(`${start}IT`, "", columns(20, 22), "items");
    assert.equal(firstLine(item), "items.length; i++) {");
    assert.deepEqual(item?.range, columns(20, 22));
  });

  it("a completion replaces what the item replaces right of the cursor", async () => {
    const item = await complete(`${start}it`, "ms", columns(20, 24), "items");
    assert.equal(firstLine(item), "items.length; i++) {");
    assert.deepEqual(item?.range, columns(20, 24));
  });

  it("a completion replaces more than the item does if it includes the bracket that follows", async () => {
    const item = await complete(`${start}it`, ")", columns(20, 22), "items");
    assert.equal(firstLine(item), "items.length; i++) {");
    assert.deepEqual(item?.range, columns(20, 23));
  });

  it("a completion may begin before anything is typed", async () => {
    const item = await complete(start, "", columns(20, 20), "items");
    assert.equal(firstLine(item), "items.length; i++) {");
    assert.deepEqual(item?.range, columns(20, 20));
  });

  it("nothing is suggested that would not continue the item", async () => {
    const item = await complete(`${start}it`, "", columns(20, 22), "\u{1F600}§§");
    assert.ok(item === undefined || String(item.insertText).startsWith("\u{1F600}§§"));
    assert.deepEqual(server.errors, []);
  });

  it("a reversed range, or one past the end, causes no error", async () => {
    const item = await complete(`${start}it`, "", columns(22, 20), "items");
    assert.equal(firstLine(item), "items.length; i++) {");
    assert.deepEqual(item?.range, columns(20, 22));
    const range = { start: { line: 90, character: 3 }, end: { line: 99, character: 0 } };
    await server.complete("a.js", 90, 3, { selectedCompletionInfo: { range, text: "items" } });
    assert.deepEqual(server.errors, []);
  });
});
