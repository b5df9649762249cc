import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { main } from "./support.ts";

/** A language server over standard input and output, as an editor starts it. */
class Lsp implements Disposable {
  readonly process: ChildProcess;
  #out = "";
  err = "";
  readonly ended: Promise<number | null>;

  constructor() {
    this.process = spawn(process.execPath, [main, "lsp", "--stdio"], { stdio: "pipe" });
    this.process.stdout?.on("data", (data) => (this.#out += data));
    this.process.stderr?.on("data", (data) => (this.err += data));
    this.ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    this.send({ method: "initialized", params: {} });
  }

  write(text: string): void {
    this.process.stdin?.write(text);
  }

  send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  async untilAnswered(id: number): Promise<void> {
    const end = Date.now() + 20_000;
    while (!this.#out.includes(`"id":${id},`)) {
      assert.ok(Date.now() < end && this.process.exitCode === null, `no answer to ${id}; ${this.err}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  [Symbol.dispose](): void {
    this.process.kill("SIGKILL");
  }
}

const document = { uri: "file:///a.js", languageId: "javascript", version: 1 };
/** What no editor should send. */
const wrong: Readonly<Record<string, object>> = {
  "a document without its text": { method: "textDocument/didOpen", params: { textDocument: document } },
  "an opening of nothing": { method: "textDocument/didOpen" },
  "a change without a range": {
    method: "textDocument/didChange",
    params: { textDocument: document, contentChanges: [{ range: 5, text: 7 }] },
  },
  "a request without a position": {
    id: 2,
    method: "textDocument/inlineCompletion",
    params: { textDocument: { uri: document.uri } },
  },
  "a request for nothing": { id: 3, method: "murmur/sameEdits", params: null },
};

describe("murmur lsp", function () {
  this.timeout(60_000);

  it("goes on answering after what no editor should send", async () => {
    using lsp = new Lsp();
    lsp.send({ method: "textDocument/didOpen", params: { textDocument: { ...document, text: "let a;\n" } } });
    let id = 10;
    for (const [name, message] of Object.entries(wrong)) {
      lsp.send(message);
      lsp.send({ id: ++id, method: "murmur/formerModels" });
      await lsp.untilAnswered(id).catch((error) => assert.fail(`${name}: ${error.message}`));
    }
    lsp.write("Content-Length: 5\r\n\r\nxxxxx");
    lsp.send({ id: 99, method: "shutdown" });
    await lsp.untilAnswered(99);
  });

  it("ends, and says why, where the end of a message can't be known", async () => {
    using lsp = new Lsp();
    await lsp.untilAnswered(1);
    lsp.write("Length: 2\r\n\r\n{}");
    assert.equal(await lsp.ended, 1);
    assert.match(lsp.err, /no valid Content-Length.*The server ends/);
  });
});
