import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { LanguageModel } from "../../src/model/language-model.ts";
import { tinyModelFile } from "../support/models.ts";
import { loop, modelOfLoop } from "./learned.ts";
import { firstLine, Server } from "./support.ts";

describe("the language server", () => {
  let learned: Uint8Array;
  let server: Server;
  before(async function () {
    this.timeout(60_000);
    learned = await modelOfLoop();
  });
  afterEach(() => server.dispose());

  it("says that it is ready, and with which model", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    assert.equal(server.status.state, "ready");
    assert.match(JSON.stringify(server.status), /Model of this workspace/);
  });

  it("suggests the rest of a line that its model knows", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    await server.open("a.js", `${loop}for (let i = 0; i < it`);
    await server.completeFully("a.js", 3, 22);
    const [item] = await server.complete("a.js", 3, 22);
    assert.equal(firstLine(item), "ems.length; i++) {");
    assert.deepEqual(item?.range, { start: { line: 3, character: 22 }, end: { line: 3, character: 22 } });
  });

  it("keeps a suggestion while the user types through it", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    await server.open("a.js", `${loop}for (let i = 0; i < `);
    const before = String(await server.completeFully("a.js", 3, 20));
    for (const [i, character] of [..."items"].entries()) {
      await server.type("a.js", 3, 20 + i, character);
      const [item] = await server.complete("a.js", 3, 21 + i);
      assert.equal(item?.insertText, before.slice(i + 1));
    }
  });

  it("never repeats the text right of the cursor", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    await server.open("a.js", `${loop}for (let i = 0; i < it)`);
    await server.completeFully("a.js", 3, 22);
    const [item] = await server.complete("a.js", 3, 22);
    assert.equal(firstLine(item), "ems.length; i++) {");
    assert.deepEqual(item?.range?.end, { line: 3, character: 23 }, "the bracket is replaced, not doubled");
  });

  it("suggests nothing where the model is unsure, and says why in the log", async () => {
    server = await Server.start({ stored: { "model.onnx": tinyModelFile().bytes } });
    await server.open("a.js", "const x = ");
    // The first answer may have run out of time.
    assert.equal(await server.completeFully("a.js", 0, 10), undefined);
    await server.until(
      () => server.log.some((line) => /nothing at 1:11: no continuation is likely enough/.test(line)),
      "a line in the log",
    );
  });

  it("ends a request that is cancelled, and answers the next", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    await server.open("a.js", `${loop}for (let i = 0; i < it`);
    const source = new CancellationTokenSource();
    const request = server.connection.sendRequest(
      "textDocument/inlineCompletion",
      { textDocument: { uri: server.uri("a.js") }, position: { line: 3, character: 22 }, context: { triggerKind: 2 } },
      source.token,
    );
    source.cancel();
    await request.catch(() => undefined);
    assert.equal(await server.completeLine("a.js", 3, 22), "ems.length; i++) {");
  });

  it("applies a new setting at the next keystroke", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    await server.open("a.js", `${loop}for (let i = 0; i < it`);
    await server.configure({ maxCharacters: 9 });
    await server.type("a.js", 3, 22, "e");
    assert.equal(await server.completeLine("a.js", 3, 23), "ms.length");
    await server.configure({ enabled: false });
    assert.deepEqual(await server.complete("a.js", 3, 23), []);
  });

  it("accepts the three values of eagerness, and reports any other", async () => {
    server = await Server.start({ stored: { "model.onnx": learned } });
    for (const eagerness of ["quiet", "balanced", "eager"]) await server.configure({ eagerness });
    assert.deepEqual(server.messages, []);
    await server.configure({ eagerness: "loud" });
    await server.until(() => server.messages.length > 0, "a message");
    assert.match(server.messages[0]!, /murmur\.eagerness must be one of .* \(it is "loud"\)/);
  });

  it("reports a setting that is out of range, and uses the default instead", async () => {
    server = await Server.start({ stored: { "model.onnx": learned }, settings: { temperature: 3, maxCharacters: 10 } });
    await server.until(() => server.messages.length > 0, "a message");
    assert.match(server.messages[0]!, /murmur\.temperature must be a number from 0 to 2 \(it is 3\)/);
    await server.open("a.js", `${loop}for (let i = 0; i < it`);
    assert.equal(await server.completeLine("a.js", 3, 22), "ems.length", "the other settings count");
  });
});

describe("a workspace's model that can't be used", () => {
  const good = tinyModelFile();
  const text = Buffer.from(good.bytes).toString("latin1").replace('"formatVersion":1', '"formatVersion":9');
  const cases: Record<string, { bytes: Uint8Array; message: RegExp }> = {
    "is cut": { bytes: good.bytes.subarray(0, 5000), message: /model\.onnx is not an ONNX file, or is incomplete/ },
    "is of another format version": {
      bytes: Buffer.from(text, "latin1"),
      message: /format version 9; this Murmur reads version 1/,
    },
    "is no ONNX at all": {
      bytes: Buffer.from("hello, world\n".repeat(50)),
      message: /model\.onnx is not an ONNX file, or is incomplete/,
    },
  };
  for (const [name, { bytes, message }] of Object.entries(cases)) {
    it(`that ${name} is reported in a message, and stays on disk`, async () => {
      await assert.rejects(LanguageModel.load(bytes));
      const server = await Server.start({ stored: { "model.onnx": bytes } });
      try {
        await server.until(() => server.messages.length > 0, "a message");
        assert.match(server.messages[0]!, message);
        assert.deepEqual(
          new Uint8Array(await readFile(join(server.folder, "storage/model.onnx"))),
          new Uint8Array(bytes),
        );
      } finally {
        await server.dispose();
      }
    });
  }
});
