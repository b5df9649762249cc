import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { main } from "./support.ts";

/** The programs that serve an editor over standard input and output, with their arguments. */
const programs: Readonly<Record<string, readonly string[]>> = {
  "murmur lsp": [main, "lsp", "--stdio"],
  "the server by itself": [join(import.meta.dirname, "../../src/server/main.ts"), "--stdio"],
};

/** A language server over standard input and output, as an editor starts it. */
class Lsp implements Disposable {
  readonly process: ChildProcess;
  out = "";
  err = "";
  readonly ended: Promise<number | null>;

  constructor(program: readonly string[]) {
    this.process = spawn(process.execPath, program, { stdio: "pipe" });
    this.process.stdout?.on("data", (data) => (this.out += data));
    this.process.stderr?.on("data", (data) => (this.err += data));
    this.ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities } });
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
    while (!this.out.includes(`"id":${id},`)) {
      assert.ok(Date.now() < end && this.process.exitCode === null, `no answer to ${id}; ${this.err}`);
      await setTimeout(20);
    }
  }

  [Symbol.dispose](): void {
    this.process.kill("SIGKILL");
  }
}

const capabilities = { workspace: { workspaceFolders: true } };
const document = { uri: "file:///a.js", languageId: "javascript", version: 1 };
const { uri: _, ...withoutUri } = document;
/** What no editor should send. */
const wrong: Readonly<Record<string, object>> = {
  "a document without its text": { method: "textDocument/didOpen", params: { textDocument: document } },
  "a document without its URI": {
    method: "textDocument/didOpen",
    params: { textDocument: { ...withoutUri, text: "let b;\n" } },
  },
  "a document whose URI is a number": {
    method: "textDocument/didOpen",
    params: { textDocument: { ...document, uri: 5, text: "let b;\n" } },
  },
  "a document whose text is a list": {
    method: "textDocument/didOpen",
    params: { textDocument: { ...document, text: ["let b;"] } },
  },
  "an opening of nothing": { method: "textDocument/didOpen" },
  "a notebook whose cell has no URI": {
    method: "notebookDocument/didOpen",
    params: {
      notebookDocument: { uri: "file:///a.ipynb", cells: [{}] },
      cellTextDocuments: [{ ...withoutUri, text: "let b;\n" }],
    },
  },
  "a change without a range": {
    method: "textDocument/didChange",
    params: { textDocument: document, contentChanges: [{ range: 5, text: 7 }] },
  },
  "a change of the folders without an event": { method: "workspace/didChangeWorkspaceFolders", params: {} },
  "a change of the folders without lists": { method: "workspace/didChangeWorkspaceFolders", params: { event: {} } },
  "a request without a position": {
    id: 2,
    method: "textDocument/inlineCompletion",
    params: { textDocument: { uri: document.uri } },
  },
  "a request for nothing": { id: 3, method: "murmur/sameEdits", params: null },
};

const field = "Content-Length: 2\r\n";
/** What leaves open where the next message begins, with what is said of it. */
const endless: Readonly<Record<string, readonly [input: string, said: RegExp]>> = {
  "a header without a length": ["Length: 2\r\n\r\n{}", /no valid Content-Length/],
  "a length that is no number": ["Content-Length: two\r\n\r\n{}", /no valid Content-Length/],
  "a negative length": ["Content-Length: -2\r\n\r\n{}", /no valid Content-Length/],
  "two lengths": [`${field}Content-Length: 3\r\n\r\n{}`, /no valid Content-Length/],
  "a length that no message has": ["Content-Length: 999999999\r\n\r\n{}", /a Content-Length of 999999999/],
  "a line of a header without a colon": [`${field}Content-Type\r\n\r\n{}`, /a wrong line: "Content-Type"/],
  "a header without an end": ["Content-Type: ".padEnd(5000, "x"), /longer than 4096 bytes/],
};

for (const [name, program] of Object.entries(programs)) {
  describe(name, function () {
    this.timeout(60_000);

    it("goes on answering after what no editor should send", async () => {
      using lsp = new Lsp(program);
      lsp.send({ method: "textDocument/didOpen", params: { textDocument: { ...document, text: "let a;\n" } } });
      let id = 10;
      for (const [name, message] of Object.entries(wrong)) {
        lsp.send(message);
        lsp.send({ id: ++id, method: "murmur/formerModels" });
        await lsp.untilAnswered(id).catch((error) => assert.fail(`${name}: ${error.message}`));
      }
      // Whether a document is learned is decided a little later.
      await setTimeout(200);
      lsp.write("Content-Length: 5\r\n\r\nxxxxx");
      lsp.send({ id: 99, method: "shutdown" });
      await lsp.untilAnswered(99);
      assert.equal(lsp.err, "");
    });

    for (const [what, [input, said]] of Object.entries(endless)) {
      it(`ends, and says why, after ${what}`, async () => {
        using lsp = new Lsp(program);
        await lsp.untilAnswered(1);
        lsp.write(input);
        assert.equal(await Promise.race([lsp.ended, setTimeout(5_000, "it goes on", { ref: false })]), 1);
        assert.match(lsp.err, said);
        assert.match(lsp.err, /The server ends\./);
      });
    }
  });
}
