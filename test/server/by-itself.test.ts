import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { FormerModel, ResetResult, RestoreResult } from "../../src/server/models-protocol.ts";
import { inventedProject } from "../support/invented-project.ts";
import { tinyModelFile } from "../support/models.ts";
import { Server } from "./support.ts";

const files = inventedProject(12);
const model = tinyModelFile({ hidden: 48 }).bytes;
const stored = { "model.onnx": model };

describe("a run that was interrupted", function () {
  this.timeout(90_000);
  /** The folder of a server that was killed after the first checkpoint of its run. */
  let killed: string;
  let server: Server;

  const checkpointIn = (folder: string): string => join(folder, "storage/training.onnx.checkpoint");
  const logged = (pattern: RegExp): boolean => server.log.some((line) => pattern.test(line));
  /** Starts another server on what the killed one left. */
  const startAgain = async (training: object, changed: Readonly<Record<string, string>> = {}): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), "murmur-server-"));
    await cp(killed, folder, { recursive: true });
    server = await Server.start({ folder, settings: { training: { minutes: 10, ...training } }, files: changed });
  };

  before(async () => {
    server = await Server.start({ files, settings: { training: { minutes: 10 } }, stored });
    void server.train().catch(() => undefined);
    await server.until(() => existsSync(checkpointIn(server.folder)), "a checkpoint", 60);
    await server.kill();
    killed = server.folder;
  });
  after(() => rm(killed, { recursive: true }));
  afterEach(() => server.dispose());

  it("continues when training is asked for again", async () => {
    await startAgain({});
    const running = server.train();
    await server.until(() => logged(/^Continuing the interrupted run at step \d+\./), "the run to continue");
    await server.connection.sendRequest("murmur/stopTraining");
    assert.equal((await running).outcome, "installed");
    assert.ok(!existsSync(checkpointIn(server.folder)));
  });

  it("continues by itself if the setting says so, and its result can be undone", async () => {
    await startAgain({ resume: true });
    await server.until(() => logged(/^Continuing the interrupted run/), "the run to continue");
    await server.until(() => server.status.state === "training", "the run in the status");
    await server.connection.sendRequest("murmur/stopTraining");
    await server.until(() => server.messages.length > 0, "a message");
    assert.match(server.messages[0]!, /^Murmur has learned your workspace.*Restore Previous Model undoes this\.$/);
    const [former] = await server.connection.sendRequest<FormerModel[]>("murmur/formerModels");
    const { outcome } = await server.connection.sendRequest<RestoreResult>("murmur/restore", { id: former!.id });
    assert.equal(outcome, "restored");
    assert.deepEqual(await readFile(join(server.folder, "storage/model.onnx")), Buffer.from(model));
  });

  it("waits to be asked for otherwise, which the client can know; it can be discarded", async () => {
    const isInterrupted = (): Promise<boolean> => server.connection.sendRequest("murmur/interruptedTraining");
    await startAgain({ resume: true });
    assert.equal(await isInterrupted(), false);
    await server.dispose();
    await startAgain({});
    assert.equal(await isInterrupted(), true);
    assert.equal(server.status.state, "ready");
    await server.connection.sendRequest("murmur/cancelTraining");
    assert.equal(await isInterrupted(), false);
    assert.ok(!existsSync(checkpointIn(server.folder)));
  });

  it("begins anew if the workspace has changed, and says so in the log", async () => {
    await startAgain({}, { "src/part3.js": "export const changed = true;\n".repeat(40) });
    const running = server.train();
    await server.until(() => logged(/^Training on \d+ files/), "the run to begin");
    assert.ok(logged(/^The checkpoint of an interrupted run does not fit: .* belongs to a run on other files/));
    await server.connection.sendRequest("murmur/stopTraining");
    assert.match((await running).outcome, /^(installed|kept)$/);
  });

  it("leaves its checkpoint when the editor is closed", async () => {
    await startAgain({});
    void server.train().catch(() => undefined);
    await server.until(() => logged(/^Continuing the interrupted run/), "the run to continue");
    await server.stop();
    assert.ok(existsSync(checkpointIn(server.folder)));
  });
});

