import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exclusiveQueue } from "../../src/server/exclusive.ts";
import type { ResetResult } from "../../src/server/models-protocol.ts";
import { tinyModelFile } from "../support/models.ts";
import { Server } from "./support.ts";

const files = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [
    `src/part${i}.js`,
    `export function part${i}(items) {\n  return items.map((item) => item.price * item.count);\n}\n`.repeat(12),
  ]),
);
const model = tinyModelFile({ hidden: 48 }).bytes;

describe("a queue of tasks", () => {
  it("runs them one at a time, in order, even after a task fails", async () => {
    const exclusively = exclusiveQueue();
    const order: string[] = [];
    const task = (name: string, milliseconds: number) => async (): Promise<string> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      order.push(`${name} ends`);
      if (name === "b") throw new Error("b fails");
      return name;
    };
    const results = await Promise.allSettled([
      exclusively(task("a", 20)),
      exclusively(task("b", 0)),
      exclusively(task("c", 5)),
    ]);
    assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    assert.deepEqual(
      results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.message)),
      ["a", "b fails", "c"],
    );
  });
});

describe("resetting and training at the same time", function () {
  this.timeout(60_000);
  let server: Server;
  afterEach(() => server.dispose());

  const reset = (): Promise<ResetResult> => server.connection.sendRequest("murmur/reset");
  const modelPath = (): string => join(server.folder, "storage/model.onnx");
  const logged = (pattern: RegExp): string => server.log.find((line) => pattern.test(line)) ?? "";

  it("a run requested during a reset starts after it, from the default model", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 0.05 } }, stored: { "model.onnx": model } });
    const [forgotten, trained] = await Promise.all([reset(), server.train()]);
    assert.equal(forgotten.outcome, "reset");
    assert.match(trained.outcome, /^(installed|kept)$/, trained.message);
    assert.match(logged(/^Training starts/), /from the default model\.$/);
    assert.equal(existsSync(modelPath()), trained.outcome === "installed");
  });

  it("a reset says that the workspace is read again only if there is a folder to read", async () => {
    server = await Server.start({ files });
    assert.match((await reset()).message, /reading it again/);
    await server.dispose();
    server = await Server.start({ initialize: { workspaceFolders: [] } });
    assert.deepEqual(await reset(), { outcome: "reset", message: "Murmur has forgotten what it learned." });
  });

  it("a reset requested during a run, even before its first step, is refused and deletes nothing", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    assert.deepEqual(await reset(), { outcome: "failed", message: "Murmur is training. Stop the run first." });
    assert.ok(existsSync(modelPath()));
    await server.connection.sendRequest("murmur/stopTraining");
    assert.match((await running).outcome, /^(installed|kept)$/, "a stop is heard before the first step too");
  });

  it("a reset is refused while another window's server trains on the same folders", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    await server.until(
      () => server.progress.some(({ message }) => /Suggestions keep working/.test(message ?? "")),
      "progress",
    );
    const other = await Server.start({ folder: server.folder });
    const { outcome, message } = await other.connection.sendRequest<ResetResult>("murmur/reset");
    await other.stop();
    assert.equal(outcome, "failed");
    assert.match(message, /Another run/);
    assert.ok(existsSync(modelPath()));
    await server.connection.sendRequest("murmur/stopTraining");
    await running;
  });

  it("two resets at once both succeed, and the server still answers after many resets and runs at once", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 0.05 } }, stored: { "model.onnx": model } });
    assert.deepEqual(
      (await Promise.all([reset(), reset()])).map(({ outcome }) => outcome),
      ["reset", "reset"],
    );
    const all = await Promise.all([reset(), server.train(), reset(), server.train(), server.configure({})]);
    assert.equal(all.length, 5);
    await server.until(() => server.status.state === "ready", "an end");
    assert.deepEqual(server.errors, []);
  });

  it("a server that ends while a run is starting also ends the run", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    await server.stop();
    assert.equal((await running).outcome, "cancelled");
    assert.ok(!readdirSync(join(server.folder, "storage")).some((name) => name.endsWith(".lock")));
  });

  it("a reset that can't delete a file names the file and says what to do, and the model in use stays", async () => {
    for (const name of ["model.onnx", "local-model.bin"]) {
      await server?.dispose();
      server = await Server.start({ files: { "a.js": "let x;\n" }, stored: { [`${name}/part`]: new Uint8Array(1) } });
      const { outcome, message } = await reset();
      assert.equal(outcome, "failed");
      assert.match(
        message,
        new RegExp(`storage/${name} can't be deleted \\(.*\\)\\. Delete it by hand, or .* try again\\.$`),
      );
      assert.equal(server.status.state, "ready");
    }
  });

  it("a reset whose storage is a file says that its folder can't be created, and what to do", async () => {
    server = await Server.start({
      files: { "a.js": "let x;\n" },
      options: { storagePath: join(import.meta.filename, "x") },
    });
    const { outcome, message } = await reset();
    assert.equal(outcome, "failed");
    assert.match(message, /^The folder .*, where .* can't be created \(.*\)\. .*\.$/);
  });

  it("a run that an error ends early reports the error in its result and in the log", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 1 } } });
    const running = server.train();
    await server.until(
      () => server.progress.some(({ message = "" }) => /predicts \d+ % better/.test(message)),
      "the run to improve",
      50,
    );
    await rm(join(server.folder, "workspace/src"), { recursive: true });
    const { message } = await running;
    assert.match(message, /The run ended early: There is no text left/);
    assert.match(logged(/^Training stopped at step/), /There is no text left/);
    assert.ok(logged(/^Training ended/).endsWith(message));
  });

  it("a run is in the log from beginning to end", async () => {
    const more = { ".env": "A=1\n", "a.bin": Uint8Array.from({ length: 99 }, (_, i) => (i * 7) % 256) };
    server = await Server.start({
      files: { ...files, ...more },
      settings: { training: { minutes: 0.1 } },
      stored: { "model.onnx": model },
    });
    const { message, outcome } = await server.train();
    assert.match(logged(/^Training starts/), /up to 0\.1 min on .*workspace, from the model of this workspace/);
    assert.match(
      logged(/^Training on/),
      /^Training on \d+ files? \([\d,]+ (?:thousand )?characters\), measuring on held-out text of \d+ files?/,
    );
    const end = logged(/^Training ended/);
    assert.ok(end.startsWith("Training ended after 0.") && end.includes(`(${outcome})`) && end.endsWith(message), end);
  });
});
