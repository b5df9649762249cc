import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loop } from "./learned.ts";
import { Server, type ServerOptions } from "./support.ts";

/** A line that only a file of the workspace can teach. */
const taught = "export const zorbleQuuxFrobnicator = wibbleOf(27);\n";
const files = { "a.js": taught.repeat(3), "b.py": "pass\n".repeat(9), notes: "words\n".repeat(9) };

describe("reading the workspace", () => {
  let server: Server;
  afterEach(() => server.dispose());

  const start = async (options: ServerOptions): Promise<void> => {
    server = await Server.start({ files, ...options });
  };
  /** How many files were read, once all were. */
  const filesRead = async (): Promise<number> => {
    const counts = () => server.log.flatMap((line) => /^read (\d+) files?/.exec(line)?.[1] ?? []);
    await server.until(() => counts().length > 0, "the workspace to be read");
    return Number(counts().at(-1));
  };
  const suggested = async (name: string): Promise<string | undefined> => {
    await server.open(name, "export const zorbleQu");
    return await server.completeLine(name, 0, 21);
  };
  const nothingRead = async (): Promise<void> => {
    await server.until(() => server.status.state === "ready", "the model");
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(!server.log.some((line) => /^read \d/.test(line)));
  };

  it("learns the contents of its files", async () => {
    await start({});
    assert.equal(await filesRead(), 3);
    assert.match((await suggested("new.js")) ?? "", /^uxFrobnicator/);
  });

  it("reads no folder that is only virtual, and completes without one", async () => {
    await start({ initialize: { workspaceFolders: [{ uri: "vscode-vfs://github/owner/name", name: "name" }] } });
    await nothingRead();
    const trained = await server.train();
    assert.deepEqual(
      [trained.outcome, trained.message],
      ["failed", "There is no folder to train on. Open a folder first."],
    );
    await server.open("new.js", "export const zorbleQu");
    assert.deepEqual([server.errors, server.messages], [[], []]);
  });

  it("leaves out files in languages that are switched off, and files that murmur.exclude matches", async () => {
    await start({ settings: { languageFiles: { off: ["**/*.[jJ][sS]"] }, exclude: ["*.py"] } });
    assert.equal(await filesRead(), 1);
    assert.doesNotMatch((await suggested("new.ts")) ?? "", /^uxFrob/);
  });

  it("reads only files in languages that are switched on, if all others are off", async () => {
    await start({ settings: { languageFiles: { off: [], only: ["**/*.py"] } } });
    assert.equal(await filesRead(), 1);
    assert.doesNotMatch((await suggested("new.ts")) ?? "", /^uxFrob/);
  });

  it("forgets a folder in which completions are switched off, and does not train on it", async () => {
    await start({});
    assert.equal(await filesRead(), 3);
    await server.configure({ offFolders: [server.uri("")] });
    await server.until(
      () => server.log.some((line) => /forgot 3 that are gone or excluded/.test(line)),
      "it to be forgotten",
    );
    assert.match((await server.train()).message, /no folder to train on/);
  });

  it("leaves out the same files as training", async () => {
    await start({ settings: { languageFiles: { off: [], only: ["**/*.go"] }, training: { minutes: 0.05 } } });
    assert.match((await server.train()).message, /every file was left out \(3 excluded\)/);
    await server.configure({ languageFiles: { off: ["**/*.js", "**/*.py"] }, exclude: ["notes"] });
    assert.match((await server.train()).message, /every file was left out \(3 excluded\)/);
  });

  it("begins when completions are switched on, and not before", async () => {
    await start({ settings: { enabled: false } });
    await nothingRead();
    await server.configure({});
    assert.equal(await filesRead(), 3);
  });

  it("suggests nothing in files that murmur.exclude matches, from the next request on, and learns nothing from them", async () => {
    await start({ settings: { exclude: ["**/*.md"] } });
    await server.open("a.md", `${loop}${loop}for (let i = 0; i < it`);
    assert.ok(server.log.some((line) => /^learns nothing from .*a\.md/.test(line)));
    assert.deepEqual(await server.trigger("a.md", 6, 22), []);
    await server.until(() => server.log.some((line) => /murmur\.exclude excludes this file/.test(line)), "the reason");
    await server.configure({});
    await server.until(() => server.log.some((line) => /^knows .*a\.md/.test(line)), "it to be learned");
    assert.match((await server.completeLine("a.md", 6, 22)) ?? "", /^ems/);
    await server.configure({ exclude: ["**/*.md"] });
    assert.deepEqual(await server.trigger("a.md", 6, 22), []);
  });

  describe("in an untrusted workspace", () => {
    it("does not happen: suggestions come from the default model and the open documents only, and nothing is saved", async () => {
      await start({ options: { isTrusted: false }, stored: { "model.onnx": Buffer.from("no model") } });
      await nothingRead();
      assert.match(JSON.stringify(server.status), /Default model.*until it is trusted/);
      assert.deepEqual(server.messages, [], "the workspace's own model is not even looked at");
      const uses = ["wibble", "wobble", "quuz", "corge", "grault", "garply"].map(
        (use) => `${use}Of(zorbleQuuxFrobnicator);\n`,
      );
      await server.open("open.js", `${uses.join("")}plughOf(zorbleQu`);
      assert.match((await server.completeLine("open.js", 6, 16)) ?? "", /^uxFrobnicator/);
      for (const request of ["murmur/train", "murmur/reset"]) {
        const { outcome, message } = await server.connection.sendRequest<{ outcome: string; message: string }>(request);
        assert.equal(outcome, "failed");
        assert.match(message, /not trusted/);
      }
      await server.stop();
      assert.ok(!existsSync(join(server.folder, "storage/local-model.bin")));
    });

    it("does not happen if the value that states trust is invalid", async () => {
      await start({ options: { isTrusted: "yes" } });
      await nothingRead();
    });

    it("happens once a server is started with trust", async () => {
      await start({ options: { isTrusted: false } });
      await server.stop();
      const { folder } = server;
      server = await Server.start({ folder, options: { isTrusted: true } });
      assert.equal(await filesRead(), 3);
    });
  });
});
