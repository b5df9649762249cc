import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FormerModels } from "../../../src/server/models/former-models.ts";
import type { FormerModel, InstallResult, ResetResult, RestoreResult } from "../../../src/server/models-protocol.ts";
import { Folder } from "../../support/folder.ts";
import { tinyModelFile } from "../../support/models.ts";
import { Server } from "../support.ts";

const [first, second] = [tinyModelFile({ hidden: 8 }).bytes, tinyModelFile({ hidden: 12 }).bytes];

describe("former models", () => {
  let server: Server;
  afterEach(() => server.dispose());

  const list = (): Promise<FormerModel[]> => server.connection.sendRequest("murmur/formerModels");
  const restore = (id: string): Promise<RestoreResult> => server.connection.sendRequest("murmur/restore", { id });
  const install = (path: string): Promise<InstallResult> =>
    server.connection.sendRequest("murmur/install", { uri: pathToFileURL(path).href });
  const inUse = async (): Promise<Uint8Array> =>
    new Uint8Array(await readFile(join(server.folder, "storage/model.onnx")));

  it("can be restored one after another, and the one in use becomes a former one", async () => {
    server = await Server.start({ stored: { "model.onnx": second, "former-1000.onnx": first } });
    const [former, ...others] = await list();
    assert.equal(former?.id, "former-1000.onnx");
    assert.ok(Date.parse(former?.trained ?? "") > 0 && former?.bitsPerChar !== undefined);
    assert.deepEqual(others, [{ id: "default" }]);
    const result = await restore("former-1000.onnx");
    assert.equal(result.outcome, "restored", result.message);
    assert.deepEqual(await inUse(), new Uint8Array(first));
    const [latest] = await list();
    assert.equal((await restore(latest!.id)).outcome, "restored");
    assert.deepEqual(await inUse(), new Uint8Array(second));
  });

  it("include the default model, and the one that was trained stays", async () => {
    server = await Server.start({ stored: { "model.onnx": second } });
    assert.equal((await restore("default")).message, "Murmur now uses the default model.");
    assert.ok(server.status.state === "ready" && /^Default model/.test(server.status.model));
    assert.ok(!existsSync(join(server.folder, "storage/model.onnx")));
    const [only, ...others] = await list();
    assert.deepEqual(others, []);
    assert.equal((await restore(only!.id)).outcome, "restored");
    assert.deepEqual(await inUse(), new Uint8Array(second));
  });

  it("that can't be read or are gone are not offered, and asking for one changes nothing", async () => {
    server = await Server.start({
      stored: { "model.onnx": second, "former-7.onnx": new Uint8Array(9), "former-1000.onnx": first },
    });
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      ["former-1000.onnx", "default"],
    );
    for (const id of ["former-7.onnx", "former-8.onnx", "../model.onnx"]) {
      const { outcome, message } = await restore(id);
      assert.equal(outcome, "failed");
      assert.match(message, /\. [A-Z].*\.$/, "says what to do");
    }
    assert.deepEqual(await inUse(), new Uint8Array(second));
    assert.equal(server.status.state, "ready");
  });

  it("are joined by the one that a model file replaces", async () => {
    server = await Server.start({ files: { "from elsewhere.onnx": second }, stored: { "model.onnx": first } });
    const file = join(server.folder, "workspace/from elsewhere.onnx");
    const result = await install(file);
    assert.equal(result.outcome, "installed", result.message);
    assert.match(
      result.message,
      /^Murmur now uses from elsewhere\.onnx as the model of this workspace\. .*Restore Previous Model undoes this\.$/,
    );
    assert.deepEqual([await inUse(), new Uint8Array(await readFile(file))], [second, second]);
    const [former] = await list();
    assert.equal((await restore(former!.id)).outcome, "restored");
    assert.deepEqual(await inUse(), new Uint8Array(first));
  });

  it("and the one in use stay if a file holds no model that can be used", async () => {
    const classifier = tinyModelFile({ labels: ["c", "go"] }).bytes;
    const files = { "text.onnx": "no model", "classifier.onnx": classifier };
    server = await Server.start({ files, stored: { "model.onnx": first } });
    const failures = [];
    for (const name of ["text.onnx", "classifier.onnx", "missing.onnx"]) {
      const { outcome, message } = await install(join(server.folder, "workspace", name));
      failures.push([outcome, message.includes(name)]);
    }
    assert.deepEqual(failures, Array(3).fill(["failed", true]));
    assert.deepEqual(await inUse(), new Uint8Array(first));
    assert.deepEqual(await list(), [{ id: "default" }]);
    assert.deepEqual(
      (await readdir(join(server.folder, "storage"))).filter((name) => name.endsWith(".onnx")),
      ["model.onnx"],
    );
  });

  it("are joined by none without a folder, without trust, and during a run", async () => {
    const stored = { "model.onnx": first };
    for (const start of [{ initialize: { workspaceFolders: [], rootUri: null } }, { options: { isTrusted: false } }]) {
      server = await Server.start({ files: { "a.onnx": second }, stored, ...start });
      const { outcome, message } = await install(join(server.folder, "workspace/a.onnx"));
      assert.equal(outcome, "failed");
      assert.match(message, /Open a folder first|Trust the workspace first/);
      assert.deepEqual(await inUse(), new Uint8Array(first));
      await server.dispose();
    }
    const code = "let a = b;\n".repeat(900);
    server = await Server.start({
      files: { "a.onnx": second, "a.js": code, "b.js": `${code}//` },
      settings: { training: { minutes: 10 } },
      stored,
    });
    const run = server.train();
    await server.until(
      () => server.progress.some(({ message }) => /Suggestions keep working/.test(message ?? "")),
      "progress",
    );
    assert.match((await install(join(server.folder, "workspace/a.onnx"))).message, /Stop the run first/);
    await server.connection.sendRequest("murmur/stopTraining");
    await run;
  });

  it("are deleted by a reset", async () => {
    server = await Server.start({ stored: { "model.onnx": second, "former-1000.onnx": first } });
    await server.connection.sendRequest<ResetResult>("murmur/reset");
    assert.deepEqual(await list(), []);
    assert.deepEqual(
      (await readdir(join(server.folder, "storage"))).filter((name) => name.endsWith(".onnx")),
      [],
    );
  });
});

describe("the files of former models", () => {
  it("are the last three", async () => {
    await using folder = await Folder.with({ "model.onnx": "" });
    const models = new FormerModels(folder.path);
    for (let i = 0; i < 5; i++) {
      await models.keep(folder.join("model.onnx"));
      await models.prune(async () => false);
    }
    assert.equal((await models.paths()).length, 3);
    assert.ok((await readdir(folder.path)).includes("model.onnx"));
  });
});
