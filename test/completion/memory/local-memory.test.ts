import assert from "node:assert/strict";
import fc from "fast-check";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import {
  decodeMemory,
  encodeMemory,
  type LocalMemory,
  type StoredBytes,
} from "../../../src/completion/memory/local-memory.ts";
import { bytesAt } from "../../../src/completion/memory/pieces.ts";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import type { LocalModelSizes } from "../../../src/completion/prediction/local/local-model.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { bytesOf } from "../../../src/completion/text.ts";
import { successionModel } from "../succession-model.ts";

const sizes: LocalModelSizes = { successors: 12, direct: 12, history: 12 };

function newMemory(of: LocalModelSizes = sizes): LocalMemory {
  const mixture = new Mixture(of);
  return { mixture, reader: new TextReader(mixture) };
}

async function encoded(memory: LocalMemory): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeMemory(memory)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function stored(bytes: Uint8Array): StoredBytes {
  return { size: bytes.length, read: async (from, length) => bytes.subarray(from, from + length) };
}

describe("The file of what was learned of a workspace", () => {
  it("gives back what was learned, whatever was read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary", maxLength: 400 }), { maxLength: 5 }), async (texts) => {
        const memory = newMemory();
        for (const text of texts) await memory.reader.read(text);
        const copy = newMemory();
        await decodeMemory(copy, stored(await encoded(memory)), "memory.bin");
        assert.deepEqual(copy.mixture.snapshot(), memory.mixture.snapshot());
        assert.deepEqual(copy.reader.known, memory.reader.known);
        for (const text of texts) assert.equal(await copy.reader.read(text), false);
      }),
      { numRuns: 25 },
    );
  });

  it("is refused if a byte of it is wrong or missing, and then changes nothing", async () => {
    const memory = newMemory();
    await memory.reader.read("function zorble() {}\n".repeat(40));
    const bytes = await encoded(memory);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.boolean(), async (at, isCut) => {
        const damaged = isCut ? bytes.slice(0, at) : bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
        const copy = newMemory();
        await assert.rejects(
          decodeMemory(copy, stored(damaged), "memory.bin"),
          /memory\.bin.* is damaged or comes from another version/,
        );
        assert.deepEqual(copy.mixture.snapshot(), newMemory().mixture.snapshot());
      }),
      { numRuns: 40 },
    );
  });

  it("is loaded before anything is learned: what is typed meanwhile is learned after it, and damages nothing", async () => {
    const model = await successionModel(["abcdef\n"]);
    const memory = newMemory();
    const old = "const zorble = 1;\n".repeat(20);
    await memory.reader.read(old, { name: "/old.js" });
    const bytes = stored(await encoded(memory));
    const copy = newMemory();
    const engine = new CompletionEngine(model, copy);
    copy.reader.yieldTo(decodeMemory(copy, bytes, "memory.bin"));
    const updates: Promise<void>[] = [];
    const typed = "call(quux);\n";
    for (let length = 0; length <= typed.length; length++) {
      updates.push(engine.update("file:///new.js", typed.slice(0, length)));
      await new Promise(setImmediate);
    }
    await Promise.all(updates);
    await engine.settle("file:///new.js");
    const texts = copy.reader.known.map(([name, { pieces }]) => [name, bytesAt(copy.mixture.local.history, pieces)]);
    assert.deepEqual(texts, [
      ["/old.js", bytesOf(old)],
      ["/new.js", bytesOf(typed)],
    ]);
    assert.equal(await copy.reader.read(old, { name: "/old.js" }), false);
    await model.release();
  });

  it("records what was typed and not saved, so that its reader can take it back", async () => {
    const model = await successionModel(["abcdef\n"]);
    const memory = newMemory({ ...sizes, successors: 16 });
    const engine = new CompletionEngine(model, memory);
    await engine.update("file:///a.js", "saved\n");
    for (let length = 0; length <= 8; length++)
      await engine.update("file:///a.js", `saved\n${"zorble;\n".slice(0, length)}`);
    const copy = newMemory({ ...sizes, successors: 16 });
    await decodeMemory(copy, stored(await encoded(memory)), "memory.bin");
    await copy.reader.read("", { name: "/a.js" });
    const [buckets] = copy.mixture.local.contents as [Uint8Array];
    assert.ok(buckets.every((byte, at) => at % 8 < 2 || byte === 0));
    await model.release();
  });

  it("need not be written to its end", async () => {
    const memory = newMemory({ successors: 18, direct: 18, history: 18 });
    let count = 0;
    for await (const _ of encodeMemory(memory)) if (++count === 2) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(count, 2);
  });

  it("is refused by tables of another size", async () => {
    const bytes = stored(await encoded(newMemory()));
    await assert.rejects(decodeMemory(newMemory({ ...sizes, direct: 13 }), bytes, "memory.bin"), /another version/);
  });
});

describe("A reader of texts", () => {
  it("reads no text twice, and treats a file and its document in the editor as the same text", async () => {
    const { reader } = newMemory();
    assert.equal(await reader.read("a\r\nb\r\n"), true);
    assert.equal(await reader.read("a\nb\n"), false);
    assert.deepEqual(await Promise.all([reader.read("c"), reader.read("c")]), [true, false]);
  });

  it("reads a text again if it was cancelled halfway, or if the history no longer holds it", async () => {
    const { reader, mixture } = newMemory();
    const text = "let zorble;\n".repeat(100);
    await assert.rejects(reader.read(text, { signal: AbortSignal.abort() }));
    assert.equal(await reader.read(text), true);
    assert.equal(await reader.read("x".repeat(mixture.local.history.bytes.length)), true);
    assert.equal(await reader.read(text), true);
  });

  it("pauses while other work goes first", async () => {
    const { reader } = newMemory();
    const order: string[] = [];
    const work = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => void order.push("work"));
    reader.yieldTo(work);
    reader.yieldTo(Promise.reject(new Error("fails")));
    await reader.read("text").then(() => order.push("text"));
    assert.deepEqual(order, ["work", "text"]);
  });
});