describe("training while nobody types", function () {
  this.timeout(90_000);
  let server: Server;
  afterEach(() => server.dispose());

  const trains = (): boolean => server.status.state === "training";
  const detail = (): string => (server.status.state === "training" ? server.status.detail : "");
  const whenIdle = { minutes: 0.1, whenIdle: true, idleMinutes: 0.05 };

  it("begins after some minutes without an edit, pauses while somebody types, and goes on", async () => {
    // Pauses are long beside the run, which would otherwise be further when it goes on.
    server = await Server.start({ files, stored, settings: { training: { ...whenIdle, minutes: 0.5 } } });
    const percent = (): number => (server.status.state === "training" ? server.status.percent : -1);
    const runs = (): boolean => /Suggestions keep working/.test(detail());
    await server.open("new.js", "let x = 1;\n");
    await server.until(() => runs() && percent() > 5, "training", 30);
    await server.type("new.js", 1, 0, "l");
    await server.until(() => detail() === "paused", "a pause");
    const before = percent();
    await setTimeout(2500);
    await server.type("new.js", 1, 1, "e");
    await setTimeout(2500);
    await server.type("new.js", 1, 2, "t");
    await server.until(runs, "training to go on", 30);
    assert.ok(
      percent() - before < 15,
      `${before} % before eight seconds of a run of thirty, ${percent()} % after them`,
    );
    await server.configure({ training: {} });
    await server.until(() => !trains(), "the end of the run");
  });

  it("gives way to a reset, even while it is paused, and can be stopped then", async () => {
    server = await Server.start({ files, stored, settings: { training: { ...whenIdle, minutes: 10 } } });
    const start = async (): Promise<void> => {
      await server.open("new.js", "let x = 1;\n");
      await server.until(() => /Suggestions keep working/.test(detail()), "training", 30);
      await server.type("new.js", 1, 0, "l");
      await server.until(() => detail() === "paused", "a pause");
    };
    await start();
    await server.connection.sendRequest("murmur/stopTraining");
    await server.until(() => !trains(), "the end of the run");
    assert.ok(server.log.some((line) => /^Training ended/.test(line)));
    const { outcome } = await server.connection.sendRequest<ResetResult>("murmur/reset");
    assert.equal(outcome, "reset");
    await server.type("new.js", 1, 1, "e");
    await server.until(() => /Suggestions keep working/.test(detail()), "training after the reset", 30);
    assert.equal((await server.connection.sendRequest<ResetResult>("murmur/reset")).outcome, "reset");
    assert.ok(!trains());
  });

  it("gives way to one run that is asked for, and not to two", async () => {
    server = await Server.start({ files, stored, settings: { training: { ...whenIdle, minutes: 0.5 } } });
    await server.open("new.js", "let x = 1;\n");
    await server.until(() => /Suggestions keep working/.test(detail()), "training", 30);
    const both = Promise.all([server.train(), server.train()]);
    const isAsked = (): boolean => server.status.state === "training" && server.status.isAsked;
    await server.until(() => isAsked() && /Suggestions keep working/.test(detail()), "the run that was asked for", 30);
    await server.connection.sendRequest("murmur/stopTraining");
    const [one, other] = await both;
    assert.match(one.outcome, /^(installed|kept)$/, one.message);
    assert.equal(other.message, "Murmur is already training. Stop the run first.");
  });

  it("trains again only after more than a tenth of the text has changed", async () => {
    server = await Server.start({ files, stored, settings: { training: whenIdle } });
    const runs = (): number => server.log.filter((line) => /^Training ended/.test(line)).length;
    const looks = (): number => server.log.filter((line) => /^Training if enough has changed/.test(line)).length;
    await server.until(() => runs() === 1, "a run", 60);
    const before = looks();
    await server.open("new.js", "let x = 1;\n");
    await server.type("new.js", 1, 0, "l");
    await server.until(() => looks() > before, "another look", 30);
    await server.until(() => !trains(), "its end");
    assert.equal(runs(), 1);
    for (const name of ["src/part1.js", "src/part2.js"]) {
      await server.write(
        `workspace/${name}`,
        String(files[name]).replace(/[a-z]{5,}/g, (word) => `${word}er`),
      );
    }
    await server.type("new.js", 1, 1, "e");
    await server.until(() => runs() === 2, "a second run", 60);
  });

  it("does not begin without the setting", async () => {
    server = await Server.start({ files, stored, settings: { training: { ...whenIdle, whenIdle: false } } });
    await setTimeout(5000);
    assert.ok(server.statuses.every(({ state }) => state === "ready"));
  });
});
