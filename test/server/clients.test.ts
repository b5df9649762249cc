import assert from "node:assert/strict";
import { join } from "node:path";
import { ErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { TrainResult } from "../../src/server/training-protocol.ts";
import { loop, modelOfLoop } from "./learned.ts";
import { firstLine, Server, type ServerOptions } from "./support.ts";

const text = `${loop}for (let i = 0; i < it`;
const asked = { capabilities: { workspace: { configuration: true } } };

describe("a client with few capabilities", () => {
  let learned: Uint8Array;
  let server: Server;
  before(async function () {
    this.timeout(60_000);
    learned = await modelOfLoop();
  });
  afterEach(() => server.dispose());

  const start = async (options: ServerOptions): Promise<void> => {
    server = await Server.start({ stored: { "model.onnx": learned }, ...options });
  };
  const complete = async (): Promise<string | undefined> => {
    await server.open("a.js", text);
    return await server.completeLine("a.js", 3, 22);
  };

  const clients: Record<string, ServerOptions> = {
    "refuses to register": { refused: ["client/registerCapability"] },
    "has nothing to register with, and would refuse": { initialize: asked, refused: ["client/registerCapability"] },
    "refuses its settings": { refused: ["workspace/configuration"] },
    "has no settings to ask for": { initialize: { capabilities: {} } },
    "names no abilities in any part": { initialize: { capabilities: { workspace: null, textDocument: null } } },
  };
  for (const [name, options] of Object.entries(clients)) {
    it(`that ${name} gets a model and answers with the default settings`, async () => {
      await start(options);
      assert.equal(server.status.state, "ready");
      assert.equal(await complete(), "ems.length; i++) {");
      assert.deepEqual([server.errors, server.messages], [[], []]);
    });
  }

  it("that never sends its settings gets a model, but nothing is learned that the settings might exclude", async () => {
    await start({ files: { "b.js": loop }, unanswered: ["workspace/configuration"] });
    assert.equal(server.status.state, "ready");
    assert.equal(await complete(), "ems.length; i++) {");
    assert.ok(server.log.some((line) => line.startsWith("learns nothing")));
    assert.ok(!server.log.some((line) => /^read \d+ files?/.test(line)));
  });

  const laterAnswers: Record<string, () => unknown> = {
    refuses: () => new ResponseError(ErrorCodes.InternalError, "Not now"),
    "does not answer": () => new Promise(() => undefined),
    "answers with no array": () => "yes",
  };
  for (const [name, answer] of Object.entries(laterAnswers)) {
    it(`that once sent its settings and later ${name} keeps those settings, and what they exclude stays unread`, async () => {
      const files = { "hidden.js": loop.repeat(20), "private.js": loop.repeat(20), "b.js": "let b;\n" };
      await start({
        files,
        settings: { maxCharacters: 5, exclude: ["private.js"], "files.exclude": { "hidden.js": true } },
      });
      const isRead = (count: number) => server.log.some((line) => line.startsWith(`read ${count} file`));
      await server.until(() => isRead(1), "the workspace to be read");
      let asked = 0;
      server.connection.onRequest("workspace/configuration", () => {
        asked++;
        return answer();
      });
      await server.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await server.until(() => asked > 0, "the server to ask");
      await server.connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri: server.uri("a.js"), languageId: "javascript", version: 1, text },
      });
      assert.equal(await server.completeFully("a.js", 3, 22), "ems.");
      const { outcome } = await server.connection.sendRequest<{ outcome: string }>("murmur/reset");
      assert.equal(outcome, "reset");
      await server.until(
        () => server.log.filter((line) => /^read \d+ files?/.test(line)).length > 1,
        "it to be read again",
      );
      assert.ok(!isRead(2) && !isRead(3));
    });
  }

  const answers: Record<string, unknown> = { null: null, "too few": [], "no array": "yes", "an array of null": [null] };
  for (const [name, answer] of Object.entries(answers)) {
    it(`that answers ${name} to a request for settings gets the default settings`, async () => {
      await start({ answers: { "workspace/configuration": answer } });
      assert.equal(await complete(), "ems.length; i++) {");
      assert.deepEqual([server.errors, server.messages], [[], []]);
    });
  }

  it("can send its settings in the initialization options, and push them when they change", async () => {
    await start({ initialize: { capabilities: {} }, options: { murmur: { maxCharacters: 10 } } });
    assert.equal(await complete(), "ems.length");
    await server.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { murmur: { maxCharacters: 5 } },
    });
    assert.equal(await server.completeLine("a.js", 3, 22), "ems.");
    await server.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    assert.equal(await server.completeLine("a.js", 3, 22), "ems.", "nothing was said");
  });

  it("gets a warning about an invalid setting in the initialization options", async () => {
    await start({ initialize: { capabilities: {} }, options: { murmur: { maxCharacters: "many" } } });
    await server.until(() => server.messages.length > 0, "a message");
    assert.match(
      server.messages[0]!,
      /murmur\.maxCharacters must be a whole number from 2 to 400 \(it is "many"\)\. Using 80\./,
    );
  });

  it("that switches completions off in one document gets none there, from the first request on", async () => {
    await start({ offIn: ["off.js"] });
    const textDocument = { uri: server.uri("off.js"), languageId: "javascript", version: 1, text };
    await server.connection.sendNotification("textDocument/didOpen", { textDocument });
    for (let i = 0; i < 5; i++) assert.deepEqual(await server.trigger("off.js", 3, 22), []);
    assert.ok(server.log.some((line) => /^nothing at 4:23: completions are switched off/.test(line)));
    assert.equal(await complete(), "ems.length; i++) {", "in another document");
  });

  it("that switches completions off and on in one open document is obeyed", async () => {
    await start({});
    assert.equal(await complete(), "ems.length; i++) {");
    const enabled = { value: false };
    server.connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => (scopeUri ? { enabled: enabled.value } : {})),
    );
    const changed = (): Promise<void> =>
      server.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    const isSilent = async (): Promise<boolean> => (await server.trigger("a.js", 3, 22)).length === 0;
    const becomes = async (silent: boolean): Promise<void> => {
      for (const end = Date.now() + 10_000; (await isSilent()) !== silent; ) assert.ok(Date.now() < end);
    };
    await changed();
    await becomes(true);
    enabled.value = true;
    await changed();
    await becomes(false);
  });

  for (const params of [{}, { capabilities: null }, { capabilities: 5 }, []]) {
    it(`whose initialization parameters are ${JSON.stringify(params)} is served`, async () => {
      await start({});
      await server.stop();
      server = await Server.start({ folder: server.folder, parameters: params });
      assert.equal(server.status.state, "ready");
    });
  }

  for (const options of ["quiet", 5, null, { storagePath: 5, canRefresh: "yes" }]) {
    it(`with the initialization options ${JSON.stringify(options)} gets a model`, async () => {
      await start({ initialize: { initializationOptions: options } });
      assert.equal(server.status.state, "ready");
    });
  }

  it("with one folder, given by its URI or its path, has that folder read", async () => {
    await start({ files: { "b.js": loop }, initialize: { workspaceFolders: undefined } });
    await server.until(() => server.log.some((line) => /^read 1 file/.test(line)), "the workspace to be read");
    const { folder } = server;
    await server.stop();
    const path = join(folder, "workspace");
    server = await Server.start({
      folder,
      initialize: { workspaceFolders: undefined, rootUri: null, rootPath: path },
    });
    await server.until(
      () => server.log.some((line) => /^read 0 files.* 1 more were already known/.test(line)),
      "it again",
    );
  });

  it("may omit the context of a request", async () => {
    await start({});
    await server.open("a.js", text);
    await server.completeFully("a.js", 3, 22);
    const request = { textDocument: { uri: server.uri("a.js") }, position: { line: 3, character: 22 } };
    const [item] = await server.connection.sendRequest<{ insertText: string }[]>(
      "textDocument/inlineCompletion",
      request,
    );
    assert.equal(firstLine(item), "ems.length; i++) {");
  });

  it("that can't be asked to request again gets the whole suggestion at once", async () => {
    await start({ options: { canRefresh: false } });
    await server.open("a.js", text);
    const [item] = await server.complete("a.js", 3, 22);
    assert.equal(firstLine(item), "ems.length; i++) {");
    assert.deepEqual(server.refreshes, []);
  });

  const train = (): Promise<TrainResult> => server.connection.sendRequest("murmur/train");
  const displays: Record<string, ServerOptions> = {
    "refuses to show progress": { refused: ["window/workDoneProgress/create"] },
    "never answers a request to show progress": { unanswered: ["window/workDoneProgress/create"] },
    "shows no progress": { initialize: asked },
  };
  for (const [name, options] of Object.entries(displays)) {
    it(`that ${name} can still train, get the result and train again`, async () => {
      await start(options);
      for (const { outcome, message } of [await train(), await train()]) {
        assert.equal(outcome, "failed");
        assert.match(message, /no text to learn from/);
      }
    });
  }

  it("that creates a display of progress is shown the run there, from its beginning to its end", async () => {
    await start({ answers: { "window/workDoneProgress/create": null } });
    await train();
    await server.until(() => server.progress.some(({ kind }) => kind === "end"), "the end");
    assert.deepEqual([server.progress.at(0)?.kind, server.progress.at(-1)?.kind], ["begin", "end"]);
  });

  it("that never sends its settings can't train, because they might exclude files", async () => {
    await start({ files: { "b.js": loop }, unanswered: ["workspace/configuration"] });
    assert.match((await train()).message, /has not sent its settings/);
  });
});
