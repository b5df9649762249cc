import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { CancellationTokenSource } from "vscode-languageserver/node";
import type { TrainResult } from "../../src/server/training-protocol.ts";
import { inventedProject } from "../support/invented-project.ts";
import { tinyModelFile } from "../support/models.ts";
import { Server } from "./support.ts";

const files = inventedProject(12);
const model = tinyModelFile({ hidden: 48 }).bytes;

describe("training on the workspace", function () {
  this.timeout(60_000);
  let server: Server;
  afterEach(() => server.dispose());

  const stored = async (): Promise<Uint8Array> =>
    new Uint8Array(await readFile(join(server.folder, "storage/model.onnx")));

  it("installs a better model without a restart, says how much better it is, and a new server starts with it", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 0.4 } } });
    const result = await server.train();
    assert.equal(result.outcome, "installed");
    assert.match(result.message, /On files that it had not seen, it (now types|predicts) \d+ %/);
    // The workspace is read anew for the new model.
    await server.until(
      () => server.status.state === "ready" && server.status.memory?.startsWith("Knows") === true,
      "the files to be read",
    );
    const text = files["src/part3.js"]?.split("\n").slice(0, 8).join("\n") ?? "";
    await server.open("new.js", `${text}\nexp`);
    assert.match(String(await server.completeFully("new.js", 8, 3)), /^ort function/);
    const { status } = server;
    await server.stop();
    const next = await Server.start({ folder: server.folder });
    assert.ok(status.state === "ready" && next.status.state === "ready");
    assert.match(status.model, /^Model of this workspace, trained .*: it types \d+ % of the characters/);
    assert.equal(next.status.model, status.model);
    await next.dispose();
  });

  it("reports the percentage, characters per second, the improvement so far and the time left", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 0.1 } }, stored: { "model.onnx": model } });
    await server.train();
    const percents = server.progress.flatMap(({ percentage }) => (percentage === undefined ? [] : [percentage]));
    assert.ok(percents.length > 3 && percents.every((percent, i) => i === 0 || percent >= percents[i - 1]!));
    assert.ok(
      server.progress.some(({ message }) =>
        /\d+ %, \d+ s left, (predicts \d+ % better so far|no better yet)\. Suggestions keep working/.test(
          message ?? "",
        ),
      ),
    );
    assert.ok(server.statuses.some((status) => status.state === "training"));
    assert.equal(server.status.state, "ready");
  });

  it("can be cancelled long before its end, and the last good model stays", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const source = new CancellationTokenSource();
    const running = server.connection.sendRequest<TrainResult>("murmur/train", { workDoneToken: 1 }, source.token);
    await server.until(
      () => server.progress.some(({ message }) => /Suggestions keep working/.test(message ?? "")),
      "progress",
    );
    source.cancel();
    const result = await running;
    assert.equal(result.outcome, "cancelled");
    assert.deepEqual(await stored(), new Uint8Array(model));
    assert.ok(!existsSync(join(server.folder, "storage/training.onnx")));
    assert.equal(server.status.state, "ready");
  });

  it("can be cancelled in the moment in which it is asked for", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    for (const delay of [0, 1, 5]) {
      const source = new CancellationTokenSource();
      const running = server.connection.sendRequest<TrainResult>("murmur/train", {}, source.token);
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      source.cancel();
      const outcome = await running.then(
        (result) => result.outcome,
        () => "cancelled",
      );
      assert.equal(outcome, "cancelled", `${delay} ms`);
    }
    assert.equal(server.status.state, "ready");
  });

  it("says in a sentence that its process has ended, and what to do, and has what that printed in the log", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    await server.until(() => server.progress.length > 1, "progress");
    const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid="]);
    const workers = stdout
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter(([, parent]) => parent === server.process.pid);
    assert.ok(workers.length > 0);
    for (const [pid] of workers) process.kill(pid!, "SIGABRT");
    const { outcome, message } = await running;
    assert.equal(outcome, "failed");
    assert.match(message, /^The training process ended unexpectedly \(SIGABRT\)\. Train again to go on\.$/);
  });

  it("can be stopped early, and keeps the best model so far", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    await server.until(
      () => server.progress.some(({ message }) => /^[1-9]\d* %|Suggestions keep working/.test(message ?? "")),
      "progress",
    );
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await server.connection.sendRequest("murmur/stopTraining");
    const result = await running;
    assert.equal(result.outcome, "installed");
    assert.notDeepEqual(await stored(), new Uint8Array(model));
  });

  it("refuses a second run requested at the same moment", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 0.05 } }, stored: { "model.onnx": model } });
    const results = await Promise.all([server.train(), server.train()]);
    assert.equal(results.filter(({ message }) => /already training/.test(message)).length, 1, JSON.stringify(results));
  });

  it("does not disturb another editor's server that trains on the same folder", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    await server.until(
      () => server.progress.some(({ message }) => /Suggestions keep working/.test(message ?? "")),
      "progress",
    );
    const other = await Server.start({ folder: server.folder });
    try {
      const result = await other.train();
      assert.equal(result.outcome, "failed");
      assert.match(result.message, /Another window trains on this workspace/);
    } finally {
      await other.stop();
    }
    assert.ok(readdirSync(join(server.folder, "storage")).some((name) => /^training\.onnx\..*\.lock$/.test(name)));
    await server.connection.sendRequest("murmur/stopTraining");
    assert.equal((await running).outcome, "installed");
  });

  it("refuses a second run during the first", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored: { "model.onnx": model } });
    const running = server.train();
    await server.until(() => server.progress.length > 1, "progress");
    assert.match((await server.train()).message, /already training/);
    await server.connection.sendRequest("murmur/stopTraining");
    await running;
  });

  it("names an empty folder, and keeps the model in use", async () => {
    server = await Server.start({ stored: { "model.onnx": model } });
    const result = await server.train();
    assert.equal(result.outcome, "failed");
    assert.match(result.message, /no text to learn from .*workspace: there is no file/);
    assert.deepEqual(await stored(), new Uint8Array(model));
  });

  it("says why nothing is left in a workspace of binaries", async () => {
    const binary = Uint8Array.from({ length: 4000 }, (_, i) => (i * 7) % 256);
    server = await Server.start({ files: { "a.bin": binary, "b.bin": binary }, stored: { "model.onnx": model } });
    assert.match((await server.train()).message, /every file was left out \(2 binary\)/);
  });

  it("leaves out a file with a single line of a megabyte", async () => {
    server = await Server.start({ files: { "data.js": "x = 1; ".repeat(140_000) }, stored: { "model.onnx": model } });
    assert.match((await server.train()).message, /every file was left out \(1 generated\)/);
  });

  it("leaves out files that .gitignore and the settings exclude", async () => {
    server = await Server.start({
      files: { ".gitignore": "ignored/\n", "ignored/a.js": "let a;\n".repeat(500), "out/b.js": "let b;\n".repeat(500) },
      settings: { training: { exclude: ["out/**", ".gitignore"] } },
      stored: { "model.onnx": model },
    });
    assert.match((await server.train()).message, /every file was left out \((\d (ignored|excluded)(, )?)+\)/);
  });

  it("says when the folder for the result can't be written, and keeps the model in use", async () => {
    server = await Server.start({ files, settings: { training: { minutes: 0.05 } } });
    await server.write("storage", "a file where the folder should be");
    const result = await server.train();
    assert.equal(result.outcome, "failed");
    assert.match(result.message, /storage.* can't be created/);
  });
});
