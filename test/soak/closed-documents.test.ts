import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { Server } from "../server/support.ts";
import { functionOf } from "./function-of.ts";
import { asExtensionStarts, residentMegabytes } from "./server-process.ts";

const documents = 200;
const characters = 200_000;
/** Megabytes that the server may have more than before; the open documents take more than twice as much. */
const mostKept = 40;
const secondsToGiveBack = 60;
/** Milliseconds in which one of them is read. */
const untilRead = 3_000;

describe(`${documents} documents of ${characters} characters`, function () {
  this.timeout(180_000);

  const starts = { "that the extension starts": asExtensionStarts, "that another client starts": {} };
  for (const [which, options] of Object.entries(starts)) {
    it(`give their memory back soon after they are closed, in a server ${which}`, async () => {
      const server = await Server.start(options);
      try {
        await server.until(() => server.status.state === "ready", "the server to be ready");
        const memory = (): Promise<number> => residentMegabytes(server.process.pid);
        const textOf = (name: string): string =>
          Array.from({ length: 2000 }, (_, i) => functionOf(`cost${name}of${i}`))
            .join("")
            .slice(0, characters);
        // One that is learned, so that what is kept of any text is in memory before.
        await server.open("before.js", textOf("before"));
        await server.completeFully("before.js", 1, 2);
        await setTimeout(untilRead);
        const before = await memory();
        const names = Array.from({ length: documents }, (_, i) => `file${i}.js`);
        for (const name of names) {
          const textDocument = { uri: server.uri(name), languageId: "javascript", version: 1, text: textOf(name) };
          await server.connection.sendNotification("textDocument/didOpen", { textDocument });
        }
        await server.complete(names.at(-1) ?? "", 0, 0);
        const open = await memory();
        assert.ok(open > before + 2 * mostKept, `${before} MB before, ${open} MB with all of them open`);
        for (const name of names) {
          await server.connection.sendNotification("textDocument/didClose", {
            textDocument: { uri: server.uri(name) },
          });
        }
        let closed = open;
        for (let i = 0; i < secondsToGiveBack && closed > before + mostKept; i++) {
          await setTimeout(1000);
          closed = await memory();
        }
        assert.ok(
          closed <= before + mostKept,
          `${before} MB before, ${open} MB open, ${closed} MB after they were closed`,
        );
      } finally {
        await server.dispose();
      }
    });
  }
});
