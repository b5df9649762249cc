import assert from "node:assert/strict";
import { Server } from "./support.ts";

const code = Array.from(
  { length: 8 },
  (_, i) => `export function frobnicate${i}(value) {\n  return value + ${i};\n}\n`,
).join("");
const secret = `${"zorblax"}4quuxify9wibble`;
const secretLine = `const password = "${secret}";\n`;
/** What would be completed to the secret, had it been learned. */
const beginning = 'const other = "zorb';

describe("private text", function () {
  this.timeout(60_000);
  let server: Server;
  afterEach(() => server.dispose());

  /** What is suggested at the end of a new document. On a busy machine the time may run out before there is anything, so it is asked again. */
  async function suggested(name: string, text: string): Promise<string> {
    await server.open(name, text);
    const lines = text.split("\n");
    for (let tries = 0; tries < 50; tries++) {
      const [item] = await server.trigger(name, lines.length - 1, lines.at(-1)!.length);
      if (item) return String(item.insertText);
    }
    throw new Error(`nothing is suggested in ${name}`);
  }

  /** Types a line three times, and asks for a suggestion after each key, as an editor does. */
  async function typeByKeys(name: string, text: string): Promise<void> {
    for (let line = 0; line < 3; line++) {
      for (const [i, character] of [...text].entries()) {
        await server.type(name, line, i, character);
        if (character !== "\n") await server.complete(name, line, i + 1);
      }
    }
  }

  async function untilRead(): Promise<void> {
    await server.until(() => server.log.some((line) => /^read \d+ files?/.test(line)), "the workspace to be read");
  }

  async function untilLeftOut(what: string): Promise<void> {
    await server.until(() => server.log.includes(`left out ${what}`), `what was left out to be said: ${server.log}`);
  }

  it("is not learned from a file, but counted", async () => {
    server = await Server.start({ files: { "a.js": `${code}${secretLine.repeat(3)}`, "prod.env": secretLine } });
    await untilRead();
    await untilLeftOut("1 secret, 3 lines with likely secrets");
    assert.doesNotMatch(await suggested("b.js", `${code}${beginning}`), /lax/);
  });

  it("is not learned from an open document, even while it is typed", async () => {
    server = await Server.start({ files: { "a.js": code, "b.js": "", "c.js": "" } });
    await untilRead();
    await server.open("a.js", `${code}${secretLine.repeat(3)}`);
    await server.open("b.js", "");
    await typeByKeys("b.js", secretLine);
    assert.doesNotMatch(await suggested("c.js", `${code}${beginning}`), /lax/);
  });

  it("includes a notebook's JSON, which is learned neither from its file nor from a document open as text", async () => {
    const source = ["zorblax = quuxify(wibble)\n", "zorblax.frobnicate()"];
    const metadata = { flibbertigibbet: "flibbertigibbet" };
    const cell = { cell_type: "code", metadata, source, outputs: [] };
    const notebook = JSON.stringify({ cells: [cell, cell, cell], nbformat: 4 }, null, 1);
    server = await Server.start({ files: { "a.ipynb": notebook, "broken.ipynb": notebook.slice(9) } });
    await untilRead();
    await untilLeftOut("1 broken notebook");
    await server.open("a.ipynb", notebook);
    assert.match(await suggested("b.py", "zorb"), /^lax/);
    assert.doesNotMatch(await suggested("c.json", '{\n "cells": [\n  {\n   "metadata": {\n    "flibb'), /^ertigibbet/);
  });

  it("does not include names that merely resemble a secret", async () => {
    server = await Server.start({ files: { "b.js": "", "c.js": "" } });
    await untilRead();
    await server.open("b.js", "");
    const line = secretLine.replace("password", "colour");
    await typeByKeys("b.js", line);
    assert.match(await suggested("c.js", `${code}${beginning}`), /lax/);
  });
});
