import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { TrainingRun, TrainingView } from "../../src/server/training-protocol.ts";
import { inventedProject } from "../support/invented-project.ts";
import { tinyModelFile } from "../support/models.ts";
import { Server } from "./support.ts";

const files = inventedProject(12);
const stored = { "model.onnx": tinyModelFile({ hidden: 48 }).bytes };

describe("what there is to see of training", function () {
  this.timeout(90_000);
  let server: Server;
  let views: TrainingView[];
  afterEach(() => server.dispose());

  const start = async (options: Parameters<typeof Server.start>[0]): Promise<void> => {
    server = await Server.start(options);
    views = [];
    server.connection.onNotification("murmur/training", (view: TrainingView) => {
      views.push(view);
    });
  };
  const watch = (isWatched: boolean): Promise<TrainingView> =>
    server.connection.sendRequest("murmur/watchTraining", { isWatched });
  const run = (): TrainingRun | undefined => views.at(-1)?.run;
  const seconds = (): number => run()?.progress?.seconds ?? 0;

  it("is sent as it changes, with samples from the first step to the last; a new server knows the run", async () => {
    await start({ files, stored, settings: { training: { minutes: 0.15 } } });
    assert.deepEqual(await watch(true), { past: [] });
    const begun = performance.now();
    const { outcome, message } = await server.train();
    await server.until(() => run()?.state === "ended", "the end of the run");
    const rate = views.length / ((performance.now() - begun) / 1000);
    assert.ok(views.length > 5 && rate < 4.5, `${views.length} notifications, ${rate} a second`);

    const { learned, evaluations, written, start: initial, result, text } = run()!;
    assert.deepEqual(result, { outcome, message });
    assert.equal(text?.files, 10);
    assert.ok(learned.length > 3 && evaluations.length > 2);
    assert.deepEqual([initial?.mixed, initial?.bitsPerChar], [evaluations[0]?.mixed, evaluations[0]?.bitsPerChar]);
    assert.equal(written[0]?.seconds, 0);
    assert.ok(written.length > 1 && written.at(-1)!.seconds >= learned.at(-1)!.seconds);
    for (const { samples } of written)
      assert.deepEqual(
        samples.map(({ temperature }) => temperature),
        [0.2, 0.7, 1],
      );

    const { past } = views.at(-1)!;
    assert.equal(past.length, 1);
    assert.equal(past[0]?.outcome, outcome);
    assert.ok(past[0].before?.acceptedShare !== undefined && past[0].after?.mixed !== undefined);
    await server.stop();
    await start({ folder: server.folder });
    assert.deepEqual(await watch(true), { past });
    await server.connection.sendRequest("murmur/reset");
    assert.deepEqual(await watch(true), { past: [] });
  });

  it("is there for who comes later; a run pauses, goes on, and is discarded when that is asked for", async () => {
    await start({ files, stored, settings: { training: { minutes: 10 } } });
    const running = server.train();
    await server.until(
      () => server.progress.some(({ message }) => /Suggestions keep working/.test(message ?? "")),
      "progress",
    );
    await setTimeout(1500);
    assert.deepEqual(views, []);
    const { run: seen } = await watch(true);
    assert.equal(seen?.state, "training");
    assert.ok(seen.learned.length > 1);
    assert.deepEqual(seen.written, []);
    await server.until(() => (run()?.written.length ?? 0) > 0, "samples");
    await server.until(() => run()?.shipped !== undefined, "what the default model needs");
    assert.notEqual(run()?.shipped?.bitsPerChar, run()?.start?.bitsPerChar);

    await server.connection.sendRequest("murmur/pauseTraining", { isPaused: true });
    await server.until(() => run()?.isPaused === true, "a pause");
    assert.ok(server.status.state === "training" && server.status.detail === "paused");
    await setTimeout(1000);
    const before = seconds();
    await setTimeout(1500);
    assert.equal(seconds(), before);
    await server.connection.sendRequest("murmur/pauseTraining", { isPaused: false });
    await server.until(() => seconds() > before, "training to go on");
    assert.equal(run()?.isPaused, false);
    assert.ok(seconds() - before < 2, "a pause does not count as training");

    await watch(false);
    await setTimeout(500);
    const count = views.length;
    await setTimeout(1500);
    assert.equal(views.length, count);
    await server.connection.sendRequest("murmur/cancelTraining");
    assert.equal((await running).outcome, "cancelled");
    const { run: last, past } = await watch(true);
    assert.deepEqual([last?.state, last?.result?.outcome], ["ended", "cancelled"]);
    assert.deepEqual(
      past.map(({ outcome, after }) => [outcome, after]),
      [["cancelled", undefined]],
    );
  });

  it("ends without a new model if a run is discarded that has come to its end while it was paused", async () => {
    await start({ files, stored, settings: { training: { minutes: 0.05 } } });
    const running = server.train();
    // It is written before the last measurements.
    await server.until(() => existsSync(join(server.folder, "storage/training.onnx")), "the result");
    await server.connection.sendRequest("murmur/pauseTraining", { isPaused: true });
    await setTimeout(5000);
    await server.connection.sendRequest("murmur/cancelTraining");
    assert.equal((await running).outcome, "cancelled");
    assert.deepEqual(await readFile(join(server.folder, "storage/model.onnx")), Buffer.from(stored["model.onnx"]));
    assert.ok(!existsSync(join(server.folder, "storage/training.onnx")));
  });

  it("is nothing in a workspace that is not trusted, or where none of these runs was made", async () => {
    await start({ files, options: { isTrusted: false } });
    assert.deepEqual(await watch(true), { past: [] });
    for (const request of ["murmur/cancelTraining", "murmur/stopTraining"])
      await server.connection.sendRequest(request);
    await server.connection.sendRequest("murmur/pauseTraining", { isPaused: true });
    assert.deepEqual(await watch(true), { past: [] });
  });
});
