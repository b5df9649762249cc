import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocuments,
} from "vscode-languageserver/node";
import { Notebooks } from "../../src/server/documents/notebooks.ts";
import { TrackedDocument } from "../../src/server/documents/tracked-document.ts";
import { Server } from "./support.ts";

const notebook = "file:///code/n.ipynb";
const cell = (name: string): string => `vscode-notebook-cell:/code/n.ipynb#${name}`;
const item = (name: string, text: string, languageId = "python") => ({ uri: cell(name), languageId, version: 1, text });
const code = (name: string) => ({ kind: 2, document: cell(name) });

describe("The text before a cell of a notebook", () => {
  let client: ProtocolConnection;
  let notebooks: Notebooks;
  let documents: TextDocuments<TrackedDocument>;
  const saved: string[] = [];

  beforeEach(() => {
    saved.length = 0;
    const [up, down] = [new PassThrough(), new PassThrough()];
    const connection = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    documents = new TextDocuments({
      create: (uri, languageId, version, text) => new TrackedDocument(uri, languageId, version, text),
      update: (document: TrackedDocument, changes, version) => {
        document.update(changes, version);
        return document;
      },
    });
    notebooks = new Notebooks(documents);
    documents.listen(connection);
    notebooks.listen(connection, (cells) => saved.push(...cells.map(({ uri }) => uri)));
    connection.onRequest("before", (uri: string) => notebooks.before(documents.get(uri)!));
    connection.listen();
    client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    client.listen();
  });
  afterEach(() => client.dispose());

  const above = (name: string): Promise<string> => client.sendRequest("before", cell(name));
  const open = (...names: readonly [string, string, string?][]): Promise<void> =>
    client.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: notebook,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: names.map(([n]) => code(n)),
      },
      cellTextDocuments: names.map(([name, text, language]) => item(name, text, language)),
    });

  it("is the code of the cells before it, in the notebook's order", async () => {
    await open(["b", "second = 2"], ["a", "first = 1\n"], ["c", ""]);
    assert.equal(await above("b"), "");
    assert.equal(await above("a"), "second = 2\n");
    assert.equal(await above("c"), "second = 2\nfirst = 1\n");
  });

  it("follows edits of those cells, and cells that are added, removed or moved", async () => {
    await open(["a", "a = 1"], ["b", "b = 2"], ["c", "c"]);
    const change = (cells: object): Promise<void> =>
      client.sendNotification("notebookDocument/didChange", {
        notebookDocument: { uri: notebook, version: 2 },
        change: { cells },
      });
    const range = { start: { line: 0, character: 4 }, end: { line: 0, character: 5 } };
    await change({ textContent: [{ document: { uri: cell("a"), version: 2 }, changes: [{ range, text: "10" }] }] });
    assert.equal(await above("c"), "a = 10\nb = 2\n");
    await change({
      structure: { array: { start: 0, deleteCount: 1, cells: [] }, didClose: [{ uri: cell("a") }] },
    });
    assert.equal(await above("c"), "b = 2\n");
    await change({
      structure: { array: { start: 0, deleteCount: 0, cells: [code("d")] }, didOpen: [item("d", "d = 4")] },
    });
    assert.equal(await above("c"), "d = 4\nb = 2\n");
  });

  it("follows a cell that is moved, without its being closed", async () => {
    await open(["a", "a = 1"], ["b", "b = 2"], ["c", "c"]);
    const move = { start: 0, deleteCount: 2, cells: [code("b"), code("a")] };
    await client.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: notebook, version: 2 },
      change: { cells: { structure: { array: move } } },
    });
    assert.equal(await above("c"), "b = 2\na = 1\n");
    assert.equal(await above("b"), "");
  });

  it("is the prose of the cells before it for a cell of prose", async () => {
    await open(["a", "# Title", "markdown"], ["b", "x = 1"], ["c", "Then", "markdown"], ["d", "", "markdown"]);
    assert.equal(await above("d"), "# Title\nThen\n");
  });

  it("is settled when the notebook is saved", async () => {
    await open(["a", "a = 1"], ["b", "b = 2"]);
    await client.sendNotification("notebookDocument/didSave", { notebookDocument: { uri: notebook } });
    assert.equal(await above("b"), "a = 1\n");
    assert.deepEqual(saved, [cell("a"), cell("b")]);
  });

  it("leaves out text and code of another language", async () => {
    await open(["a", "# Title", "markdown"], ["b", "select 1", "sql"], ["c", "x = 1"], ["d", ""]);
    assert.equal(await above("d"), "x = 1\n");
  });

  it("is at most about a thousand characters, in whole lines, from the nearest cells", async () => {
    await open(["a", "a = 1\n".repeat(1000)], ["b", "b = 2\r\n".repeat(100)], ["c", ""]);
    const text = await above("c");
    assert.match(text, /^(?:a = 1\n)+(?:b = 2\r\n){100}$/);
    assert.ok(text.length > 1000 && text.length <= 1024);
  });

  it("is the code of the cells opened earlier, if the client does not support notebooks", async () => {
    for (const [name, text] of [
      ["b", "b = 2"],
      ["a", "a = 1"],
    ] as const) {
      await client.sendNotification("textDocument/didOpen", { textDocument: item(name, text) });
    }
    await client.sendNotification("textDocument/didOpen", {
      textDocument: { ...item("x", "other = 1"), uri: "vscode-notebook-cell:/code/other.ipynb#x" },
    });
    await client.sendNotification("textDocument/didOpen", { textDocument: item("c", "") });
    assert.equal(await above("c"), "b = 2\na = 1\n");
  });

  it("is empty for a file", async () => {
    await open(["a", "a = 1"]);
    const uri = "file:///code/a.py";
    await client.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version: 1, text: "" },
    });
    assert.equal(await client.sendRequest("before", uri), "");
  });
});

