import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { bytesAt } from "../../../src/completion/memory/pieces.ts";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { hashOf } from "../../../src/completion/memory/text-records.ts";
import { markOf, Place } from "../../../src/completion/prediction/local/place.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { seedOf } from "../../../src/completion/random.ts";
import { bytesOf } from "../../../src/completion/text.ts";
import { fittedMemory } from "../fitted-memory.ts";
import { successionModel } from "../succession-model.ts";

/** The cost of each byte of a text with a name in bits, by what is known now. Nothing is learned. */
function cost(mixture: Mixture, text: string, name = "/other.js"): number {
  const place = new Place(markOf(name));
  const bytes = bytesOf(text);
  let bits = 0;
  for (const byte of bytes) {
    bits -= Math.log2(mixture.distribution(place, undefined)[byte]!);
    mixture.local.advance(place, byte);
  }
  return bits / bytes.length;
}

/** The bytes of what was counted of texts by themselves: how much is known of them. */
function ownCounts(mixture: Mixture): number {
  return mixture.local.contents[2]?.filter((byte) => byte !== 0).length ?? 0;
}

function source(name: string, count = 20): string {
  const one = (i: number) => `export function ${name}${i}(request) {\n  return ${name}Store.get(request, ${i});\n}\n`;
  return Array.from({ length: count }, (_, i) => one(i)).join("\n");
}

