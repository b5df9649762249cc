import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { fallbackFolder } from "../../../src/server/models/model-store.ts";
import type { ModelResult, ResetResult } from "../../../src/server/models-protocol.ts";
import { inventedProject } from "../../support/invented-project.ts";
import { tinyModelFile } from "../../support/models.ts";
import { Server } from "../support.ts";

const [first, second] = [tinyModelFile({ hidden: 8 }).bytes, tinyModelFile({ hidden: 12 }).bytes];
const damaged = new Uint8Array(9);

/** Everything that is ever written to the storage folder, and what is left of each if the process that writes it is killed. */
const names = [
  ...["model.onnx", "former-1000.onnx", "training.onnx", "training.onnx.checkpoint", "copy.onnx"],
  ...["trained-texts.txt", "models.json", "runs.json", "local-model.bin"],
].flatMap((name) => [name, `${name}.${randomUUID()}`]);
const models: Readonly<Record<string, Uint8Array>> = {
  "model.onnx": first,
  "former-1000.onnx": second,
  "training.onnx": second,
};
const stored = Object.fromEntries(names.map((name) => [name, models[name] ?? damaged]));

describe("the storage folder of a workspace", function () {
  this.timeout(90_000);
  let server: Server;
  afterEach(() => server.dispose());

  const storage = (name = ""): string => join(server.folder, "storage", name);
  const send = (request: string, params?: object): Promise<ModelResult> =>
    server.connection.sendRequest(`murmur/${request}`, params);
  /** Those files, and the folder, that others may do something with. */
  const open = (): string[] =>
    ["", ...readdirSync(storage())].filter(
      (name) => ((statSync(storage(name), { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0,
    );

  it("is empty after a reset, whatever a killed process has left there", async () => {
    server = await Server.start({ stored });
    assert.ok(existsSync(storage("training.onnx")));
    const { outcome, message } = await server.connection.sendRequest<ResetResult>("murmur/reset");
    assert.equal(outcome, "reset", message);
    assert.deepEqual(await readdir(storage()), []);
  });

  it("is closed to others with all that is in it, also what is already there", async function () {
    if (process.platform === "win32") this.skip();
    server = await Server.start({ stored });
    await server.until(() => server.status.state === "ready", "the model to be loaded");
    assert.ok((await readdir(storage())).includes("former-1000.onnx"));
    assert.deepEqual(open(), []);
  });

  it("is closed to others at every moment of training, renaming, importing and restoring", async function () {
    if (process.platform === "win32") this.skip();
    server = await Server.start({ files: inventedProject(12), settings: { training: { minutes: 0.2 } } });
    const seen = new Set<string>();
    const found = new Set<string>();
    const look = (): void => {
      if (!existsSync(storage())) return;
      for (const name of readdirSync(storage())) seen.add(name);
      for (const name of open()) found.add(name);
    };
    const looking = setInterval(look, 2);
    try {
      const { outcome, message } = await server.train();
      assert.equal(outcome, "installed", message);
      assert.equal((await send("renameModel", { id: "own", name: "mine" })).outcome, "done");
      await server.write("workspace/other.onnx", first);
      const uri = pathToFileURL(join(server.folder, "workspace/other.onnx")).href;
      assert.equal((await send("importModel", { uri })).outcome, "done");
      assert.equal((await send("restore", { id: "default" })).outcome as string, "restored");
      await server.until(() => existsSync(storage("local-model.bin")), "the memory to be saved");
    } finally {
      clearInterval(looking);
    }
    look();
    for (const name of ["training.onnx.checkpoint", "trained-texts.txt", "models.json", "runs.json"]) {
      assert.ok(seen.has(name), `${name} was seen`);
    }
    for (const start of ["former-", "local-model.bin", "model.onnx", "training.onnx."]) {
      assert.ok(
        [...seen].some((name) => name.startsWith(start)),
        `${start} was seen`,
      );
    }
    assert.deepEqual([...found], []);
  });

  it("is no reason to close a model that the user exports", async () => {
    server = await Server.start({ stored: { "model.onnx": first } });
    const path = join(server.folder, "exported.onnx");
    assert.equal((await send("exportModel", { id: "own", uri: pathToFileURL(path).href })).outcome, "done");
    assert.deepEqual(new Uint8Array(await readFile(path)), first);
    await server.write("usual.txt", "as other programs write it");
    assert.equal((await stat(path)).mode, (await stat(join(server.folder, "usual.txt"))).mode);
  });

  it("that can't be closed to others is said, with what to do", async function () {
    if (!existsSync("/proc/self/task")) this.skip();
    server = await Server.start({ options: { storagePath: "/proc/self/task" } });
    await server.until(() => server.status.state === "ready", "the model to be loaded");
    const said = server.messages.filter((message) => message.startsWith("Others on this machine may be able to read"));
    assert.equal(said.length, 1, server.messages.join("\n"));
    assert.match(said[0]!, /\(EPERM: .*\)\. Make sure that \/proc\/self\/task, .* belongs to you\.$/);
  });

  it("is closed even if the client makes it after the start", async function () {
    if (process.platform === "win32") this.skip();
    server = await Server.start();
    await server.until(() => server.status.state === "ready", "the model to be loaded");
    await mkdir(storage(), { recursive: true });
    await chmod(storage(), 0o755);
    await writeFile(storage("runs.json"), "[]");
    await server.connection.sendRequest<ResetResult>("murmur/reset");
    assert.deepEqual(open(), []);
  });
});

describe("the storage folder of a client that names none", () => {
  const { XDG_DATA_HOME: named } = process.env;
  afterEach(() => {
    delete process.env["XDG_DATA_HOME"];
    if (named !== undefined) process.env["XDG_DATA_HOME"] = named;
  });

  it("is one for each set of folders, in the user's data folder", () => {
    process.env["XDG_DATA_HOME"] = join(tmpdir(), "data");
    const folder = fallbackFolder(["/a", "/b"]);
    assert.equal(dirname(folder), join(tmpdir(), "data/murmur/workspaces"));
    assert.equal(fallbackFolder(["/b", "/a"]), folder);
    assert.notEqual(fallbackFolder(["/a"]), folder);
  });

  it("is never in the working directory", () => {
    const usual = join(homedir(), ".local/share/murmur/workspaces");
    delete process.env["XDG_DATA_HOME"];
    assert.equal(dirname(fallbackFolder(["/a"])), usual);
    for (const value of ["", "data", "./data"]) {
      process.env["XDG_DATA_HOME"] = value;
      assert.equal(dirname(fallbackFolder(["/a"])), usual, `XDG_DATA_HOME=${value}`);
    }
  });
});
