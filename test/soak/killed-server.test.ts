import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Random } from "../../src/random.ts";
import { Server } from "../server/support.ts";
import { tinyModelFile } from "../support/models.ts";
import { functionOf } from "./function-of.ts";

/** How often the server is killed: `npm run soak` does it a thousand times. */
const kills = Number(process.env["MURMUR_KILLS"] ?? 4);
/** Milliseconds in which a server is killed once it answers: it reads new files, saves what it learned, and begins to train. */
const longestLife = 1500;
/** One of so many servers is killed only when its training run has a checkpoint. */
const livesToCheckpoint = 4;

describe(`a server that is killed ${kills} times, at any moment`, function () {
  this.timeout(60_000 + kills * 20_000);

  it("starts each time, answers, goes on with its training run, and finds its model and what it learned undamaged", async () => {
    const random = new Random(5);
    const typed = "export function cost(items) {\n  let to";
    const stored = { "model.onnx": tinyModelFile({ hidden: 16 }).bytes };
    const settings = { training: { minutes: 10, resume: true } };
    let server = await Server.start({ stored, settings });
    const { folder } = server;
    const filesOf = (ending: string): string[] =>
      readdirSync(join(folder, "storage")).filter((name) => name.endsWith(ending));
    const hasCheckpointSince = (time: number): boolean =>
      filesOf(".checkpoint").some(
        (name) => (statSync(join(folder, "storage", name), { throwIfNoEntry: false })?.mtimeMs ?? 0) > time,
      );
    const isLogged = (pattern: RegExp): boolean => server.log.some((line) => pattern.test(line));
    try {
      for (let i = 0; i < kills; i++) {
        await server.write(`workspace/file${i % 40}.js`, functionOf(`price${i}`).repeat(40));
        await server.open("a.js", typed);
        const begun = Date.now();
        const training = server.train().catch(() => undefined);
        await server.complete("a.js", 1, 8);
        const hasCheckpoint = i % livesToCheckpoint === 0;
        if (hasCheckpoint) await server.until(() => hasCheckpointSince(begun), `a checkpoint, after ${i} kills`, 60);
        else await setTimeout(longestLife * random.next());
        const isSaved = isLogged(/^saved what was learned/);
        await server.kill();
        await training;
        for (const name of filesOf(".onnx")) decodeModelFile(await readFile(join(folder, "storage", name)), name);

        server = await Server.start({ folder, settings });
        await server.until(() => ["ready", "training"].includes(server.status.state), "the server to be ready");
        if (isSaved) {
          await server.until(() => isLogged(/^remembers \d+ KB of this workspace/), "what it learned to be loaded");
        }
        if (hasCheckpoint) {
          const goesOn = (): boolean => isLogged(/^Continuing the interrupted run at step [1-9]/);
          await server.until(goesOn, "the run to go on", 60);
        }
        assert.deepEqual(server.errors, []);
        assert.deepEqual(
          [...server.messages, ...server.log].filter((line) => /damaged|can.t be (read|loaded|used)/.test(line)),
          [],
        );
      }
      await server.open("a.js", typed);
      assert.match((await server.completeLine("a.js", 1, 8)) ?? "", /^tal = 0/);
    } finally {
      await server.dispose();
    }
  });
});
