import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { quantile } from "../../bench/support.ts";
import { Random } from "../../src/random.ts";
import { Server } from "../server/support.ts";
import { functionOf } from "./function-of.ts";
import { asExtensionStarts, residentMegabytes } from "./server-process.ts";

/** How long somebody types: `npm run soak` takes an hour. */
const minutes = Number(process.env["MURMUR_SOAK"] ?? 0.2);
/** Milliseconds between two keys: some 15 keys a second. */
const pace = 66;
const documents = 50;
/** Keys in one document, before another has its turn. */
const stretch = 60;
/** Megabytes that the server may have at the end, run from its sources, after training. */
const mostMemory = 400;
/** Megabytes a minute by which it may grow; a run of a few minutes is still filling its tables. */
const mostGrowth = 1;
const longRun = 10;

describe(`${minutes} minutes of typing at 15 keys a second over ${documents} documents, with training beside it`, function () {
  this.timeout(60_000 + minutes * 90_000);

  it("leave no request unanswered, and no memory taken for good", async () => {
    const names = Array.from({ length: documents }, (_, i) => `file${i}.js`);
    const texts = new Map(names.map((name, i) => [name, functionOf(`price${i}`).repeat(60)]));
    const server = await Server.start({
      ...asExtensionStarts,
      files: Object.fromEntries(texts),
      settings: { training: { minutes: Math.max(0.05, minutes / 4) } },
    });
    try {
      for (const [name, text] of texts) await server.open(name, text);
      const random = new Random(3);
      const requests: Promise<unknown>[] = [];
      const memory: number[] = [];
      /** From a request to its answer, in milliseconds. */
      const latencies: number[] = [];
      let [keys, shown, runs] = [0, 0, 0];
      let training: Promise<unknown> | undefined;
      const end = performance.now() + minutes * 60_000;
      while (performance.now() < end) {
        training ??= server.train().then(() => {
          runs++;
          training = undefined;
        });
        const name = names[random.below(documents)] ?? "";
        const line = (texts.get(name) ?? "").split("\n").length - 1;
        const typed = functionOf(`cost${random.below(1000)}`).slice(0, stretch);
        let [row, column] = [line, 0];
        for (const key of typed) {
          await server.type(name, row, column, key);
          [row, column] = key === "\n" ? [row + 1, 0] : [row, column + 1];
          const asked = performance.now();
          requests.push(
            server.complete(name, row, column).then((items) => {
              latencies.push(performance.now() - asked);
              if (items.length > 0) shown++;
            }),
          );
          keys++;
          await setTimeout(pace);
        }
        texts.set(name, `${texts.get(name)}${typed}`);
        memory.push(await residentMegabytes(server.process.pid));
      }
      await Promise.all(requests);
      if (training) await Promise.all([training, server.connection.sendRequest("murmur/stopTraining")]);
      for (const name of names) {
        await server.connection.sendNotification("textDocument/didClose", { textDocument: { uri: server.uri(name) } });
      }
      await setTimeout(1000);
      const closed = await residentMegabytes(server.process.pid);
      const third = memory.slice(Math.floor(memory.length / 3));
      const slope = ((third.at(-1) ?? 0) - (third[0] ?? 0)) / (minutes * (2 / 3));
      const answered = latencies.length;
      const within = (share: number): string => `${quantile(latencies, share).toFixed(1)} ms`;
      console.log(
        `      half of the answers within ${within(0.5)}, 95 % within ${within(0.95)}, 99 % within ${within(0.99)}`,
      );
      console.log(
        `      ${keys} keys, ${answered} answered, ${shown} with a suggestion, ${runs + 1} training runs; ${Math.max(...memory)} MB at most, ${closed} after all documents were closed; ${slope.toFixed(2)} MB a minute after the first third`,
      );
      assert.equal(answered, keys);
      assert.ok(shown > keys / 20, `${shown} of ${keys} answers had a suggestion`);
      assert.deepEqual(server.errors, []);
      assert.ok(closed <= mostMemory, `${closed} MB`);
      assert.ok(minutes < longRun || slope < mostGrowth, `${slope} MB a minute`);
    } finally {
      await server.dispose();
    }
  });
});