describe("A cell of a notebook", () => {
  let server: Server;
  afterEach(() => server.dispose());

  it("is learned, and completed with names from the cell before it", async () => {
    server = await Server.start();
    const [file, first, second] = ["", "#one", "#two"].map((fragment) => {
      const uri = server.uri("new.ipynb");
      return fragment === "" ? uri : `${uri.replace("file://", "vscode-notebook-cell:")}${fragment}`;
    });
    const text =
      "interpolated_velocity = compute_profile(raw_soundings)\ninterpolated_velocity.smooth(raw_soundings)\n";
    await server.connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: file,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: [first, second].map((document) => ({ kind: 2, document })),
      },
      cellTextDocuments: [
        { uri: first, languageId: "python", version: 1, text },
        { uri: second, languageId: "python", version: 1, text: "print(interp" },
      ],
    });
    await server.until(
      () => server.log.some((line) => line.startsWith(`knows ${first}`)),
      "the first cell to be learned",
    );
    const items: { insertText: string }[] = await server.connection.sendRequest("textDocument/inlineCompletion", {
      textDocument: { uri: second },
      position: { line: 0, character: 12 },
      context: { triggerKind: 1 },
    });
    assert.match(items[0]?.insertText ?? "", /^olated_/);
    assert.deepEqual(server.errors, []);
  });
});

describe("A suggestion over the end of a line", () => {
  let server: Server;
  afterEach(() => server.dispose());

  const blocks = Array.from(
    { length: 8 },
    (_, i) =>
      `measurements = load_table("station${i}")\nfiltered = measurements.dropna()\nplot_histogram(filtered, bins=${i})\n`,
  );
  const typed = 'measurements = load_table("station3")\nfilt';

  async function start(name: string, text: string): Promise<void> {
    server = await Server.start({ files: { [name]: text } });
    await server.until(() => server.log.some((line) => /^read 1 file/.test(line)), "the workspace to be read");
  }

  async function suggestedIn(uri: string, languageId: string): Promise<string> {
    const { connection } = server;
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text: typed },
    });
    // On a busy machine the first answer may be a part; the server goes on with it.
    let longest = "";
    for (let i = 0; i < 5; i++) {
      const items: { insertText: string }[] = await connection.sendRequest("textDocument/inlineCompletion", {
        textDocument: { uri },
        position: { line: 1, character: 4 },
        context: { triggerKind: 1 },
      });
      const text = items[0]?.insertText ?? "";
      if (text.length > longest.length) longest = text;
    }
    return longest;
  }

  const cellOf = (name: string): string => server.uri(name).replace("file://", "vscode-notebook-cell:");

  for (const [name, language] of [
    ["a.py", undefined],
    ["a.ipynb", undefined],
    ["a.ipynb", "python"],
  ] as const) {
    const of = language ? "a notebook with a Python kernel" : name.endsWith("py") ? name : `${name} without a kernel`;
    it(`comes from ${of} to files and cells in Python, and to no others`, async () => {
      const kernelspec = language && { language };
      const source = blocks.map((block) => ({ cell_type: "code", source: block }));
      await start(
        name,
        name === "a.py" ? blocks.join("\n") : JSON.stringify({ cells: source, metadata: { kernelspec } }),
      );
      const goesOn = /^ered = measurements\.dropna\(\)\nplot_/;
      assert.match(await suggestedIn(server.uri("b.py"), "python"), goesOn);
      assert.match(await suggestedIn(cellOf("b.ipynb#W1"), "python"), goesOn);
      assert.match(await suggestedIn("untitled:Untitled-1", "python"), goesOn);
      for (const uri of [cellOf("c.ipynb#W1"), server.uri("c"), "untitled:Untitled-2"]) {
        assert.doesNotMatch(await suggestedIn(uri, "r"), /\n/, uri);
      }
    });
  }

  it("comes from a notebook with an R kernel to cells in R, and not to those in Python", async () => {
    const source = blocks.map((block) => ({ cell_type: "code", source: block }));
    await start("a.ipynb", JSON.stringify({ cells: source, metadata: { kernelspec: { language: "R" } } }));
    assert.match(await suggestedIn(cellOf("b.ipynb#W1"), "r"), /\nplot_/);
    assert.doesNotMatch(await suggestedIn(cellOf("c.ipynb#W1"), "python"), /\n/);
  });
});
