import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { CompletionEngine } from "../../src/completion/engine.ts";
import { decodeMemory } from "../../src/completion/memory/local-memory.ts";
import { bytesAt } from "../../src/completion/memory/pieces.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import type { LanguageModel } from "../../src/model/language-model.ts";
import { WorkspaceMemory } from "../../src/server/reading/workspace-memory.ts";
import { successionModel } from "../completion/succession-model.ts";
import { Folder } from "../support/folder.ts";

const code = "const zorbleFrobnicator = 1;\n".repeat(20);
const other = "let b = 2;\n".repeat(20);

describe("the saved memory of a workspace", function () {
  this.timeout(30_000);
  let model: LanguageModel;
  before(async () => {
    model = await successionModel(["abcdef\n"]);
  });
  after(async () => await model.release());

  /** The memory in a file, and a promise of the end of its first reading of a workspace's files. */
  async function open(folder: Folder, exclude: readonly string[] = []) {
    const log: string[] = [];
    const write = (message: string): void => void log.push(message);
    const memory = await WorkspaceMemory.open({
      path: folder.join("memory.bin"),
      prepare: async () => undefined,
      log: { info: write, warn: write },
      onChange: () => undefined,
    });
    const engine = new CompletionEngine(model, memory);
    const read = async (left: readonly string[] = exclude): Promise<void> => {
      log.length = 0;
      await memory.stopReading();
      const options = { folders: [folder.join("src")], exclude: left, only: undefined, open: () => [] };
      memory.readWorkspace(engine, options);
      while (!log.some((line) => /^read \d+ files?/.test(line))) await setTimeout(10);
    };
    return { memory, engine, read };
  }

  /** The texts that a file of a memory has, by name. */
  async function savedTexts(folder: Folder): Promise<Map<string, string>> {
    const bytes = await readFile(folder.join("memory.bin"));
    const mixture = new Mixture();
    const reader = new TextReader(mixture);
    const stored = {
      size: bytes.length,
      read: async (from: number, length: number) => bytes.subarray(from, from + length),
    };
    await decodeMemory({ mixture, reader }, stored, "memory.bin");
    return new Map(
      reader.known.map(([name, { pieces }]) => [name, Buffer.from(bytesAt(mixture.local.history, pieces)!).toString()]),
    );
  }

  it("does not hold a file that was left out since", async () => {
    await using folder = await Folder.with({ "src/a.js": code, "src/b.js": other });
    const { memory, read } = await open(folder);
    await read();
    await memory.close();
    assert.deepEqual([...(await savedTexts(folder)).keys()].sort(), [folder.join("src/a.js"), folder.join("src/b.js")]);
    const again = await open(folder);
    await again.read(["a.js"]);
    await again.memory.close();
    assert.deepEqual([...(await savedTexts(folder)).keys()], [folder.join("src/b.js")]);
  });

  it("does not hold an open document that was unlearned, however little was learned since it was saved", async () => {
    await using folder = await Folder.with({ "src/a.js": code, "src/b.js": other });
    const { memory, engine, read } = await open(folder);
    await read();
    const uri = pathToFileURL(folder.join("src/a.js")).href;
    await engine.update(uri, code);
    await engine.unlearn(uri);
    await memory.close();
    assert.deepEqual([...(await savedTexts(folder)).keys()], [folder.join("src/b.js")]);
  });

  it("is whole after something was typed while it was loaded, with that", async () => {
    await using folder = await Folder.with({ "src/a.js": code, "src/b.js": other });
    const first = await open(folder);
    await first.read();
    await first.memory.close();
    const { memory, engine, read } = await open(folder);
    const uri = pathToFileURL(folder.join("src/b.js")).href;
    const updates: Promise<void>[] = [];
    let text = "";
    for (const key of `${other}call(quux);\n`) {
      text += key;
      updates.push(engine.update(uri, text));
      await setTimeout(1);
    }
    await Promise.all(updates);
    await engine.settle(uri);
    await writeFile(folder.join("src/c.js"), "let c = 3;\n".repeat(300));
    await read();
    await memory.close();
    const texts = await savedTexts(folder);
    assert.equal(texts.get(folder.join("src/a.js")), code);
    assert.equal(texts.get(folder.join("src/b.js")), text);
  });
});