describe("A reader of texts that change", () => {
  it("ends at once what is aborted while it waits for other work on the same text, and still does one thing at a time", async () => {
    const { reader, mixture } = await fittedMemory();
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const opened = reader.readOpened(
      "/a.js",
      async () => {
        await gate;
        return bytesOf(source("opened"));
      },
      new AbortController().signal,
    );
    const aborted = new AbortController();
    const waiting = [
      reader.read(source("file"), { name: "/a.js", signal: aborted.signal }),
      reader.forget("/a.js", aborted.signal),
    ].map((work) => work.then(() => "done").catch(() => "aborted"));
    const last = reader.read(source("last"), { name: "/a.js" });
    aborted.abort();
    assert.deepEqual(await Promise.all(waiting), ["aborted", "aborted"]);
    assert.deepEqual(reader.names, []);
    let isIdle = false;
    const idle = reader.idle().then(() => {
      isIdle = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(!isIdle, "the document and the last file are still to be read");
    goOn();
    assert.equal(await last, true);
    await Promise.all([opened, idle]);
    const pieces = reader.piecesOf("/a.js");
    assert.equal(Buffer.from(bytesAt(mixture.local.history, pieces)!).toString(), source("last"));
  });

  it("forgets a text: what only it contained is about as unlikely as before, and what others contain is as likely", async () => {
    const { reader, mixture } = await fittedMemory();
    await reader.read(source("kept"), { name: "/kept.js" });
    const costs = () => [
      cost(mixture, source("kept", 4), "/kept.js"),
      cost(mixture, source("zorble", 4), "/gone.js"),
      ownCounts(mixture),
    ];
    const [kept = 0, gone = 0, own = 0] = costs();
    await reader.read(source("zorble"), { name: "/gone.js" });
    assert.ok(cost(mixture, source("zorble", 4), "/gone.js") < gone / 3);
    await reader.forget("/gone.js");
    const [keptNow = 0, forgotten = 0, ownNow = 0] = costs();
    // Of the estimates after two bytes and fewer, it is not known which part came from which text.
    assert.ok(forgotten > gone / 1.4, `${forgotten} bits per byte, ${gone} before it was read`);
    assert.ok(keptNow < 1.1 * kept + 0.02);
    // The table is hashed: a few of the others were replaced.
    assert.ok(ownNow <= own, `${own} → ${ownNow} bytes of counts`);
    assert.deepEqual(
      reader.known.map(([name]) => name),
      ["/kept.js"],
    );
  });

  it("counts all of a copy by itself, although its document is closed meanwhile", async () => {
    const counted = async (isClosed: boolean): Promise<number> => {
      const { reader, mixture } = await fittedMemory();
      const text = source("copied", 200);
      await reader.read(text, { name: "/first.js" });
      const closed = new AbortController();
      const reading = reader.readOpened("/copy.js", async () => bytesOf(text), closed.signal);
      if (isClosed) setTimeout(() => closed.abort(), 2);
      await reading;
      assert.ok(reader.holds("/copy.js"));
      return ownCounts(mixture);
    };
    assert.equal(await counted(true), await counted(false));
  });

  it("forgets a large part of a workspace at little cost: no estimate becomes certain by it", async function () {
    this.timeout(30_000);
    const { mixture, reader } = await fittedMemory({ successors: 22, direct: 22, history: 22 });
    const root = join(import.meta.dirname, "../../../src");
    /** Reads files of a folder, up to so many characters: as many when Murmur has more code. */
    const read = async (folder: string, limit = Number.POSITIVE_INFINITY): Promise<string[]> => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      let left = limit;
      const known: string[] = [];
      for (const path of paths.sort()) {
        const text = await readFile(path, "utf8");
        left -= text.length;
        if (left < 0) break;
        await reader.read(text, { name: path });
        known.push(path);
      }
      return known;
    };
    const certain = (): number =>
      mixture.local.contents[1]?.filter((slot) => slot >>> 20 === 0 || slot >>> 20 === 4095).length ?? 0;
    const measured = await readFile(join(root, "corpus/walk.ts"), "utf8");
    await read("completion");
    const before = cost(mixture, measured);
    const name = source("zorble", 4);
    const unread = cost(mixture, name);
    await reader.read(source("zorble"), { name: "/zorble.js" });
    for (const path of ["/zorble.js", ...(await read("server", 120_000))]) await reader.forget(path);
    const forgotten = cost(mixture, name);
    assert.ok(forgotten > unread / 1.3, `${unread} → ${forgotten} bits per byte of what was forgotten`);
    assert.equal(certain(), 0);
    const after = cost(mixture, measured);
    assert.ok(after < 1.1 * before, `${before} → ${after} bits per byte`);
  });

  it("does not trust the traces of a text more each time that the text is read and forgotten", async () => {
    const { reader, mixture } = await fittedMemory();
    const model = await successionModel(["ab"]);
    const rehearsedAndForgotten = async (text: string): Promise<number> => {
      await reader.rehearse(text, model, { name: "/gone.js" });
      await reader.forget("/gone.js");
      return cost(mixture, source("reconcileLedger", 4));
    };
    const once = await rehearsedAndForgotten(source("reconcileLedger"));
    await rehearsedAndForgotten(source("reconcileLedger"));
    const [again, edited] = [
      await rehearsedAndForgotten(source("reconcileLedger")),
      await rehearsedAndForgotten(`${source("reconcileLedger")}// edited\n`),
    ];
    await model.release();
    assert.ok(again > 0.95 * once, `${again} bits, ${once} the first time`);
    assert.ok(edited > 0.95 * once, `${edited} bits, ${once} the first time`);
  });

  it("leaves no estimate after three bytes or more of what only a forgotten text contained, however often it came", async () => {
    const { reader, mixture } = await fittedMemory();
    const text = source("zorble");
    /** How many estimates there are along the text after its last three bytes, and after the token so far. */
    const estimates = (): number => {
      const place = new Place();
      const inputs = new Float32Array(64);
      let count = 0;
      for (const byte of bytesOf(text)) {
        mixture.local.look(place);
        mixture.local.predict(1, 0, inputs);
        count += inputs.subarray(3, 5).filter((estimate) => estimate !== 0).length;
        mixture.local.advance(place, byte);
      }
      return count;
    };
    await reader.read(text, { name: "/gone.js" });
    assert.ok(estimates() > text.length);
    await reader.forget("/gone.js");
    assert.equal(estimates(), 0);
  });

  it("knows the language of a notebook's kernel, also of one that it has read before", async () => {
    const { reader } = await fittedMemory();
    const at = () => reader.textAt(reader.piecesOf("/a.ipynb")[0] ?? -1);
    await reader.read(source("a"), { name: "/a.ipynb", languageId: "R" });
    assert.deepEqual(at(), { name: "/a.ipynb", languageId: "R" });
    reader.known = reader.known.map(([name, { hash, pieces }]) => [name, { hash, pieces }]);
    assert.deepEqual(at(), { name: "/a.ipynb", languageId: undefined });
    await reader.read(source("a"), { name: "/a.ipynb", languageId: "R" });
    assert.deepEqual(at(), { name: "/a.ipynb", languageId: "R" });
    await reader.read(source("a"), { name: "/a.ipynb", languageId: "julia" });
    assert.deepEqual(at(), { name: "/a.ipynb", languageId: "julia" });
  });

  it("expects the new name once it was renamed in all texts, and no longer the old one", async () => {
    const { reader, mixture } = await fittedMemory();
    const text = (name: string, i: number) =>
      source("handler", 6).replaceAll("Store", name).replaceAll("handler", `h${i}`);
    for (let i = 0; i < 5; i++) await reader.read(text("FetchSession", i), { name: `/${i}.js` });
    for (let i = 0; i < 5; i++) await reader.read(text("ObtainSession", i), { name: `/${i}.js` });
    const place = new Place();
    for (const byte of bytesOf(`${text("ObtainSession", 9)}\n  return h3`)) mixture.local.advance(place, byte);
    const likely = mixture.distribution(place, undefined);
    assert.ok(likely["O".charCodeAt(0)]! > 0.5, `O has ${likely["O".charCodeAt(0)]}`);
    assert.ok(likely["F".charCodeAt(0)]! < 0.02, `F has ${likely["F".charCodeAt(0)]}`);
  });

  it("learns only the new lines of a text that has changed", async () => {
    const { reader, mixture } = await fittedMemory();
    const lines = source("zorble").split("\n");
    await reader.read(lines.join("\n"), { name: "/a.js" });
    const { length } = mixture.local.history;
    const changed = [...lines.slice(0, 10), "// one more line", ...lines.slice(10, 30), ...lines.slice(34)];
    assert.equal(await reader.read(changed.join("\n"), { name: "/a.js" }), true);
    assert.equal(mixture.local.history.length - length, "// one more line\n".length + 1, "and what separates it");
  });

  it("keeps a text that still has another name, and does not read a moved one again", async () => {
    const { reader, mixture } = await fittedMemory();
    await reader.read(source("zorble"), { name: "/a.js" });
    const { length } = mixture.local.history;
    assert.equal(await reader.read(source("zorble"), { name: "/moved.js" }), false);
    assert.equal(mixture.local.history.length, length);
    const known = cost(mixture, source("zorble", 4), "/moved.js");
    await reader.forget("/a.js");
    assert.ok(Math.abs(cost(mixture, source("zorble", 4), "/moved.js") - known) < 0.01);
    await reader.forget("/moved.js");
    assert.ok(cost(mixture, source("zorble", 4), "/moved.js") > 2 * known);
    for (const name of ["/a.js", "/moved.js"]) await reader.read(source("zorble"), { name });
    // Neither leaves the contents to the other.
    await Promise.all(["/a.js", "/moved.js"].map((name) => reader.forget(name)));
    assert.ok(cost(mixture, source("zorble", 4), "/moved.js") > 2 * known);
    assert.equal(ownCounts(mixture), 0);
  });

  it("keeps what a text says when a copy of it was edited and then forgotten", async () => {
    const { reader, mixture } = await fittedMemory();
    const text = source("zorble");
    for (const name of ["/a.js", "/copy.js"]) await reader.read(text, { name });
    const known = cost(mixture, source("zorble", 4), "/a.js");
    const place = new Place(markOf("/copy.js"));
    const from = mixture.local.history.length;
    for (const byte of bytesOf("let typed;\n")) mixture.local.learn(place, byte);
    await reader.settle("/copy.js", async () => bytesOf(`let typed;\n${text}`));
    mixture.local.history.erase(from, from + "let typed;\n".length);
    await reader.forget("/copy.js");
    assert.deepEqual(reader.names, ["/a.js"]);
    const now = cost(mixture, source("zorble", 4), "/a.js");
    assert.ok(now < 1.1 * known + 0.02, `${known} → ${now} bits per byte`);
  });

  it("reads a text that is being forgotten under another name, such as that of a document that was just closed", async () => {
    const { reader, mixture } = await fittedMemory();
    await reader.read(source("zorble"), { name: "untitled:1" });
    const known = cost(mixture, source("zorble", 4));
    await Promise.all([reader.forget("untitled:1"), reader.read(source("zorble"), { name: "/a.js" })]);
    assert.deepEqual(reader.names, ["/a.js"]);
    assert.ok(cost(mixture, source("zorble", 4)) < 1.2 * known);
    await Promise.all([
      reader.read(source("zorble"), { name: "/b.js" }),
      reader.read(source("zorble"), { name: "/c.js" }),
    ]);
    await reader.read(source("other"), { name: "/d.js" });
    await Promise.all([reader.read(source("zorble"), { name: "/d.js" }), reader.forget("/a.js")]);
    for (const name of ["/b.js", "/c.js"]) await reader.forget(name);
    assert.ok(cost(mixture, source("zorble", 4)) < 1.2 * known, "it is still known by its last name");
    await reader.forget("/d.js");
    assert.deepEqual(
      bytesAt(mixture.local.history, [1, mixture.local.history.length])?.filter((byte) => byte !== 0),
      new Uint8Array(0),
    );
  });

  it("reads the rest of a text whose reading was aborted halfway, and can forget the part that was read", async () => {
    const { reader, mixture } = await fittedMemory();
    const text = source("zorble", 100);
    const ending = new AbortController();
    const reading = reader.read(text, { name: "/a.js", signal: ending.signal });
    while (mixture.local.history.length < 1000) await new Promise(setImmediate);
    ending.abort();
    await assert.rejects(reading);
    const { length } = mixture.local.history;
    assert.ok(length < text.length / 2);
    assert.equal(await reader.read(text, { name: "/a.js" }), true);
    // The line in which it was aborted is read again as a whole.
    assert.ok(mixture.local.history.length < text.length + 100);
    assert.equal(await reader.read(text, { name: "/a.js" }), false);
  });

  it("settles what was typed without counting it again, so that it can be forgotten", async () => {
    const { reader, mixture } = await fittedMemory();
    const fresh = cost(mixture, source("zorble", 4));
    const { history } = mixture.local;
    const place = new Place(markOf("/a.js"));
    const from = history.length;
    for (const byte of bytesOf(source("zorble", 6))) mixture.local.learn(place, byte);
    const to = history.length;
    const typed = cost(mixture, source("zorble", 4));
    await reader.settle("/a.js", async () => bytesOf(source("zorble", 6)));
    // As the learner does that counted it.
    history.erase(from, to);
    assert.ok(Math.abs(cost(mixture, source("zorble", 4)) - typed) < 0.05);
    assert.equal(await reader.read(source("zorble", 6), { name: "/a.js" }), false);
    await reader.forget("/a.js");
    assert.ok(cost(mixture, source("zorble", 4)) > fresh / 2);
  });

  it("reads no file whose text is being written, neither as it is nor by rehearsing it", async () => {
    const { reader } = await fittedMemory();
    const model = await successionModel(["abcdef\n"]);
    await reader.settle("/a.js", async () => bytesOf("saved\n"));
    const hash = reader.known[0]![1].hash;
    let settled = 0;
    const settle = async () => void settled++;
    const writer = { name: "/a.js", isProvisional: true, hasTyped: () => false, settle };
    // It begins to be written while its file waits to be read.
    const reading = [reader.read("older\n", { name: "/a.js" }), reader.rehearse("older\n", model, { name: "/a.js" })];
    reader.add(writer);
    assert.deepEqual(await Promise.all(reading), [false, false]);
    assert.equal(reader.known[0]![1].hash, hash);
    await reader.settleAll();
    assert.equal(settled, 1);
    reader.remove(writer);
    await reader.settleAll();
    assert.equal(settled, 1);
    assert.equal(await reader.rehearse("older\n", model, { name: "/a.js" }), true);
    assert.notEqual(reader.known[0]![1].hash, hash);
    await model.release();
  });

  it("rehearses a text that it does not know, and reads the difference from one that it knows", async () => {
    const { reader, mixture } = await fittedMemory();
    const model = await successionModel(["abcdef\n"]);
    const text = source("zorble", 2);
    const parameters = (): string =>
      JSON.stringify(mixture.snapshot().parameters.map((array) => hashOf(bytesIn(array))));
    const before = parameters();
    assert.equal(await reader.rehearse(text, model, { name: "/a.js" }), true);
    const rehearsed = parameters();
    assert.notEqual(rehearsed, before);
    assert.equal(await reader.rehearse(text, model, { name: "/a.js" }), false);
    const { length } = mixture.local.history;
    assert.equal(await reader.rehearse(`${text}// one more line\n`, model, { name: "/a.js" }), true);
    assert.equal(mixture.local.history.length - length, "// one more line\n".length);
    assert.equal(parameters(), rehearsed);
    await reader.forget("/a.js");
    assert.deepEqual(reader.known, []);
    await model.release();
  });

  it("reads a text that has the length and the 32-bit hash of another one", async () => {
    const { reader } = await fittedMemory();
    const [one, other] = ["x009qi82j\n", "x008hxic9\n"] as const;
    assert.equal(seedOf(one), seedOf(other));
    assert.deepEqual([await reader.read(one), await reader.read(other)], [true, true]);
    assert.deepEqual([await reader.read(one), await reader.read(other)], [false, false]);
  });

  it("knows where each text is in the history, whatever was read, changed, settled and forgotten", async () => {
    const line = fc.constantFrom("a\n", "bb\n", "return x;\n", "é\n", "}\n", "end");
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join(""));
    const step = fc.record({
      name: fc.constantFrom("/1", "/2", "/3"),
      text,
      how: fc.constantFrom("read", "settle", "forget"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const mixture = new Mixture({ successors: 12, direct: 12, history: 14 });
        const reader = new TextReader(mixture);
        const now = new Map<string, string>();
        for (const { name, text, how } of steps) {
          if (how === "forget") {
            await reader.forget(name);
            now.delete(name);
          } else {
            if (how === "read") await reader.read(text, { name });
            else await reader.settle(name, async () => bytesOf(text));
            now.set(name, text);
          }
          const found = reader.known.map(([name, { pieces }]) => [
            name,
            textOf(bytesAt(mixture.local.history, pieces)!),
          ]);
          assert.deepEqual(found.sort(), [...now].sort());
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** The bytes of a typed array. */
function bytesIn(array: ArrayLike<number>): Uint8Array {
  const { buffer, byteOffset, byteLength } = array as Float32Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
