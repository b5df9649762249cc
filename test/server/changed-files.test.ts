import assert from "node:assert/strict";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Server, type ServerOptions } from "./support.ts";

const watching = {
  capabilities: { workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } } },
};

function source(name: string): string {
  return Array.from({ length: 8 }, (_, i) => `export const ${name}${i} = wibbleOf(${name}, ${i});\n`).join("");
}

describe("Files that change while the server runs", function () {
  this.timeout(60_000);
  let server: Server;
  afterEach(() => server.dispose());

  const start = async (options: ServerOptions): Promise<void> => {
    server = await Server.start(options);
    await server.until(() => reports().length > 0, "the workspace to be read");
  };
  const reports = (): string[] => server.log.filter((line) => /^read \d+ files?/.test(line));
  /** Waits until files were read once more after something was done. */
  const readAfter = async (change: () => Promise<void>): Promise<void> => {
    const before = reports().length;
    await change();
    await server.until(() => reports().length > before, "the files to be read");
  };
  const changed = async (...names: string[]): Promise<void> =>
    await server.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: names.map((name) => ({ uri: server.uri(name), type: 2 })),
    });
  const save = async (name: string): Promise<void> =>
    await server.connection.sendNotification("textDocument/didSave", { textDocument: { uri: server.uri(name) } });
  let documents = 0;
  const suggested = async (text: string): Promise<string> => {
    const name = `new${documents++}.js`;
    await server.open(name, text);
    return String(await server.completeFully(name, 0, text.length));
  };

  it("are read again if the editor watches them: the new name is suggested, and the old one no longer", async () => {
    await start({ files: { "a.js": source("zorbleFrobnicator") }, initialize: watching });
    await readAfter(async () => {
      await server.write("workspace/a.js", source("quuxInterlocutor"));
      await changed("a.js");
    });
    assert.match(await suggested("const x = quuxInterl"), /^ocutor/);
    assert.doesNotMatch(await suggested("const x = zorbleFrobni"), /^cator/);
  });

  it("are forgotten when they are deleted, and stay known when they are moved", async () => {
    await start({
      files: { "a.js": source("zorbleFrobnicator"), "b.js": source("quuxInterlocutor") },
      initialize: watching,
    });
    await readAfter(async () => {
      await rm(join(server.folder, "workspace/a.js"));
      await rename(join(server.folder, "workspace/b.js"), join(server.folder, "workspace/c.js"));
      await changed("a.js", "b.js", "c.js");
    });
    assert.match(reports().at(-1) ?? "", /^read 0 files, .*forgot 2/);
    assert.match(await suggested("const x = quuxInterl"), /^ocutor/);
    assert.doesNotMatch(await suggested("const x = zorbleFrobni"), /^cator/);
  });

  it("are counted in the status, and what is gone is not called left out", async () => {
    const names = ["a", "b", "c"];
    await start({
      files: Object.fromEntries(names.map((name) => [`${name}.js`, source(name)])),
      initialize: watching,
    });
    const knows = async (files: string): Promise<void> =>
      await server.until(
        () => server.status.state === "ready" && server.status.memory?.startsWith(`Knows ${files} of`) === true,
        `${files} to be known`,
      );
    await knows("3 files");
    await readAfter(async () => {
      for (const name of ["a.js", "b.js"]) await rm(join(server.folder, "workspace", name));
      await changed("a.js", "b.js");
    });
    await knows("1 file");
    await readAfter(async () => {
      await server.write("workspace/d.js", source("d"));
      await changed("d.js");
    });
    await knows("2 files");
    await server.open("c.js", source("c"));
    await save("c.js");
    await readAfter(async () => {
      await server.write("workspace/e.js", source("e"));
      await changed("c.js", "e.js");
    });
    await knows("3 files");
    assert.deepEqual(
      server.log.filter((line) => line.startsWith("left out")),
      [],
    );
  });

  it("are all examined at once if there are many", async () => {
    const names = Array.from({ length: 250 }, (_, i) => `many/${i}.js`);
    await start({ files: { "a.js": source("zorbleFrobnicator") }, initialize: watching });
    await readAfter(async () => {
      for (const name of names) await server.write(`workspace/${name}`, `// ${name}\n`);
      await changed(...names);
    });
    assert.match(reports().at(-1) ?? "", /^read 250 files/);
    await readAfter(async () => {
      await rm(join(server.folder, "workspace/many"), { recursive: true });
      await changed("many");
    });
    assert.match(reports().at(-1) ?? "", /forgot 250/);
  });

  it("are checked when a document is saved, if nobody watches them", async () => {
    await start({ files: { "a.js": source("zorbleFrobnicator"), "b.js": "let x;\n" } });
    await server.open("b.js", "let x;\n");
    await readAfter(async () => {
      await server.write("workspace/a.js", source("quuxInterlocutor"));
      await save("b.js");
    });
    assert.match(await suggested("const x = quuxInterl"), /^ocutor/);
    assert.doesNotMatch(await suggested("const x = zorbleFrobni"), /^cator/);
  });

  const exclusions: Readonly<Record<string, Record<string, unknown>>> = {
    "murmur.exclude names them": { exclude: ["**/part"] },
    "murmur.training.exclude names them": { training: { exclude: ["part"] } },
    "their language is switched off": { languageFiles: { off: ["**/part/*.[jJ][sS]"] } },
    "only other languages are switched on": { languageFiles: { off: [], only: ["*.js"] } },
    "files.exclude hides them": { "files.exclude": { "part/**": true } },
  };
  for (const [name, settings] of Object.entries(exclusions)) {
    it(`are forgotten when ${name}, and read again when it no longer does`, async () => {
      await start({ files: { "part/a.js": source("zorbleFrobnicator"), "b.js": "let x;\n" } });
      assert.match(await suggested("const x = zorbleFrobni"), /^cator/);
      await readAfter(() => server.configure(settings));
      assert.match(reports().at(-1) ?? "", /forgot 1/);
      assert.doesNotMatch(await suggested("const x = zorbleFrobni"), /^cator/);
      await readAfter(() => server.configure({}));
      assert.match(await suggested("const x = zorbleFrobni"), /^cator/);
    });
  }

  it("are forgotten when the only folder is removed", async () => {
    await start({ files: { "part/a.js": source("zorbleFrobnicator") } });
    assert.match(await suggested("const x = zorbleFrobni"), /^cator/);
    const removed = [{ uri: server.uri("").replace(/\/$/, ""), name: "workspace" }];
    await readAfter(() =>
      server.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added: [], removed } }),
    );
    assert.match(reports().at(-1) ?? "", /forgot 1/);
    assert.doesNotMatch(await suggested("const x = zorbleFrobni"), /^cator/);
  });

  describe("text that was written in a document and discarded", () => {
    const text = source("zorbleFrobnicator").repeat(3);
    const beginning = "let x;\n";

    const write = async (name: string): Promise<void> => {
      await start({ files: { "a.js": beginning } });
      await server.open(name, beginning);
      await server.type(name, 1, 0, text);
      assert.match(await suggested("const x1 = wibbleOf(zorbleF"), /^rob/);
    };
    const isForgotten = async (): Promise<void> => {
      let last = "";
      for (const end = Date.now() + 10_000; Date.now() < end; ) {
        last = await suggested("const x1 = wibbleOf(zorbleF");
        if (!last.startsWith("rob")) return;
      }
      assert.fail(`${last} is still suggested`);
    };

    it("is forgotten when it is undone", async () => {
      await write("a.js");
      await server.replace("a.js", { start: { line: 1, character: 0 }, end: { line: 99, character: 0 } }, "");
      assert.doesNotMatch(await suggested("const x1 = wibbleOf(zorbleF"), /^rob/);
    });

    it("is forgotten when the file is closed without saving", async () => {
      await write("a.js");
      await server.connection.sendNotification("textDocument/didClose", { textDocument: { uri: server.uri("a.js") } });
      await isForgotten();
    });

    it("is forgotten when the file is closed without saving and no folder is open", async () => {
      server = await Server.start({
        files: { "a.js": beginning },
        initialize: { workspaceFolders: [], rootUri: null },
      });
      await server.until(() => server.statuses.at(-1)?.state === "ready", "the model");
      await server.open("a.js", beginning);
      await server.type("a.js", 1, 0, text);
      assert.match(await suggested("const x1 = wibbleOf(zorbleF"), /^rob/);
      await server.connection.sendNotification("textDocument/didClose", { textDocument: { uri: server.uri("a.js") } });
      await isForgotten();
    });

    for (const [where, initialize] of Object.entries({
      "in a folder": {},
      "without a folder": { workspaceFolders: [], rootUri: null },
    })) {
      it(`is forgotten if the file is closed without saving while completions are off, ${where}`, async () => {
        server = await Server.start({ files: { "a.js": beginning }, initialize });
        await server.until(() => server.statuses.at(-1)?.state === "ready", "the model");
        await server.open("a.js", beginning);
        await server.type("a.js", 1, 0, text);
        assert.match(await suggested("const x1 = wibbleOf(zorbleF"), /^rob/);
        await server.configure({ enabled: false });
        const textDocument = { uri: server.uri("a.js") };
        await server.connection.sendNotification("textDocument/didClose", { textDocument });
        await new Promise((resolve) => setTimeout(resolve, 300));
        await server.configure({ enabled: true });
        await isForgotten();
      });
    }

    it("is forgotten if it was never saved to a file", async () => {
      await start({ files: { "a.js": beginning } });
      const uri = server.uri("b.js");
      await server.open("b.js", beginning);
      await server.type("b.js", 1, 0, text);
      await server.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
      await isForgotten();
    });

    it("stays known if it was saved", async () => {
      await write("a.js");
      await server.write("workspace/a.js", beginning + text);
      await save("a.js");
      await server.connection.sendNotification("textDocument/didClose", { textDocument: { uri: server.uri("a.js") } });
      await new Promise((resolve) => setTimeout(resolve, 600));
      assert.match(await suggested("const x1 = wibbleOf(zorbleF"), /^rob/);
    });
  });
});
