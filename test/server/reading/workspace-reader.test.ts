import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { bytesAt } from "../../../src/completion/memory/pieces.ts";
import { type ReadOptions, TextReader } from "../../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { noNetwork } from "../../../src/model/language-model.ts";
import { WorkspaceReader } from "../../../src/server/reading/workspace-reader.ts";
import { successionModel } from "../../completion/succession-model.ts";
import { Folder } from "../../support/folder.ts";

describe("a look at all files of a workspace", () => {
  const text = (name: string): string => `export const ${name} = ["${name}", "${name}"];\n`.repeat(20);

  async function look(folder: Folder | undefined, files: WorkspaceReader, open: readonly string[] = []) {
    const options = {
      folders: folder ? [folder.path] : [],
      exclude: [],
      only: undefined,
      open: () => open,
      signal: new AbortController().signal,
    };
    return await files.readAll(new CompletionEngine(noNetwork), options, () => undefined);
  }

  it("reads what has changed beside large files that are not text", async () => {
    await using folder = await Folder.with({ "a.js": text("first") });
    await writeFile(folder.join("picture.png"), Buffer.alloc(1_600_000, 0));
    const reader = new TextReader(new Mixture());
    const files = new WorkspaceReader(reader);
    assert.equal((await look(folder, files)).files, 1);
    await writeFile(folder.join("a.js"), text("another"));
    await writeFile(folder.join("b.js"), text("second"));
    const again = await look(folder, files);
    assert.equal(again.files, 2);
    assert.equal(again.total, text("another").length + text("second").length);
  });

  it("reads no notebook whose cells are learned as they are edited, until it is closed", async () => {
    const source = "bathymetry = sound(depths)\n".repeat(20);
    await using folder = await Folder.with({
      "n.ipynb": JSON.stringify({ cells: [{ cell_type: "code", source }], metadata: {} }),
    });
    const path = folder.join("n.ipynb");
    const cell = `${pathToFileURL(path).href.replace("file://", "vscode-notebook-cell:")}#W0`;
    const mixture = new Mixture();
    const reader = new TextReader(mixture);
    const model = await successionModel(["abcdef\n"]);
    const engine = new CompletionEngine(model, { mixture, reader });
    await engine.update(cell, source);
    await engine.settle(cell);
    const files = new WorkspaceReader(reader);
    await look(folder, files, [path]);
    assert.deepEqual(reader.names, [cell]);
    // As after a session that ended while the notebook was open.
    files.reset();
    await look(folder, files);
    assert.deepEqual(reader.names, [path]);
    await model.release();
  });

  it("rehearses no file over the document that was opened, edited and saved since it was looked at", async () => {
    await using folder = await Folder.with({ "a.js": text("first"), "b.js": text("second") });
    const model = await successionModel(["abcdef\n"]);
    const mixture = new Mixture();
    const reader = new TextReader(mixture);
    const engine = new CompletionEngine(model, { mixture, reader });
    const saved = text("third");
    let edited: string | undefined;
    await using rehearsal = engine.rehearsal();
    const read = async (of: string, options: ReadOptions = {}): Promise<boolean> => {
      if (!edited) {
        edited = folder.join(options.name?.endsWith("a.js") ? "b.js" : "a.js");
        const uri = pathToFileURL(edited).href;
        await engine.update(uri, await readFile(edited, "utf8"));
        await engine.update(uri, saved);
        await writeFile(edited, saved);
        await engine.settle(uri);
      }
      return (await rehearsal?.read(of, options)) ?? false;
    };
    const rehearser = { rehearsal: () => ({ read, [Symbol.asyncDispose]: () => Promise.resolve() }) };
    const files = new WorkspaceReader(reader);
    const { signal } = new AbortController();
    const options = { folders: [folder.path], exclude: [], only: undefined, open: () => [], signal };
    await files.readAll(rehearser, options, () => undefined);
    assert.ok(edited);
    const bytes = bytesAt(mixture.local.history, reader.piecesOf(edited));
    assert.equal(Buffer.from(bytes ?? []).toString(), saved);
    await model.release();
  });

  it("forgets the files of a folder that is closed, and keeps single files outside of it", async () => {
    await using folder = await Folder.with({ "a.js": text("first") });
    const reader = new TextReader(new Mixture());
    const files = new WorkspaceReader(reader);
    await look(folder, files);
    await reader.read(text("second"), { name: "/elsewhere/b.js" });
    assert.equal((await look(undefined, files)).forgotten, 1);
    assert.deepEqual(reader.names, ["/elsewhere/b.js"]);
    assert.equal((await look(undefined, files)).forgotten, 0);
    assert.equal((await look(folder, files)).files, 1);
  });

  it("follows what is known even if there is too much text for new files", async () => {
    const large = (name: string): string => text(name).repeat(1000).slice(0, 900_000);
    await using folder = await Folder.with({ "a.js": large("first") });
    const reader = new TextReader(new Mixture());
    const files = new WorkspaceReader(reader);
    await look(folder, files);
    await writeFile(folder.join("a.js"), large("changed"));
    await writeFile(folder.join("b.js"), large("second"));
    const { files: read, total } = await look(folder, files);
    assert.deepEqual([read, total], [1, 900_000]);
    assert.deepEqual([reader.knows(folder.join("a.js")), reader.knows(folder.join("b.js"))], [true, false]);
  });

  it("opens no file while something more urgent is going on", async () => {
    await using folder = await Folder.with({ "a.js": text("former") });
    const reader = new TextReader(new Mixture());
    const urgent = setTimeout(100).then(() => writeFile(folder.join("a.js"), text("current")));
    reader.yieldTo(urgent);
    const files = new WorkspaceReader(reader);
    assert.equal((await look(folder, files)).length, text("current").length);
    const again = setTimeout(100).then(() => writeFile(folder.join("a.js"), text("last")));
    reader.yieldTo(again);
    const options = { folders: [folder.path], exclude: [], open: () => [], signal: new AbortController().signal };
    const followed = await files.follow([folder.join("a.js")], options);
    assert.equal(followed?.length, text("last").length);
  });
});
