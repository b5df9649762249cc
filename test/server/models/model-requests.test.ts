import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModelEntry, ModelResult } from "../../../src/server/models-protocol.ts";
import { playgroundRequests } from "../../../src/server/playground-protocol.ts";
import { tinyModelFile } from "../../support/models.ts";
import { Server } from "../support.ts";

const files = [8, 12, 10, 6, 4].map((hidden) => tinyModelFile({ hidden }).bytes);
const [first, second, third] = files as [Uint8Array, Uint8Array, Uint8Array];

describe("the models of a workspace", () => {
  let server: Server;
  afterEach(() => server.dispose());

  const send = (request: string, params: object): Promise<ModelResult> =>
    server.connection.sendRequest(`murmur/${request}`, params);
  const list = (): Promise<ModelEntry[]> => server.connection.sendRequest("murmur/models");
  const ids = async (): Promise<string[]> => (await list()).map(({ id }) => id);
  const uri = (path: string): string => pathToFileURL(join(server.folder, path)).href;
  const read = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(join(server.folder, path)));
  const refuses = async (request: string, params: object, said: RegExp): Promise<void> => {
    const { outcome, message } = await send(request, params);
    assert.equal(outcome, "failed", message);
    assert.match(message, said);
  };

  it("are listed with what is known of each: kind, size, network, training, and which is in use", async () => {
    server = await Server.start({ stored: { "model.onnx": second, "former-1000.onnx": first } });
    const entries = await list();
    assert.deepEqual(
      entries.map(({ id, kind, isInUse }) => [id, kind, isInUse]),
      [
        ["own", "own", true],
        ["former-1000.onnx", "former", false],
        ["default", "default", false],
      ],
    );
    const [own, , shipped] = entries;
    assert.deepEqual([own?.bytes, own?.network, own?.bitsPerChar], [second.length, "LSTM, 1 × 12", 8]);
    assert.ok((shipped?.characters ?? 0) > 1e8 && shipped?.bitsPerChar === undefined);
    assert.equal(shipped?.network, "LSTM, 2 × 512");
  });

  it("keep their names when they are replaced and restored, and named ones stay", async () => {
    server = await Server.start({ stored: { "model.onnx": first } });
    assert.equal((await send("renameModel", { id: "own", name: " before the rewrite " })).outcome, "done");
    for (const [i, bytes] of files.slice(1).entries()) {
      await server.write(`workspace/${i}.onnx`, bytes);
      assert.equal((await send("install", { uri: uri(`workspace/${i}.onnx`) })).outcome as string, "installed");
    }
    await server.write("workspace/last.onnx", second);
    await send("install", { uri: uri("workspace/last.onnx") });
    const entries = await list();
    assert.equal(entries[0]?.file, "last.onnx");
    const named = entries.find(({ name }) => name === "before the rewrite");
    assert.equal(named?.kind, "former");
    assert.equal(entries.filter(({ kind }) => kind === "former").length, 4, "three others");
    await server.connection.sendRequest("murmur/restore", { id: named?.id });
    assert.equal((await list())[0]?.name, "before the rewrite");
    assert.equal((await send("renameModel", { id: "own", name: "" })).outcome, "done");
    assert.equal((await list())[0]?.name, undefined);
  });

  it("are exported as they are, and imported without being used", async () => {
    server = await Server.start({ stored: { "model.onnx": first }, files: { "from a friend.onnx": third } });
    assert.equal((await send("exportModel", { id: "own", uri: uri("out.onnx") })).outcome, "done");
    assert.deepEqual(await read("out.onnx"), new Uint8Array(first));
    assert.equal((await send("exportModel", { id: "default", uri: uri("default.onnx") })).outcome, "done");
    assert.equal((await send("importModel", { uri: uri("workspace/from a friend.onnx") })).outcome, "done");
    const imported = (await list()).find(({ kind }) => kind === "former");
    assert.deepEqual([imported?.name, imported?.file], ["from a friend", "from a friend.onnx"]);
    assert.ok((await list())[0]?.isInUse);
    assert.deepEqual(await read("storage/model.onnx"), new Uint8Array(first));
    assert.deepEqual(await read(`storage/${imported?.id}`), new Uint8Array(third));
    assert.ok(!existsSync(join(server.folder, "storage/copy.onnx")));
  });

  (process.platform === "win32" ? it.skip : it)("are not read from a FIFO, which would hold up all else", async () => {
    server = await Server.start();
    execFileSync("mkfifo", [join(server.folder, "fifo.onnx")]);
    for (const request of ["importModel", "install"])
      await refuses(request, { uri: uri("fifo.onnx") }, /fifo\.onnx can't be read \(it is not a regular file\)/);
    const source = { kind: "file", uri: uri("fifo.onnx") };
    const { problem } = await server.connection.sendRequest<{ problem: string }>(playgroundRequests.load, source);
    assert.match(problem, /it is not a regular file/);
    assert.equal((await list()).length, 1);
  });

  it("are deleted, but neither the one in use nor the default one", async () => {
    server = await Server.start({ stored: { "model.onnx": second, "former-1000.onnx": first } });
    await refuses("deleteModel", { id: "own" }, /is in use\. Use another one first/);
    await refuses("deleteModel", { id: "default" }, /comes with Murmur/);
    await refuses("deleteModel", { id: "../model.onnx" }, /no longer there/);
    assert.equal((await send("deleteModel", { id: "former-1000.onnx" })).outcome, "done");
    assert.deepEqual(await ids(), ["own", "default"]);
    assert.ok(existsSync(join(server.folder, "storage/model.onnx")));
  });

  it("are refused by what is wrong with a name, a file or a place, and stay as they were", async () => {
    server = await Server.start({ stored: { "model.onnx": second }, files: { "text.onnx": "no model" } });
    await refuses("renameModel", { id: "default", name: "mine" }, /Only the models of this workspace have names/);
    await refuses("renameModel", { id: "own", name: "x".repeat(61) }, /at most 60 characters/);
    await refuses("renameModel", { id: "own", name: "a\nb" }, /one line/);
    await refuses("importModel", { uri: uri("workspace/text.onnx") }, /text\.onnx is not an ONNX file/);
    await refuses("importModel", { uri: "untitled:a" }, /not a file on this machine/);
    await refuses("exportModel", { id: "own", uri: uri("workspace") }, /is a folder/);
    await refuses("exportModel", { id: "own", uri: uri("no/folder/m.onnx") }, /can't be written/);
    await refuses("exportModel", { id: "former-1.onnx", uri: uri("m.onnx") }, /no longer there/);
    assert.deepEqual(await ids(), ["own", "default"]);
  });

  it("that are damaged are listed with what is wrong, and can be deleted", async () => {
    server = await Server.start({ stored: { "model.onnx": second, "former-7.onnx": new Uint8Array(9) } });
    const [, damaged] = await list();
    assert.match(damaged?.problem ?? "", /not an ONNX file/);
    assert.equal((await send("deleteModel", { id: "former-7.onnx" })).outcome, "done");
    assert.deepEqual(await ids(), ["own", "default"]);
  });

  it("are put in use at once, whatever long documents have just been opened", async () => {
    const names = Array.from({ length: 10 }, (_, i) => `long${i}.js`);
    const lines = (name: string): string =>
      Array.from(
        { length: 3_500 },
        (_, i) => `export const ${name.slice(0, -3)}_${i} = value${(i * 7) % 911} + ${i};\n`,
      ).join("");
    // The workspace's files wait for the documents of the same names.
    const files = Object.fromEntries(names.map((name) => [name, lines(name)]));
    server = await Server.start({ stored: { "model.onnx": second, "former-1000.onnx": first }, files });
    const opened = names.map((name) => server.open(name, files[name] ?? ""));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const known = (): number => server.log.filter((line) => /^knows .*long/.test(line)).length;
    const before = known();
    assert.equal((await send("restore", { id: "former-1000.onnx" })).outcome as string, "restored");
    assert.ok(known() < names.length - 3, `${before} documents were known before, and ${known()} are now`);
    await server.until(() => known() >= names.length, "all documents to be known", 100);
    assert.deepEqual(server.errors, []);
    await Promise.all(opened);
  }).timeout(150_000);

  it("are not touched where the workspace is not trusted", async () => {
    server = await Server.start({ stored: { "former-1000.onnx": first }, options: { isTrusted: false } });
    for (const [request, params] of [
      ["deleteModel", { id: "former-1000.onnx" }],
      ["renameModel", { id: "former-1000.onnx", name: "x" }],
      ["exportModel", { id: "default", uri: uri("out.onnx") }],
      ["importModel", { uri: uri("storage/former-1000.onnx") }],
    ] as const)
      await refuses(request, params, /Trust the workspace first/);
    assert.deepEqual(await list(), []);
  });
});
